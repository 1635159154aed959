#include "identity/recog_text.h"

#include <algorithm>
#include <array>

#include "core/greeting.h"
#include "core/text.h"

namespace herkomst {

namespace {

struct Row {
    std::string_view method;  // how it starts
    std::string_view evidence;
    bool reply_code = false;  // ours may come with one, Recog's never does
};
constexpr std::array<Row, 22> product_rows = {{
    {"http.server", "http_header.server"},
    {"http.title", "html_title"},
    {"http.cookie", "http_header.cookie"},
    {"http.powered_by", "http_header.x-powered-by"},
    {"snmp.sys_descr", "snmp.sys_description"},
    {"dhcp.vendor_class", "dhcp_vendor_class"},
    {"ftp.", "ftp.banner", true},
    {"telnet.", "telnet_banners"},
    {"smtp.", "smtp.banner", true},
    {"pop3.", "pop3.banner", true},
    {"imap.", "imap4.banner", true},
    {"nntp.", "nntp.banner", true},
    {"sip.user_agent", "sip_header.user_agent"},
    {"sip.", "sip_header.server"},
    {"rtsp.", "rtsp_header.server"},
    {"ntp.", "ntp.readvar"},
    {"smb.native_os", "smb.native_os"},
    {"smb.native_lm", "smb.native_lm"},
    {"dns.version", "dns.versionbind"},
    {"mysql.", "mysql.banners"},
    {"ldap.", "ldap.search_result"},
    {"x11.", "x11.vendor"},
}};

// "CN=a, O=b\, c" at its unescaped ", ".
std::vector<std::string> attributes_of(std::string_view name) {
    std::vector<std::string> out(1);
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '\\' && i + 1 < name.size()) {
            out.back().append(name.substr(i++, 2));
        } else if (name.substr(i, 2) == ", ") {
            out.emplace_back();
            ++i;
        } else {
            out.back() += name[i];
        }
    }
    return out;
}

// Recog writes names with the most specific attribute first and without blanks; certificates hold them in either order.
void add_names(std::vector<RecogText>& out, std::string_view evidence, std::string_view name) {
    if (name.empty()) return;
    std::vector<std::string> parts = attributes_of(name);
    out.push_back({evidence, join(parts, ",")});
    std::reverse(parts.begin(), parts.end());
    if (parts.size() > 1) out.push_back({evidence, join(parts, ",")});
}

// "220 text", "+OK text", "* OK text" without what comes first.
std::string_view without_code(std::string_view text) {
    const bool code = text.size() > 4 && text[0] == '2' && text[1] >= '0' && text[1] <= '9' && text[2] >= '0' &&
                      text[2] <= '9' && (text[3] == ' ' || text[3] == '-');
    if (code) return text.substr(4);
    for (const std::string_view greeting : {"+OK ", "* OK "})
        if (text.starts_with(greeting)) return text.substr(greeting.size());
    return text;
}

}  // namespace

std::vector<RecogText> recog_texts(Field field, std::string_view method, std::string_view value) {
    std::vector<RecogText> out;
    if (field == Field::certificate && method == "tls.certificate") {
        const std::size_t between = value.find(" / ");
        add_names(out, "x509.subject", value.substr(0, between));
        if (between != std::string_view::npos) add_names(out, "x509.issuer", value.substr(between + 3));
        return out;
    }
    if (field == Field::realm && method.starts_with("http.")) {
        out.push_back({"http_header.wwwauth", "Basic realm=\"" + std::string(value) + "\""});
        return out;
    }
    if (constexpr std::string_view mark = "favicon-md5:"; method == "http.favicon" && value.starts_with(mark)) {
        out.push_back({"favicon.md5", std::string(value.substr(mark.size()))});
        return out;
    }
    if (field == Field::banner && method.starts_with("ssh.")) {
        // "SSH-2.0-software comment" (RFC 4253 section 4.2)
        const std::size_t dash = value.starts_with("SSH-") ? value.find('-', 4) : std::string_view::npos;
        if (dash != std::string_view::npos) out.push_back({"ssh.banner", std::string(value.substr(dash + 1))});
        return out;
    }
    const bool text = field == Field::banner || field == Field::software || field == Field::description || field == Field::os ||
                      field == Field::vendor_class;
    if (!text) return out;
    for (const Row& row : product_rows) {
        if (!method.starts_with(row.method)) continue;
        out.push_back({row.evidence, std::string(row.reply_code ? without_code(value) : value)});
        if (!method.ends_with(".greeting")) break;
        for (const std::string_view line : greeting_lines(value)) out.push_back({row.evidence, std::string(line)});
        break;
    }
    return out;
}

std::string certificate_attribute(std::string_view name, std::string_view attribute) {
    for (const std::string& part : attributes_of(name)) {
        if (part.size() <= attribute.size() || part[attribute.size()] != '=' || !part.starts_with(attribute)) continue;
        std::string out;
        for (std::size_t i = attribute.size() + 1; i < part.size(); ++i) {
            if (part[i] == '\\' && i + 1 < part.size()) ++i;
            out += part[i];
        }
        return out;
    }
    return {};
}

}  // namespace herkomst
