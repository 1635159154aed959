#include "decoders/http_message.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "core/utf8.h"
#include "decoders/ntlm.h"

namespace herkomst {

namespace {

// RFC 9110 section 9 and the WebDAV and UPnP methods that plant gateways use.
constexpr std::array<std::string_view, 22> methods = {
    "GET",   "HEAD", "POST", "PUT",  "DELETE", "CONNECT", "OPTIONS", "TRACE",     "PATCH",       "PROPFIND", "PROPPATCH",
    "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT",  "SEARCH",  "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY",   "M-POST"};

bool is_version(std::string_view text) { return text == "HTTP/1.1" || text == "HTTP/1.0"; }

bool digit(char c) { return c >= '0' && c <= '9'; }

// RFC 9110 section 5.6.2: token.
bool token_char(char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || static_cast<unsigned char>(c) >= 0x20; });
}

// RFC 9112 section 3: method SP request-target SP HTTP-version.
bool read_request_line(std::string_view line, HttpHead& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || last <= first + 1 || !is_version(line.substr(last + 1))) return false;
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, last - first - 1);
    return std::find(methods.begin(), methods.end(), head.method) != methods.end() && printable(head.target);
}

// RFC 9112 section 4: HTTP-version SP status-code SP [reason-phrase]; the last SP is missing from some embedded servers.
bool read_status_line(std::string_view line, HttpHead& head) {
    if (line.size() < 12 || !is_version(line.substr(0, 8)) || line[8] != ' ') return false;
    if (line.size() > 12 && line[12] != ' ') return false;
    if (!digit(line[9]) || !digit(line[10]) || !digit(line[11])) return false;
    head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    return head.status >= 100 && head.status <= 599 && printable(line);
}

bool read_start_line(std::string_view line, HttpHead& head) {
    if (starts_with_ignoring_case(line, "HTTP/")) {
        if (!read_status_line(line, head)) return false;
        head.kind = HttpHead::Kind::Response;
        return true;
    }
    if (!read_request_line(line, head)) return false;
    head.kind = HttpHead::Kind::Request;
    return true;
}

// RFC 9112 section 5: field-name ":" OWS field-value OWS.
bool is_field_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon), token_char);
}

// Calls `see(name, value slice)` for each field until it returns true.
template <class See>
void each_field(const Slice& fields, See see) {
    std::string_view rest = fields.text();
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::size_t next = end == std::string_view::npos ? rest.size() : end + 1;
        const std::string_view line = rest.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            const std::string_view value = trimmed(line.substr(colon + 1));
            const auto begin = static_cast<std::size_t>(value.data() - fields.text().data());
            if (value.empty()) {
                if (see(line.substr(0, colon), Slice{})) return;
            } else if (see(line.substr(0, colon), Slice{fields.bytes.subspan(begin, value.size()), fields.offset + begin})) {
                return;
            }
        }
        rest.remove_prefix(next);
    }
}

// The parameter realm="..." of a challenge, RFC 9110 section 11.5; the quotes are missing from some embedded servers.
Slice realm_of(const Slice& challenge) {
    const std::string_view text = challenge.text();
    const std::string folded = lower(text);
    std::size_t at = folded.find("realm=");
    if (at == std::string::npos || (at > 0 && token_char(folded[at - 1]))) return {};
    at += 6;
    std::size_t end = 0;
    if (at < text.size() && text[at] == '"') {
        ++at;
        end = text.find('"', at);
    } else {
        end = text.find_first_of(", ", at);
    }
    if (end == std::string_view::npos) end = text.size();
    return {challenge.bytes.subspan(at, end - at), challenge.offset + at};
}

// RFC 9110 section 7.2: Host = uri-host [":" port]. An address is not a name.
std::string_view host_name(std::string_view authority) {
    const std::size_t user = authority.rfind('@');
    if (user != std::string_view::npos) authority.remove_prefix(user + 1);
    if (!authority.empty() && authority.front() == '[') return {};
    authority = authority.substr(0, authority.find(':'));
    if (authority.empty() || IpAddress::parse(authority)) return {};
    const auto allowed = [](char c) { return token_char(c); };
    return std::all_of(authority.begin(), authority.end(), allowed) ? authority : std::string_view();
}

// RFC 9110 section 10.1.5 and 10.2.4: products in order of significance, each name["/"version], with comments. The first is who
// speaks, unless it is the "Mozilla/5.0" that every browser says.
void claim_program(const Slice& text, std::string_view what, std::string_view what_product, Claims& claims) {
    const std::string shown = without_mail(text.text());
    claims.stated(Field::software, shown, text, what);
    const std::string_view product = std::string_view(shown).substr(0, shown.find(' '));
    const std::size_t slash = product.find('/');
    const bool versioned = slash != std::string_view::npos && slash > 0 && slash + 1 < product.size();
    if (!versioned || product.size() == shown.size() || starts_with_ignoring_case(product, "Mozilla/")) return;
    if (!std::all_of(product.begin(), product.end(), [](char c) { return c == '/' || token_char(c); })) return;
    claims.stated(Field::software, product, text, what_product);
}

}  // namespace

Slice HttpHead::field(std::string_view name) const {
    Slice found;
    each_field(fields, [&](std::string_view field_name, const Slice& value) {
        if (!equal_ignoring_case(field_name, name)) return false;
        found = value;
        return true;
    });
    return found;
}

bool HttpHead::has_token(std::string_view name, std::string_view token) const {
    bool found = false;
    each_field(fields, [&](std::string_view field_name, const Slice& value) {
        if (!equal_ignoring_case(field_name, name)) return false;
        std::string_view rest = value.text();
        while (!found && !rest.empty()) {
            const std::size_t comma = rest.find(',');
            found = equal_ignoring_case(trimmed(rest.substr(0, comma)), token);
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        }
        return found;
    });
    return found;
}

