// Network log-ins (RADIUS, 802.1X) name accounts. Those of machines are kept, those of people are not; of these only the realm
// is.
#pragma once

#include <string_view>

#include "core/text.h"
#include "decoders/text_lines.h"

namespace herkomst {

struct LogIn {
    std::string_view machine;  // "pump7.plant.example", or "PUMP7"; empty for people
    std::string_view realm;
};

// "host/pump7.plant.example" and "PLANT\PUMP7$" are machines (MS-KILE section 3.1.1.2 and MS-PEAP); "somebody@realm" (RFC 7542)
// and "REALM\somebody" leave a realm.
inline LogIn read_log_in(std::string_view identity) {
    LogIn out;
    constexpr std::string_view host = "host/";
    if (identity.substr(0, host.size()) == host) {
        const std::string_view name = identity.substr(host.size());
        if (is_host_word(name)) out.machine = name;
        return out;
    }
    const std::size_t at = identity.rfind('@');
    const std::size_t slash = identity.find('\\');
    std::string_view account = identity;
    if (at != std::string_view::npos) {
        if (is_host_word(identity.substr(at + 1))) out.realm = identity.substr(at + 1);
        account = identity.substr(0, at);
    } else if (slash != std::string_view::npos) {
        if (is_host_word(identity.substr(0, slash))) out.realm = identity.substr(0, slash);
        account = identity.substr(slash + 1);
    }
    if (account.size() > 1 && account.back() == '$' && is_host_word(account.substr(0, account.size() - 1))) {
        out.machine = account.substr(0, account.size() - 1);
    }
    return out;
}

}  // namespace herkomst
