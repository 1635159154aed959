// The front page of a web server: its Server header, realm, title and cookies are where most devices say what they are. One
// GET, and one more where the page only sends on to another of the same host.
//
//   GET / HTTP/1.1 ... Connection: close        some embedded servers stumble over HEAD, OPTIONS and long headers: so neither
#include <charconv>

#include "probes/probe.h"

namespace herkomst::probes {

namespace {

constexpr Hole holes[] = {hole::text("path", 128, hole::path_letters), hole::text("host", 64, hole::host_letters)};
constexpr Request requests[] = {
    {"page",
     {},
     "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     holes},
};

bool same_letters(std::string_view text, std::string_view lower_case) {
    if (text.size() != lower_case.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
        if (c != lower_case[i]) return false;
    }
    return true;
}

struct Head {
    bool complete = false;
    std::size_t size = 0;
    unsigned status = 0;
    std::string_view location;
    std::string_view length;
    bool chunked = false;
};

// RFC 9112 section 2.1: a status line, fields, an empty line.
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

// RFC 9112 section 6.3: how long the body is; where it is not said, until the connection ends.
Whole whole(ByteCursor stream, const Talk&) {
    const std::string_view text = stream.text_ahead();
    constexpr std::string_view start = "HTTP/";
    if (!start.starts_with(text.substr(0, start.size()))) return other_protocol();
    const Head head = head_of(text);
    if (!head.complete) return more();
    if (head.chunked) return text.ends_with("\r\n0\r\n\r\n") ? message(text.size()) : more();
    if (head.length.empty()) return more();
    std::size_t body = 0;
    const auto [stop, error] = std::from_chars(head.length.data(), head.length.data() + head.length.size(), body);
    if (error != std::errc{} || stop == head.length.data() || body > text.size() - head.size) return more();
    return message(head.size + body);
}

// "/login", or "http://this host/login": the path on the same host; empty where it leads elsewhere.
std::string_view path_here(std::string_view location, std::string_view host) {
    if (const std::size_t scheme = location.find("://"); scheme != std::string_view::npos) {
        if (!same_letters(location.substr(0, scheme), "http")) return {};
        location.remove_prefix(scheme + 3);
        if (!location.starts_with(host)) return {};
        location.remove_prefix(host.size());
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

Step next(Talk& talk) {
    if (talk.begins()) return ask(0).with("path", "/");
    Reading reading;
    const Head head = head_of(ByteCursor(talk.reply, reading).text_ahead());
    const std::string_view path =
        head.status >= 301 && head.status <= 308 ? path_here(head.location, talk.target->host) : std::string_view();
    if (path.empty() || talk.sent > 1) return end();
    // The connection is the server's to close, as it was asked to.
    talk.ended = true;
    return ask(0).with("path", path);
}

// ---- examples ----

constexpr Turn page_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 38\r\nContent-Type: text/html\r\n\r\n"
     "<html><title>Pump station 7</title>...",
     true},
};
constexpr std::string_view page_claims[] = {"server banner=Pump station 7", "server software=ExampleWeb/2.1",
                                            "server stack=http-response:Server,Content-Length,Content-Type"};
constexpr Turn redirect_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 302 Found\r\nServer: ExampleWeb/2.1\r\nLocation: http://192.0.2.20/login.html?next=1\r\nContent-Length: "
     "0\r\n\r\n"},
    {{},
     "GET /login.html HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 401 Unauthorized\r\nServer: ExampleWeb/2.1\r\nWWW-Authenticate: Basic realm=\"EX-100 Controller\"\r\n\r\n",
     true},
};
constexpr std::string_view redirect_claims[] = {"server realm=EX-100 Controller", "server software=ExampleWeb/2.1"};
constexpr Turn elsewhere_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "HTTP/1.1 302 Found\r\nServer: ExampleWeb/2.1\r\nLocation: https://198.51.100.1/\r\nContent-Length: 0\r\n\r\n"},
};
constexpr std::string_view elsewhere_claims[] = {"server software=ExampleWeb/2.1"};
constexpr Turn ssh_turns[] = {
    {{},
     "GET / HTTP/1.1\r\nHost: 192.0.2.20\r\nUser-Agent: herkomst\r\nAccept: */*\r\nConnection: close\r\n\r\n",
     {},
     "SSH-2.0-ExampleSSH_1.0\r\n"},
};
// Whatever it is, the passive decoders read it.
constexpr std::string_view ssh_claims[] = {"server banner=SSH-2.0-ExampleSSH_1.0", "server software=ExampleSSH_1.0"};

constexpr Transcript transcripts[] = {
    {"a front page", Origin::Server, "nginx 1.22.1, the header replaced", page_turns, page_claims},
    {"a page that sends on to another of the same host", Origin::Documented, "RFC 9110 section 15.4", redirect_turns,
     redirect_claims},
    {"a page that sends elsewhere is not followed", Origin::Documented, "RFC 9110 section 15.4", elsewhere_turns,
     elsewhere_claims},
    {"an SSH server on the port", Origin::Documented, "RFC 4253 section 4.2", ssh_turns, ssh_claims,
     ProbeOutcome::OtherProtocol},
};

constexpr std::uint16_t ports[] = {80, 8080};

}  // namespace

Probe http() {
    Probe probe;
    probe.name = "http";
    probe.title = "Front page of a web server";
    probe.spec = "RFC 9110; RFC 9112";
    probe.why_safe = "One plain GET of the page that every browser asks for first, and at most one more of the same host";
    probe.safety = Safety::AskIdentity;
    probe.transport = Transport::Tcp;
    probe.family = Family::It;
    probe.ports = ports;
    probe.requests = requests;
    probe.next = next;
    probe.whole = whole;
    probe.decoder = "http";
    probe.limits.requests = 2;
    probe.limits.connections = 2;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
