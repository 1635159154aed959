#include "probes/wire.h"

#include <netpacket/packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "probes/sockets.h"
#include "probes/synthesis.h"
#include "probes/template.h"
#include "probes/tls_session.h"

namespace herkomst {

namespace {

// GCC 12: no co_await within ?: or && (what it gives is destroyed twice), no braced lists in a coroutine's expressions.
namespace asio = boost::asio;
using asio::awaitable;
using Descriptor = asio::posix::stream_descriptor;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t at_a_stretch = 8;  // of things done, before everybody else has a turn

struct State {
    explicit State(const WireOptions& o, Campaign& c) : options(&o), campaign(&c), wake(context) {}

    // What is under way, where it is found when the run is left.
    struct Flight {
        Errand errand;
        Report report;
    };

    const WireOptions* options;
    Campaign* campaign;
    std::list<Flight> flights;
    asio::io_context context{1};
    asio::steady_timer wake;
    std::exception_ptr failure;
    bool abandoned = false;
    std::vector<std::uint8_t> room = std::vector<std::uint8_t>(65'536);  // what is read, until it is copied
    std::map<std::uint16_t, std::weak_ptr<int>> ports;                   // of ours that some exchange has

    [[nodiscard]] static Moment now() { return std::chrono::steady_clock::now(); }
    [[nodiscard]] Time at() const { return options->now(); }
    // Why that may not be sent any more, or not when it is so much later; empty: it may.
    [[nodiscard]] std::string closed(const Errand& errand, std::chrono::nanoseconds later = {}) const {
        const ClockReadings readings = ClockReadings::now();
        if (std::string why = options->now.disturbed(readings); !why.empty()) {
            campaign->stop(why);
            return why;
        }
        return campaign->still(errand, options->now.at(readings) + later);
    }
    [[nodiscard]] std::chrono::milliseconds answer_time(const Errand& errand) const {
        return Wire::answer_time(*errand.probe, campaign->schedule().behind_bus(errand.device));
    }
    // For all of an exchange, pauses included.
    [[nodiscard]] std::chrono::milliseconds whole_time(const Errand& errand) const {
        const Limits& limits = errand.probe->limits;
        const auto requests = static_cast<int>(limits.requests);
        return limits.whole + campaign->schedule().pause_of(errand.device, Schedule::Turn::Within) * (requests + 1) +
               campaign->schedule().pause_of(errand.device) * static_cast<int>(limits.connections - 1) +
               (answer_time(errand) - limits.answer) * requests;
    }
    // The run ends; what others have begun is finished.
    void fail(const std::exception_ptr& why) {
        if (failure == nullptr) failure = why;
        campaign->stop("the run broke off");
    }
    [[nodiscard]] Bound bound(const IpAddress& to, std::uint16_t port) const {
        return {to.version == 6 ? options->source6 : options->source4, options->interface, port};
    }
};

// A descriptor and the timer that ends a wait for it. The reactor hears of it when it has to be waited for: most closed ports
// of a near host are known before that.
struct Line {
    Line(State* s, int fd) : state(s), number(fd) {}
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() {
        if (!waits) ::close(number);
    }

    struct Waits {
        Waits(State* s, int fd) : descriptor(s->context, fd), timer(s->context) {}
        Descriptor descriptor;
        asio::steady_timer timer;
        std::uint64_t wait = 0;
    };
    State* state;
    int number;
    std::optional<Waits> waits;

