#include "probes/http_asks.h"

#include <charconv>

namespace herkomst::http_asks {

namespace {

bool same_letters(std::string_view text, std::string_view lower_case) {
    if (text.size() != lower_case.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
        if (c != lower_case[i]) return false;
    }
    return true;
}

// "/login", or "http://this host/login": the path on the same host and port; empty where it leads elsewhere.
std::string_view path_here(std::string_view location, const Target& target, std::string_view our_scheme) {
    if (const std::size_t scheme = location.find("://"); scheme != std::string_view::npos) {
        if (!same_letters(location.substr(0, scheme), our_scheme)) return {};
        location.remove_prefix(scheme + 3);
        if (!location.starts_with(target.host)) return {};
        location.remove_prefix(target.host.size());
        // RFC 3986 sections 3.2.3 and 6.2.3: no port, or an empty one, is the scheme's own.
        unsigned port = our_scheme == "https" ? 443 : 80;
        if (location.starts_with(':')) {
            location.remove_prefix(1);
            const auto [stop, error] = std::from_chars(location.data(), location.data() + location.size(), port);
            if (error == std::errc{}) location.remove_prefix(static_cast<std::size_t>(stop - location.data()));
        }
        if (port != target.port) return {};
    }
    const std::size_t query = location.find_first_of("?#");
    location = location.substr(0, query);
    if (!location.starts_with('/') || location.starts_with("//") || location == "/" || location.size() > 128) return {};
    // What the hole does not admit is not followed.
    for (const char c : location) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && std::string_view("._~/-").find(c) == std::string_view::npos) return {};
    }
    return location;
}

}  // namespace

Head head_of(std::string_view text) {
    Head head;
    const std::size_t end_of_head = text.find("\r\n\r\n");
    if (end_of_head == std::string_view::npos) return head;
    head.complete = true;
    head.size = end_of_head + 4;
    const std::size_t blank = text.find(' ');
    if (blank != std::string_view::npos && blank + 4 <= text.size())
        std::from_chars(text.data() + blank + 1, text.data() + blank + 4, head.status);
    std::size_t at = text.find("\r\n") + 2;
    while (at < end_of_head) {
        const std::size_t stop = text.find("\r\n", at);
        const std::string_view line = text.substr(at, stop - at);
        at = stop + 2;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        if (same_letters(line.substr(0, colon), "location")) head.location = value;
        if (same_letters(line.substr(0, colon), "content-length")) head.length = value;
        if (same_letters(line.substr(0, colon), "transfer-encoding")) head.chunked = same_letters(value, "chunked");
    }
    return head;
}

unsigned status_of(const Talk& talk) {
    Reading reading;
    return head_of(ByteCursor(talk.reply, reading).text_ahead()).status;
}

Whole whole(ByteCursor stream, const Talk& talk) {
    const std::string_view text = stream.text_ahead();
    constexpr std::string_view start = "HTTP/";
    if (!start.starts_with(text.substr(0, start.size()))) return other_protocol();
    const Head head = head_of(text);
    if (!head.complete) return more();
    if (head.chunked) return text.ends_with("\r\n0\r\n\r\n") || talk.ended ? message(text.size()) : more();
    if (head.length.empty()) return talk.ended ? message(text.size()) : more();
    std::size_t body = 0;
    const auto [stop, error] = std::from_chars(head.length.data(), head.length.data() + head.length.size(), body);
    const bool known = error == std::errc{} && stop != head.length.data();
    if (known && body <= text.size() - head.size) return message(head.size + body);
    // Section 8: one that was cut off is read as far as it goes.
    return talk.ended ? message(text.size()) : more();
}

Step front_page(Talk& talk, std::string_view scheme) {
    if (talk.begins()) return ask(0).with("path", "/");
    talk.answered = true;
    Reading reading;
    const Head head = head_of(ByteCursor(talk.reply, reading).text_ahead());
    std::string_view path;
    if (head.status >= 301 && head.status <= 308) path = path_here(head.location, *talk.target, scheme);
    if (path.empty() || talk.sent > 1) return end();
    // The connection is the server's to close, as it was asked to.
    talk.ended = true;
    return ask(0).with("path", path);
}

Step pages(Talk& talk, std::size_t requests) {
    if (talk.begins()) return ask(0);
    if (talk.request == 0 && status_of(talk) != 200) return end(ProbeOutcome::Declined);
    talk.answered = true;
    if (talk.request + 1 >= requests) return end();
    talk.ended = true;
    return ask(talk.request + 1);
}

Probe of_web() {
    Probe probe;
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::It;
    probe.whole = whole;
    probe.decoder = "http";
    probe.limits.requests = 1;
    return probe;
}

}  // namespace herkomst::http_asks
