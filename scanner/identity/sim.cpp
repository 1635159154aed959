#include "identity/sim.h"

#include <algorithm>

namespace herkomst {

namespace {

constexpr std::string_view country_of = "sim country ";

// The digits after a word, as far as they go.
std::string_view digits_after(std::string_view text, std::string_view word) {
    const std::size_t at = text.find(word);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + word.size());
    return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

}  // namespace

std::vector<std::string> sim_countries(std::string_view cellular, const VendorDb& db) {
    std::vector<std::string> out;
    std::string home;
    // E.212: three digits; "NL 2" in the registry: the operators of this country have codes of two digits.
    if (const std::string_view imsi = digits_after(cellular, "imsi "); imsi.size() >= 5) {
        if (const std::optional<Holder> country = db.id("e212:" + std::string(imsi.substr(0, 3)))) {
            home = country->name.substr(0, 2);
            std::string value = std::string(country_of) + home;
            if (country->name.ends_with(" 2"))
                value.append(", operator ").append(imsi.substr(0, 3)).append("-").append(imsi.substr(3, 2));
            out.push_back(std::move(value));
        }
    }
    // E.118: 89, then the country's code and the issuer's, of no fixed length together: the longest that is listed.
    if (std::string_view issuer = digits_after(cellular, "iccid issuer "); issuer.starts_with("89")) {
        issuer.remove_prefix(2);
        for (; !issuer.empty(); issuer.remove_suffix(1)) {
            const std::optional<Holder> country = db.id("e118:" + std::string(issuer));
            if (!country) continue;
            if (country->name != home) out.push_back(std::string(country_of) + std::string(country->name));
            break;
        }
    }
    return out;
}

std::string_view sim_country(std::string_view value) {
    if (!value.starts_with(country_of)) return {};
    const std::string_view country = value.substr(country_of.size(), 2);
    return country.size() == 2 ? country : std::string_view();
}

}  // namespace herkomst