    [[nodiscard]] int fd() const { return number; }
    [[nodiscard]] std::vector<std::uint8_t>& room() const { return state->room; }
};
using LinePtr = std::shared_ptr<Line>;

awaitable<void> until(State* s, Moment at) {
    if (at <= State::now()) co_return;
    asio::steady_timer timer(s->context, at);
    co_await timer.async_wait(as_result);
}

// True when it can be read or written; false when the moment has come. Who is held up hears of many things at once, and of the
// moment perhaps before the answer that lies there: so after false one looks once more.
awaitable<bool> ready(LinePtr line, Descriptor::wait_type what, Moment deadline) {
    if (!line->waits) line->waits.emplace(line->state, line->number);
    Line::Waits& waits = *line->waits;
    const std::uint64_t wait = ++waits.wait;
    waits.timer.expires_at(deadline);
    waits.timer.async_wait([line, wait](const boost::system::error_code& error) {
        if (!error && line->waits->wait == wait) line->waits->descriptor.cancel();
    });
    const auto [error] = co_await waits.descriptor.async_wait(what, as_result);
    ++waits.wait;
    waits.timer.cancel();
    co_return !error;
}

// The question, or its next connection, does not begin: the run was told to stop, or what was learnt meanwhile speaks against
// it.
struct Stopped {};

// A pause of the scope file may be long: who is told to stop does not wait for its end.
awaitable<void> until_or_stopped(State* s, Moment at) {
    constexpr std::chrono::milliseconds look_again{200};
    for (;;) {
        if (!s->campaign->stopped().empty()) throw Stopped{};
        const Moment now = State::now();
        if (at <= now) co_return;
        co_await until(s, std::min(at, now + look_again));
    }
}

// Its turn has come, and nothing has been sent yet. Empty, or why nothing may be sent by then: that is known before, and
// nothing is held open until then for nothing. `first`: nothing of the errand was sent before. `leaves`: throws Stopped.
awaitable<std::string> pace(State* s, const Errand* errand, unsigned packets, Schedule::Turn what, bool first = false,
                            bool leaves = false) {
    Schedule& schedule = s->campaign->schedule();
    const Moment turn = schedule.take(errand->device, packets, State::now(), what);
    std::string closed = s->closed(*errand, std::max(turn - State::now(), Moment::duration{}));
    if (!closed.empty()) co_return closed;
    if (leaves) {
        co_await until_or_stopped(s, turn);
    } else if (turn > State::now()) {
        co_await until(s, turn);
    }
    // We may wake up late, and others with us: what really starts now is what counts.
    for (;;) {
        const Moment now = State::now();
        const Moment start = schedule.start(errand->device, packets, now);
        if (start <= now) break;
        co_await until(s, start);
    }
    closed = s->closed(*errand);
    if (closed.empty() && first && !s->campaign->begins(*errand)) throw Stopped{};
    co_return closed;
}

// What was opened is closed, whatever the permission is by now.
awaitable<void> pace_farewell(State* s, const Errand* errand) {
    const Moment turn = s->campaign->schedule().take(errand->device, 1, State::now(), Schedule::Turn::Within);
    co_await until(s, turn);
}

// Nothing was sent, because of this machine and not of the device.
void not_sent(Report* report, int error) {
    report->outcome = ProbeOutcome::OutOfScope;
    report->unasked = true;
    report->reason = std::string("nothing could be sent: ") + std::strerror(error);
}

Said said(State* s, bool ours, unsigned connection, Bytes bytes) {
    Said out;
    out.ours = ours;
    out.at = s->at();
    out.connection = connection;
    out.bytes.assign(bytes.begin(), bytes.end());
    return out;
}

// Records of TLS, as they go over the wire.
void note_records(State* s, Report* report, bool ours, unsigned connection, Bytes records) {
    if (records.empty()) return;
    report->said.push_back(said(s, ours, connection, records));
    report->said.back().layer = Said::Layer::Tls;
}

// ---- streams ----

struct Got {
    enum class Kind : std::uint8_t { Bytes, Ended, Reset, Late };
    Kind kind = Kind::Late;
    std::vector<std::uint8_t> bytes;
};

awaitable<Got> get(LinePtr line, Moment deadline) {
    Got got;
    const std::span<std::uint8_t> room = std::span(line->room()).first(16'384);
    for (bool in_time = true;;) {
        const ssize_t size = ::recv(line->fd(), room.data(), room.size(), 0);
        if (size > 0) {
            got.kind = Got::Kind::Bytes;
            got.bytes.assign(room.begin(), room.begin() + size);
            co_return got;
        }
        if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
            got.kind = size == 0 ? Got::Kind::Ended : Got::Kind::Reset;
            co_return got;
        }
        if (!in_time || State::now() >= deadline) co_return got;
        in_time = co_await ready(line, Descriptor::wait_read, deadline);
    }
}

// False: it cannot be sent any more.
awaitable<bool> put(LinePtr line, std::vector<std::uint8_t> bytes, Moment deadline) {
    bool in_time = true;
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t size = ::send(line->fd(), bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (size > 0) {
            at += static_cast<std::size_t>(size);
        } else if (!in_time || (errno != EAGAIN && errno != EINTR)) {
            co_return false;
        } else {
            in_time = co_await ready(line, Descriptor::wait_write, deadline);
        }
    }
    co_return true;
}

// Null: the report says why. Who accepts only after we have given up is answered by the kernel, with a reset: TCP has no other
// word for a connection that nobody wants any more.
awaitable<LinePtr> connected(State* s, const Errand* errand, Report* report, bool first, bool leaves) {
    report->outcome = ProbeOutcome::OutOfScope;
    std::string why = co_await pace(s, errand, 3, Schedule::Turn::Begins, first, leaves);
    // Who is connected to must be asked, too: there has to be time for both.
    const auto asked_in = Wire::connecting + s->campaign->schedule().pause_of(errand->device, Schedule::Turn::Within);
    if (why.empty()) why = s->closed(*errand, asked_in);
    if (why.empty() && !first) why = s->campaign->goes_on(*errand, report->outcome);
    if (!why.empty()) {
        report->unasked = true;
        report->reason = std::move(why);
        co_return nullptr;
    }
    const Target& target = errand->target;
    std::string problem;
    const int fd = stream_socket(target.ip, s->bound(target.ip, 0), Wire::window, problem);
    if (fd < 0) throw std::runtime_error(problem);
    auto line = std::make_shared<Line>(s, fd);
    const SocketAddress to = socket_address(target.ip, target.port);
    int error = ::connect(fd, to.get(), to.size) == 0 ? 0 : errno;
    s->campaign->schedule().heard(errand->device, State::now());
    if (error != 0 && error != EINPROGRESS && error != ECONNREFUSED && error != ECONNRESET) {
        not_sent(report, error);
        if (target.ip.link_local() && s->options->interface.empty())
            report->reason = "nothing could be sent: an address of a link needs --interface";
        co_return nullptr;
    }
    report->begun = true;
    // Somebody near may have refused already.
    if (error == EINPROGRESS) {
        const int early = pending_error(fd);
        if (early != 0) error = early;
    }
    if (error == EINPROGRESS) {
        const bool came = co_await ready(line, Descriptor::wait_write, State::now() + Wire::connecting);
        error = came || writable(fd) ? pending_error(fd) : ETIMEDOUT;
    }
    if (error == 0) {
        local_end(fd, report->target.my_ip, report->target.my_port);
        report->accepted = true;
        co_return line;
    }
    report->outcome = error == ECONNREFUSED || error == ECONNRESET ? ProbeOutcome::Refused : ProbeOutcome::Silent;
    if (report->outcome == ProbeOutcome::Silent && error != ETIMEDOUT) report->reason = std::strerror(error);
    co_return nullptr;
}

// Our FIN, then everything that still comes, to the end: so that the kernel has no reason for a reset.
awaitable<void> hang_up(LinePtr line, Report* report) {
    ::shutdown(line->fd(), SHUT_WR);
    const Moment last = State::now() + Wire::closing_whole;
    std::size_t bytes = 0;
    while (bytes <= Wire::closing_bytes) {
        const Got got = co_await get(line, last);
        if (got.kind == Got::Kind::Ended || got.kind == Got::Kind::Reset) co_return;
        if (got.kind == Got::Kind::Late) break;
        bytes += got.bytes.size();
        report->drained += got.bytes.size();
    }
    report->unclosed = true;
    report->cut_off = bytes != 0;
    report->reason = "it did not close its side of the connection after ours";
    if (report->cut_off) report->reason += " and went on sending: the rest was refused with a reset";
}

// What a handshake has told of the server, also where nothing came of it.
void note_server(State* s, Report* report, const TlsSession& tls) {
    report->tls = tls.version();
    const std::vector<std::uint8_t> shown = tls.certificates();
    if (shown.empty()) return;
    report->said.push_back(said(s, false, 0, shown));
    report->said.back().layer = Said::Layer::Rebuilt;
}

// True when TLS stands; else the report says why not. Each of our messages is held against the permission, like any other.
awaitable<bool> secured(State* s, const Errand* errand, LinePtr line, TlsSession* tls, Report* report, Moment deadline) {
    const std::size_t most = errand->left.bytes;
    for (;;) {
        const TlsSession::State state = tls->handshake();
        std::vector<std::uint8_t> bytes_out = tls->to_send();
        std::string closed;
        if (!bytes_out.empty()) closed = s->closed(*errand);
        if (!closed.empty()) {
            note_server(s, report, *tls);
            report->outcome = ProbeOutcome::OutOfScope;
            report->reason = std::move(closed);
            co_return false;
        }
        note_records(s, report, true, 0, bytes_out);
        if (!co_await put(line, std::move(bytes_out), deadline)) break;
        if (state != TlsSession::State::Wants) {
            note_server(s, report, *tls);
            if (state == TlsSession::State::Done) co_return true;
            report->outcome = tls->refused() ? ProbeOutcome::Declined : ProbeOutcome::OtherProtocol;
            co_return false;
        }
        const Got got = co_await get(line, deadline);
        if (got.kind == Got::Kind::Bytes) {
            tls->received(got.bytes);
            note_records(s, report, false, 0, got.bytes);
            report->bytes += got.bytes.size();
            if (report->bytes <= std::min(Wire::tls_bytes, most)) continue;
            report->outcome = ProbeOutcome::BudgetSpent;
        } else {
            report->upset = got.kind == Got::Kind::Reset;
            report->outcome = got.kind == Got::Kind::Late
                                  ? (report->bytes == 0 ? ProbeOutcome::Silent : ProbeOutcome::BudgetSpent)
                                  : ProbeOutcome::Closed;
        }
        note_server(s, report, *tls);
        co_return false;
    }
    report->outcome = ProbeOutcome::Closed;
    co_return false;
}

bool certificate_shown(const Report& report) {
    for (const Said& each : report.said)
        if (each.layer == Said::Layer::Rebuilt) return true;
    return false;
}

awaitable<void> stream(State* s, const Errand* errand, Report* report) {
    const Probe& probe = *errand->probe;
    LinePtr line = co_await connected(s, errand, report, true, true);
    if (line == nullptr) co_return;
    const Moment whole = State::now() + s->whole_time(*errand);
    std::unique_ptr<TlsSession> tls;
    unsigned connection = probe.transport == Transport::Tls ? 1 : 0;
    if (probe.transport == Transport::Tls) {
        tls = std::make_unique<TlsSession>();
        const Moment shaken = State::now() + probe.limits.answer;
        const bool stands = co_await secured(s, errand, line, tls.get(), report, shaken);
        if (!stands || probe.requests.empty()) {
            // The certificate is all that is asked for: what the server thinks of ours does not matter.
            const bool seen = probe.requests.empty() && certificate_shown(*report);
            const bool permitted = report->outcome != ProbeOutcome::OutOfScope;
            if (seen || stands) report->outcome = seen ? ProbeOutcome::Answered : ProbeOutcome::Declined;
            if (seen) report->reason.clear();
            // An alert within a handshake that was not answered would make no sense to the server: its FIN says it all.
            std::vector<std::uint8_t> last;
            if (permitted) {
                tls->close();
                last = tls->to_send();
            }
            note_records(s, report, true, 0, last);
            co_await put(line, std::move(last), State::now() + Wire::closing);
            co_await hang_up(line, report);
            co_return;
        }
    }
    Exchange exchange(probe, report->target, errand->left);
    Todo todo = exchange.begin();
    Todo listening;
    listening.kind = Todo::Kind::Listen;
    bool open = true;
    bool turned_away = false;
    std::string closed;
    ProbeOutcome closed_as = ProbeOutcome::OutOfScope;
    Moment answer = State::now() + s->answer_time(*errand);
    std::size_t messages = 0;
    while (todo.kind != Todo::Kind::Close) {
        if (todo.kind == Todo::Kind::Send) {
            if (todo.new_connection) {
                co_await hang_up(line, report);
                s->campaign->schedule().heard(errand->device, State::now());
                Report second;
                second.target = report->target;
                // Only in the clear: a second handshake for one more page is not worth it. And one session at a time.
                LinePtr again;
                // What was begun is finished, unless that takes long.
                const bool leaves = s->campaign->schedule().pause_of(errand->device) > Schedule::session_pause_max;
                if (tls == nullptr && !report->unclosed) again = co_await connected(s, errand, &second, false, leaves);
                if (again == nullptr) {
                    open = false;
                    // It takes connections no more.
                    turned_away = second.begun && second.outcome == ProbeOutcome::Silent;
                    if (turned_away && report->reason.empty())
                        report->reason = "it had accepted a connection, and neither accepted nor refused the next";
                    if (second.unasked) closed = second.reason;
                    if (second.unasked) closed_as = second.outcome;
                    todo = exchange.ended(false);
                    continue;
                }
                line = again;
                ++connection;
            }
            if (todo.busy) s->campaign->schedule().busy(errand->device);
            closed = co_await pace(s, errand, 2, Schedule::Turn::Within);
            if (!closed.empty()) break;
            if (!declared(probe, todo.bytes)) throw std::logic_error("undeclared bytes");
            report->asked.emplace_back(probe.requests[todo.request].name);
            report->said.push_back(said(s, true, connection, todo.bytes));
            answer = State::now() + s->answer_time(*errand);
            std::vector<std::uint8_t> bytes = todo.bytes;
            if (tls != nullptr) {
                tls->write(bytes);
                bytes = tls->to_send();
                report->said.back().layer = Said::Layer::Inside;
                note_records(s, report, true, connection, bytes);
            }
            const bool sent = co_await put(line, std::move(bytes), answer);
            s->campaign->schedule().heard(errand->device, State::now());
            if (!sent) {
                todo = exchange.ended(true);
                continue;
            }
        }
        const bool may_pause = probe.limits.quiet.count() != 0;
        const Moment quiet = may_pause ? State::now() + probe.limits.quiet : Moment::max();
        Got got = co_await get(line, std::min(answer, std::min(whole, quiet)));
        if (got.kind == Got::Kind::Bytes) {
            if (tls != nullptr) {
                tls->received(got.bytes);
                report->bytes += got.bytes.size();
                note_records(s, report, false, connection, got.bytes);
                got.bytes = tls->read();
                // TLS's own messages cost bytes and bring none.
                if (report->bytes > std::min(Wire::tls_bytes + probe.limits.bytes, errand->left.bytes)) {
                    todo = exchange.whole_time_spent();
                    continue;
                }
                if (got.bytes.empty() && tls->ended()) {
                    todo = exchange.ended(false);
                    continue;
                }
                if (got.bytes.empty() && State::now() < std::min(answer, whole)) {
                    todo = listening;
                    continue;
                }
            }
            report->said.push_back(said(s, false, connection, got.bytes));
            if (tells_of_a_bus(probe, got.bytes)) s->campaign->schedule().bus(errand->device);
            if (tls != nullptr) report->said.back().layer = Said::Layer::Inside;
            todo = exchange.received(got.bytes);
            if (tls != nullptr && tls->ended() && todo.kind == Todo::Kind::Listen) todo = exchange.ended(false);
            if (exchange.messages() != messages) answer = State::now() + s->answer_time(*errand);
            messages = exchange.messages();
            s->campaign->schedule().heard(errand->device, State::now());
        } else if (got.kind != Got::Kind::Late) {
            open = got.kind != Got::Kind::Reset;
            todo = exchange.ended(got.kind == Got::Kind::Reset);
        } else if (State::now() >= whole) {
            todo = exchange.whole_time_spent();
        } else if (State::now() >= answer) {
            todo = exchange.timed_out();
        } else {
            todo = exchange.paused();
        }
    }
    if (!exchange.mistake().empty()) throw std::logic_error(std::string(probe.name) + ": " + exchange.mistake());
    if (open) {
        std::vector<std::uint8_t> farewell = exchange.goodbye();
        if (!farewell.empty() && declared(probe, farewell)) {
            co_await pace_farewell(s, errand);
            report->asked.emplace_back("goodbye");
            report->said.push_back(said(s, true, connection, farewell));
            if (tls != nullptr) {
                tls->write(farewell);
                farewell = tls->to_send();
                report->said.back().layer = Said::Layer::Inside;
                note_records(s, report, true, connection, farewell);
            }
            co_await put(line, std::move(farewell), State::now() + Wire::closing);
        }
        if (tls != nullptr) {
            tls->close();
            std::vector<std::uint8_t> last = tls->to_send();
            note_records(s, report, true, connection, last);
            co_await put(line, std::move(last), State::now() + Wire::closing);
        }
        co_await hang_up(line, report);
    }
    report->outcome = exchange.outcome();
    report->requests += exchange.requests();
    // Over TLS its records count, not what was in them.
    if (tls == nullptr) report->bytes += exchange.bytes_in();
    report->upset = exchange.upset() || turned_away;
    if (closed.empty()) co_return;
    report->outcome = closed_as;
    report->reason = std::move(closed);
}

// ---- datagrams, echoes, frames ----

// What the three have in common: a message goes out, messages come in.
struct Post {
    LinePtr line;
    SocketAddress to;                     // size 0: the socket is connected
    std::vector<std::uint8_t> from_ours;  // an address of ours, for sendmsg; empty: the socket's
    bool raw = false;                     // ICMP: an IP header stands before what is read
    bool refused = false;
    bool frames = false;
    std::shared_ptr<int> port;  // held while we have a port that only one program can have
};

// The port that answers go to: ours where nobody but us has it, else any.
std::uint16_t port_of_ours(State* s, const IpAddress& to, const Bound& how, Post& p) {
    std::weak_ptr<int>& held = s->ports[how.port];
    p.port = held.lock();
    if (p.port == nullptr && !port_free(to, how)) return 0;
    if (p.port == nullptr) held = p.port = std::make_shared<int>(how.port);
    return how.port;
}

bool post(Post& p, Bytes bytes) {
    if (bytes.empty()) return false;
    iovec content{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &content;
    message.msg_iovlen = 1;
    message.msg_name = p.to.size != 0 ? p.to.get() : nullptr;
    message.msg_namelen = p.to.size;
    message.msg_control = p.from_ours.empty() ? nullptr : p.from_ours.data();
    message.msg_controllen = p.from_ours.size();
    const ssize_t sent = ::sendmsg(p.line->fd(), &message, MSG_NOSIGNAL);
    if (sent < 0 && errno == ECONNREFUSED) p.refused = true;
    return sent == static_cast<ssize_t>(bytes.size());
}

// Empty bytes: nothing came in time, or the port is closed.
awaitable<Said> collect(State* s, Post* p, Moment deadline) {
    Said out;
    std::vector<std::uint8_t>& room = s->room;
    for (bool in_time = true;;) {
        SocketAddress from;
        from.size = sizeof from.storage;
        const ssize_t size = ::recvfrom(p->line->fd(), room.data(), room.size(), 0, from.get(), &from.size);
        if (size > 0) {
            Bytes bytes = Bytes(room).first(static_cast<std::size_t>(size));
            if (p->raw) {
                const std::size_t header = (bytes[0] & 15U) * std::size_t{4};
                if (header >= bytes.size() && State::now() >= deadline) co_return out;
                if (header >= bytes.size()) continue;
                bytes = bytes.subspan(header);
            }
            if (p->frames) {
                sockaddr_ll link{};
                std::memcpy(&link, &from.storage, sizeof link);
                if (link.sll_pkttype == PACKET_OUTGOING && State::now() >= deadline) co_return out;
                if (link.sll_pkttype == PACKET_OUTGOING) continue;
                out = said(s, false, 0, bytes);
                std::memcpy(out.from_mac.bytes.data(), link.sll_addr, 6);
            } else {
                out = said(s, false, 0, bytes);
                from_socket_address(from, out.from_ip, out.from_port);
            }
            co_return out;
        }
        if (size < 0 && errno == ECONNREFUSED) {
            p->refused = true;
            co_return out;
        }
        if (!in_time || State::now() >= deadline) co_return out;
        in_time = co_await ready(p->line, Descriptor::wait_read, deadline);
    }
}

// What it answers to everybody on the link is heard beside what it answers to us; of others, nothing.
std::vector<Post> ears_of(State* s, const Probe& probe, const Target& target) {
    std::vector<Post> out;
    for (const int fd : ears(target.ip, probe.local_port)) out.emplace_back().line = std::make_shared<Line>(s, fd);
    return out;
}
awaitable<Said> overhear(State* s, Post* p, std::vector<Post>* ears, IpAddress whom, Moment deadline) {
    Said got;
    while (State::now() < deadline && !p->refused) {
        bool anything = false;
        got = co_await collect(s, p, Moment{});
        if (!got.bytes.empty()) co_return got;
        for (Post& ear : *ears) {
            got = co_await collect(s, &ear, Moment{});
            if (!got.bytes.empty() && got.from_ip == whom) co_return got;
            anything = anything || !got.bytes.empty();
        }
        if (!anything) co_await until(s, std::min(deadline, State::now() + std::chrono::milliseconds(50)));
    }
    co_return Said{};
}

// Opens what the probe's transport needs; false: the report says why not.
bool open_post(State* s, const Errand& errand, Report& report, Post& p) {
    const Probe& probe = *errand.probe;
    Target& target = report.target;
    std::string problem;
    std::optional<Interface> interface;
    // Ours to ask from; unknown: the interface's first.
    const IpAddress& ours = target.ip.version == 6 ? s->options->source6 : s->options->source4;
    if (!errand.interface.empty()) {
        interface = interface_named(errand.interface, s->options->source4);
        if (!interface) {
            report.outcome = ProbeOutcome::OutOfScope;
            report.reason = "there is no interface " + errand.interface;
            return false;
        }
        // Frames without IP come from no address.
        const bool of_ip = probe.transport != Transport::Link || target.ip.known();
        if (of_ip && ours.known() && std::ranges::find(interface->addresses, ours) == interface->addresses.end()) {
            report.outcome = ProbeOutcome::OutOfScope;
            report.reason = errand.interface + " does not have " + ours.text() + ", the address of ours to ask from";
            return false;
        }
        target.my_mac = interface->mac;
        const IpAddress& ours6 = probe.transport == Transport::Link ? interface->link6 : interface->v6;
        target.my_ip = target.ip.version == 6 ? ours6 : interface->v4;
        if (ours.known()) target.my_ip = ours;
    }
    int fd = -1;
    if (probe.transport == Transport::Link) {
        if (!errand.group && !interface->on_link(target.ip)) {
            report.outcome = ProbeOutcome::OutOfScope;
            report.reason = "it is not on the link of " + errand.interface;
            return false;
        }
        fd = link_socket(*interface, probe.ethertype, errand.group ? IpAddress{} : target.ip, problem);
        sockaddr_ll to{};
        to.sll_family = AF_PACKET;
        to.sll_protocol = static_cast<std::uint16_t>((probe.ethertype << 8) | (probe.ethertype >> 8));
        to.sll_ifindex = static_cast<int>(interface->index);
        to.sll_halen = 6;
        const Mac mac = frame_receiver(probe, target.ip);
        std::memcpy(to.sll_addr, mac.bytes.data(), 6);
        std::memcpy(&p.to.storage, &to, sizeof to);
        p.to.size = sizeof to;
        p.frames = true;
    } else if (probe.transport == Transport::Icmp) {
        fd = echo_socket(target.ip, s->bound(target.ip, 0), p.raw, problem);
    } else {
        if (errand.group && probe.group.v4 == "broadcast" && !target.ip.known()) target.ip = interface->broadcast;
        if (!target.ip.known()) {
            report.outcome = ProbeOutcome::OutOfScope;
            report.reason = "the interface has no such address";
            return false;
        }
        Bound how = s->bound(target.ip, probe.local_port);
        // What is answered to the group comes to whoever is bound to no address.
        if (interface) how = {{}, errand.interface, probe.local_port};
        if (interface && ours.known()) p.from_ours = from_control(ours, *interface);
        if (probe.where_free) how.port = port_of_ours(s, target.ip, how, p);
        fd = datagram_socket(target.ip, how, problem);
        if (fd >= 0 && errand.group) join(fd, target.ip, *interface);
    }
    // Who may send echoes and frames differs from machine to machine: a question less, not the end of the run.
    // So is a port of ours that another program has.
    const bool a_question_less =
        probe.transport == Transport::Icmp || probe.transport == Transport::Link || probe.local_port != 0;
    if (fd < 0 && a_question_less) {
        if (probe.local_port != 0) problem = "UDP port " + std::to_string(probe.local_port) + " of this machine: " + problem;
        report.outcome = ProbeOutcome::OutOfScope;
        report.reason = problem;
        return false;
    }
    if (fd < 0) throw std::runtime_error(problem);
    p.line = std::make_shared<Line>(s, fd);
    if (probe.transport == Transport::Link) return true;
    const SocketAddress to = socket_address(target.ip, target.port, interface ? interface->index : 0);
    // Answers to a group come from anybody; everything else is heard from its address alone.
    if (errand.group) {
        p.to = to;
    } else if (::connect(fd, to.get(), to.size) != 0) {
        not_sent(&report, errno);
        return false;
    }
    IpAddress here;
    local_end(fd, here, target.my_port);
    if (!here.unspecified() && here.known()) target.my_ip = here;
    return true;
}

// Everybody answers a group: each is heard, none is talked to.
awaitable<void> hear_group(State* s, const Errand* errand, Report* report, Post* p) {
    const Limits& limits = errand->probe->limits;
    const Moment last = State::now() + std::min(limits.answer, limits.whole);
    std::map<std::pair<IpAddress, Mac>, std::size_t> by_each;
    for (std::size_t turn = 1; State::now() < last; ++turn) {
        const Said got = co_await collect(s, p, last);
        if (got.bytes.empty()) break;
        // Who floods us must not keep us from everybody else.
        if (turn % at_a_stretch == 0) co_await asio::post(s->context, as_result);
        // What we send to everybody comes back to us.
        if (got.from_ip.known() && got.from_ip == report->target.my_ip) continue;
        const std::size_t size = got.bytes.size();
        const auto speaker = std::pair(got.from_ip, got.from_mac);
        const auto known = by_each.find(speaker);
        const std::size_t theirs = size + (known == by_each.end() ? 0 : known->second);
        if (theirs > limits.bytes || report->bytes + size > Wire::group_bytes || report->said.size() > Wire::group_messages) {
            report->drained += size;
            continue;
        }
        by_each[speaker] = theirs;
        report->bytes += size;
        report->said.push_back(got);
    }
    report->outcome = report->bytes != 0 ? ProbeOutcome::Answered : ProbeOutcome::Silent;
    if (report->drained == 0) co_return;
    report->outcome = ProbeOutcome::BudgetSpent;
    report->reason = "somebody said more than a question may cost: " + std::to_string(report->drained) +
                     " bytes were thrown away, " + std::to_string(report->bytes) + " were kept";
}

awaitable<void> datagrams(State* s, const Errand* errand, Report* report) {
    const Probe& probe = *errand->probe;
    std::string closed = co_await pace(s, errand, 1, Schedule::Turn::Begins, true, true);
    if (!closed.empty()) {
        report->outcome = ProbeOutcome::OutOfScope;
        report->unasked = true;
        report->reason = std::move(closed);
        co_return;
    }
    Post p;
    if (!open_post(s, *errand, *report, p)) co_return;
    Exchange exchange(probe, report->target, errand->left);
    Todo todo = exchange.begin();
    const Moment whole = State::now() + s->whole_time(*errand);
    Moment answer = State::now() + s->answer_time(*errand);
    std::vector<Post> ears;
    int unsent = 0;  // why a request after the first could not be sent
    while (todo.kind != Todo::Kind::Close) {
        if (todo.kind == Todo::Kind::Send) {
            ears.clear();
            if (probe.requests[todo.request].overheard) ears = ears_of(s, probe, report->target);
            if (todo.busy) s->campaign->schedule().busy(errand->device);
            if (!report->said.empty()) closed = co_await pace(s, errand, 2, Schedule::Turn::Within);
            if (!closed.empty()) break;
            if (!declared(probe, todo.bytes)) throw std::logic_error("undeclared bytes");
            report->asked.emplace_back(probe.requests[todo.request].name);
            report->said.push_back(said(s, true, 0, todo.bytes));
            answer = State::now() + s->answer_time(*errand);
            const bool sent = post(p, todo.bytes);
            const int error = errno;
            s->campaign->schedule().heard(errand->device, State::now());
            if (!sent && !p.refused) {
                // The record has what went out.
                report->said.pop_back();
                report->asked.pop_back();
                if (report->said.empty()) {
                    not_sent(report, error);
                    co_return;
                }
                unsent = error;
                break;
            }
            // A group is asked once, however many answer.
            if (errand->group) {
                co_await hear_group(s, errand, report, &p);
                report->requests = exchange.requests();
                co_return;
            }
        }
        Said got;
        if (!ears.empty())
            got = co_await overhear(s, &p, &ears, report->target.ip, std::min(answer, whole));
        else if (!p.refused)
            got = co_await collect(s, &p, std::min(answer, whole));
        if (!got.bytes.empty()) {
            report->said.push_back(got);
            todo = exchange.received(got.bytes);
            s->campaign->schedule().heard(errand->device, State::now());
        } else if (p.refused) {
            report->outcome = ProbeOutcome::Refused;
            report->requests = exchange.requests();
            report->bytes = exchange.bytes_in();
            co_return;
        } else {
            todo = State::now() >= whole ? exchange.whole_time_spent() : exchange.timed_out();
        }
    }
    if (!exchange.mistake().empty()) throw std::logic_error(std::string(probe.name) + ": " + exchange.mistake());
    report->outcome = exchange.outcome();
    // What was to be asked and could not be was not asked.
    report->requests = exchange.requests() - (unsent != 0 || !closed.empty() ? 1U : 0U);
    report->upset = exchange.upset();
    report->bytes = exchange.bytes_in();
    // A session over datagrams is closed like any other.
    if (const std::vector<std::uint8_t> farewell = exchange.goodbye(); !farewell.empty() && declared(probe, farewell)) {
        co_await pace_farewell(s, errand);
        report->asked.emplace_back("goodbye");
        report->said.push_back(said(s, true, 0, farewell));
        if (!post(p, farewell)) {
            report->said.pop_back();
            report->asked.pop_back();
        }
    }
    if (unsent != 0) {
        report->outcome = ProbeOutcome::Silent;
        report->reason = std::strerror(unsent);
        co_return;
    }
    if (!closed.empty()) {
        report->outcome = ProbeOutcome::OutOfScope;
        report->reason = std::move(closed);
    }
    if (probe.limits.collect.count() == 0 || exchange.messages() == 0) co_return;
    const Moment last = State::now() + probe.limits.collect;
    for (std::size_t more = 0; more < Exchange::messages_max; ++more) {
        const Said got = co_await collect(s, &p, last);
        if (got.bytes.empty()) break;
        report->bytes += got.bytes.size();
        if (report->bytes > std::min(probe.limits.bytes, errand->left.bytes)) break;
        report->said.push_back(got);
    }
}

// ---- the run ----

// What was sent stands in the record, also where the answer is not waited for any more.
void cut_short(const State& s, Report& report) {
    bool heard = false;
    for (const Said& each : report.said) heard = heard || !each.ours;
    report.outcome = ProbeOutcome::Interrupted;
    report.reason = heard ? "the run was left while this was under way" : "the run was left before there was a reply";
    report.requests = report.asked.size();
    report.ended = s.at();
}

awaitable<void> perform(State* s, const Errand* errand) {
    s->flights.emplace_back();
    const auto flight = std::prev(s->flights.end());
    flight->errand = *errand;
    Report& report = flight->report;
    report.target = errand->target;
    bool left = false;
    try {
        co_await until_or_stopped(s, errand->not_before);
        report.began = s->at();
        std::string why = s->closed(*errand);
        const bool closed = !why.empty();
        if (!closed && !errand->group) why = nothing_to_ask(*errand->probe, errand->target);
        if (!why.empty()) {
            report.unasked = true;
            report.outcome = closed ? ProbeOutcome::OutOfScope : ProbeOutcome::Gated;
            report.reason = std::move(why);
        } else if (errand->probe->transport == Transport::Tcp || errand->probe->transport == Transport::Tls) {
            co_await stream(s, errand, &report);
        } else {
            co_await datagrams(s, errand, &report);
        }
    } catch (const Stopped&) {
        left = true;
    } catch (...) {
        left = true;
        s->fail(std::current_exception());
    }
    s->campaign->schedule().heard(errand->device, State::now());
    Report ended = std::move(report);
    s->flights.erase(flight);
    if (left && !ended.begun && ended.said.empty()) {
        s->campaign->left(*errand);
        co_return;
    }
    ended.ended = s->at();
    if (left) cut_short(*s, ended);
    try {
        s->campaign->done(*errand, std::move(ended));
    } catch (...) {
        s->fail(std::current_exception());
    }
}

void leave(State& s) {
    for (State::Flight& flight : s.flights) {
        Report& report = flight.report;
        if (!report.begun && report.said.empty()) continue;
        cut_short(s, report);
        try {
            s.campaign->done(flight.errand, std::move(report));
        } catch (...) {
            s.fail(std::current_exception());
        }
    }
    s.flights.clear();
}

// What there is to do next, unless the run is to stop.
std::optional<Errand> next_errand(State* s) {
    if (s->options->interrupts != nullptr && s->options->interrupts->load() > 0) s->campaign->stop("interrupted");
    try {
        return s->campaign->next(State::now(), s->at());
    } catch (...) {
        // Who is not asked has a line in the record, too.
        s->fail(std::current_exception());
        return std::nullopt;
    }
}

// What goes wrong in it ends the run.
void launch(State* s, awaitable<void> what) {
    asio::co_spawn(s->context, std::move(what), [s](const std::exception_ptr& failure) {
        if (failure == nullptr) return;
        if (s->failure == nullptr) s->failure = failure;
        s->context.stop();
    });
}

// One errand after the other, until there is none. After some of them everybody else has his turn, and those who wait for
// answers first: a lane whose questions are all refused at once never waits for anything, and a lane that is spawned begins
// before the one that spawns it goes on.
awaitable<void> lane(State* s, Errand errand) {
    for (std::size_t i = 1;; ++i) {
        co_await perform(s, &errand);
        std::optional<Errand> next = next_errand(s);
        if (!next) break;
        errand = std::move(*next);
        if (i % at_a_stretch == 0) co_await asio::post(s->context, as_result);
    }
    if (s->campaign->finished()) s->wake.cancel();
}

awaitable<void> direct(State* s) {
    while (!s->campaign->finished()) {
        if (s->options->interrupts != nullptr && s->options->interrupts->load() > 1) {
            s->abandoned = true;
            s->context.stop();
            co_return;
        }
        while (std::optional<Errand> errand = next_errand(s)) launch(s, lane(s, std::move(*errand)));
        if (s->options->progress) s->options->progress();
        if (s->campaign->finished()) break;
        s->wake.expires_after(std::chrono::milliseconds(200));
        co_await s->wake.async_wait(as_result);
    }
    s->context.stop();
}

}  // namespace

std::chrono::milliseconds Wire::answer_time(const Probe& probe, bool behind_bus) {
    const bool on_the_bus = behind_bus && probe.each == Probe::Each::Unit;
    return on_the_bus ? std::max(probe.limits.answer, bus_answer) : probe.limits.answer;
}

std::string Wire::unusable(const WireOptions& options) {
    if (!options.interface.empty() && !interface_named(options.interface))
        return "there is no interface \"" + options.interface + "\"";
    for (const IpAddress& source : {options.source4, options.source6}) {
        if (!source.known()) continue;
        std::string problem;
        const int fd = datagram_socket(source, {source, options.interface, 0}, problem);
        if (fd < 0) return "nothing can be sent from " + source.text() + ": " + problem;
        ::close(fd);
    }
    return {};
}

bool Wire::run(Campaign& campaign) {
    State state(options_, campaign);
    launch(&state, direct(&state));
    state.context.run();
    leave(state);
    if (state.failure != nullptr) std::rethrow_exception(state.failure);
    return !state.abandoned;
}

}  // namespace herkomst