bool looks_like_http(ByteCursor message) {
    const char first = static_cast<char>(message.peek());
    if (first < 'A' || first > 'Z') return false;
    HttpHead head;
    if (!read_start_line(message.line().text(), head)) return false;
    const std::string_view second = message.line().text();
    return message.ok() && (second.empty() || is_field_line(second));
}

HttpHead read_http_head(ByteCursor& message) {
    HttpHead head;
    const std::string_view ahead = message.text_ahead();
    const std::size_t line_end = ahead.find('\n');
    if (line_end == std::string_view::npos) {
        // Not even a start line: is it the beginning of one?
        const bool capital = !ahead.empty() && ahead.front() >= 'A' && ahead.front() <= 'Z';
        if (capital && ahead.size() < longest_http_head && printable(ahead.substr(0, ahead.find('\r')))) {
            head.kind = HttpHead::Kind::Incomplete;
        }
        return head;
    }
    if (!read_start_line(message.line().text(), head)) {
        head.kind = HttpHead::Kind::NotHttp;
        return head;
    }
    const ByteCursor first_field = message;
    for (std::size_t lines = 0; lines <= 100; ++lines) {
        const std::string_view rest = message.text_ahead();
        if (rest.find('\n') == std::string_view::npos) {
            head.kind = rest.size() < longest_http_head ? HttpHead::Kind::Incomplete : HttpHead::Kind::NotHttp;
            return head;
        }
        const ByteCursor before = message;
        const std::string_view line = message.line().text();
        if (line.empty()) {
            head.fields = before.since(first_field);
            return head;
        }
        const bool folded = lines > 0 && (line.front() == ' ' || line.front() == '\t');  // RFC 9112 section 5.2: obs-fold
        if (!folded && !is_field_line(line)) break;
    }
    head.kind = HttpHead::Kind::NotHttp;
    return head;
}

namespace {

// What stands between words: where one mail address ends and another text begins.
constexpr std::string_view between_words = " \t()<>[]{},;\"'";

}  // namespace

std::string without_mail(std::string_view text) {
    std::string kept;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find_first_of(between_words, at), text.size());
        const std::string_view word = text.substr(at, end - at);
        const std::size_t mark = word.find('@');
        const bool mail = mark != std::string_view::npos && mark > 0 && mark + 1 < word.size();
        if (!mail) kept.append(word);
        if (end < text.size()) kept.push_back(text[end]);
        at = end + 1;
    }
    return kept;
}

bool holds_mail(std::string_view raw) {
    if (raw.find('@') == std::string_view::npos) return false;
    constexpr std::size_t longest = 4096;
    std::string cut;
    if (raw.size() * 2 > longest) {
        cut = clean(raw, longest);
        raw = cut;
    }
    // Cleaning makes blanks of control characters. Which bytes above ASCII are such depends on whether all of it is UTF-8.
    enum class Text : std::uint8_t { NotAsked, Utf8, Latin1 };
    Text text = Text::NotAsked;
    const auto parts = [&](std::size_t i) {
        const auto byte = static_cast<unsigned char>(raw[i]);
        if (byte < 0x80) return byte < 0x20 || byte == 0x7f || between_words.find(raw[i]) != std::string_view::npos;
        if (text == Text::NotAsked) {
            std::size_t at = 0;
            for (std::size_t length = 1; length != 0 && at < raw.size(); at += length) length = utf8_length(raw, at);
            text = at < raw.size() ? Text::Latin1 : Text::Utf8;
        }
        if (text == Text::Latin1) return byte < 0xa0;
        const auto lead = [&](std::size_t at) { return static_cast<unsigned char>(raw[at]) == 0xc2; };
        return lead(i) ? static_cast<unsigned char>(raw[i + 1]) < 0xa0 : byte < 0xa0 && lead(i - 1);
    };
    // As without_mail reads it: of each word the first '@' counts, and it has something on both sides.
    for (std::size_t at = raw.find('@'); at != std::string_view::npos; at = raw.find('@', at)) {
        const bool begins = at == 0 || parts(at - 1);
        if (!begins && at + 1 < raw.size() && !parts(at + 1)) return true;
        while (at < raw.size() && !parts(at)) ++at;
    }
    return false;
}

bool passed_on(const HttpHead& head) {
    const auto has = [&](std::string_view name) { return !head.field(name).empty(); };
    return has("Via") || (head.kind == HttpHead::Kind::Request && (has("Forwarded") || has("X-Forwarded-For")));
}

void observe_http_head(const HttpHead& head, Claims& claims) {
    const bool of_another = passed_on(head);
    if (head.kind == HttpHead::Kind::Request) {
        const Slice agent = head.field("User-Agent");
        if (!agent.empty() && !of_another) claim_program(agent, "user-agent", "user-agent.product", claims);
        const Slice host = head.field("Host");
        claims.addressed_as(host_name(host.text()), host);
        if (head.method == "CONNECT") claims.addressed_as(host_name(head.target));
        return;
    }
    const Slice server = head.field("Server");
    // RFC 9110 section 15.5.8: what comes with 407 is the proxy's own.
    const bool own = !of_another || head.status == 407;
    if (!server.empty() && own) claim_program(server, "server", "server.product", claims);
    for (const std::string_view name : {std::string_view("WWW-Authenticate"), std::string_view("Proxy-Authenticate")}) {
        if (!own && name == "WWW-Authenticate") continue;
        each_field(head.fields, [&](std::string_view field_name, const Slice& value) {
            if (!equal_ignoring_case(field_name, name)) return false;
            claims.stated(Field::realm, realm_of(value), "realm");
            observe_ntlm_header(value, claims);
            return false;
        });
    }
}

}  // namespace herkomst
