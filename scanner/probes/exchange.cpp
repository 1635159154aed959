#include "probes/exchange.h"

#include <algorithm>

#include "core/text.h"
#include "probes/template.h"

namespace herkomst {

namespace {

Todo listening() {
    Todo todo;
    todo.kind = Todo::Kind::Listen;
    return todo;
}

}  // namespace

Exchange::Exchange(const Probe& probe, const Target& target, Allowance left) : probe_(&probe), left_(left), target_(target) {
    talk_.target = &target_;
}

bool Exchange::stream() const { return probe_->transport == Transport::Tcp || probe_->transport == Transport::Tls; }

Todo Exchange::finish(ProbeOutcome outcome) {
    over_ = true;
    outcome_ = outcome;
    return {};
}

// Whether what came is an answer to what was asked: the probe knows; one without a conversation takes whatever comes.
bool Exchange::has_answer() const { return probe_->next != nullptr ? talk_.answered : messages_ != 0; }

Step Exchange::next_step() {
    if (probe_->next != nullptr) return probe_->next(talk_);
    if (talk_.sent < probe_->requests.size()) return ask(talk_.sent);
    return talk_.begins() ? listen() : end();
}

Todo Exchange::follow(Step step) {
    if (step.kind == Step::Kind::End) return finish(step.outcome);
    if (step.kind == Step::Kind::Listen) {
        if (talk_.ended) return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Closed);
        return listening();
    }
    const bool busy = step.kind == Step::Kind::Again;
    if (busy) step = last_;
    if (step.request >= probe_->requests.size()) {
        mistake_ = "there is no such request";
        return finish(ProbeOutcome::BudgetSpent);
    }
    if (talk_.sent >= std::min(probe_->limits.requests, left_.requests)) return finish(ProbeOutcome::BudgetSpent);
    const bool anew = talk_.ended;
    if (anew && ++connections_ > probe_->limits.connections)
        return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Closed);
    Result<std::vector<std::uint8_t>> bytes = render(probe_->requests[step.request], step, target_);
    if (!bytes || !declared(*probe_, bytes.value())) {
        mistake_ = bytes ? "its bytes are not declared" : bytes.problems().front().text();
        return finish(ProbeOutcome::BudgetSpent);
    }
    talk_.ended = false;
    window_.clear();
    ++talk_.sent;
    talk_.request = step.request;
    last_ = step;
    return {Todo::Kind::Send, step.request, std::move(bytes.value()), anew, busy};
}

Todo Exchange::begin() { return follow(next_step()); }

Todo Exchange::one_message(std::size_t bytes) {
    message_.assign(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(bytes));
    window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(bytes));
    if (++messages_ > messages_max) return finish(ProbeOutcome::BudgetSpent);
    talk_.reply = message_;
    return follow(next_step());
}

Todo Exchange::messages_in_window() {
    while (!window_.empty() && probe_->whole != nullptr) {
        Reading reading;
        const Whole whole = probe_->whole(ByteCursor(window_, reading), talk_);
        if (whole.kind == Whole::Kind::OtherProtocol)
            return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
        if (whole.kind == Whole::Kind::More || whole.bytes == 0 || whole.bytes > window_.size()) break;
        Todo todo = one_message(whole.bytes);
        if (todo.kind != Todo::Kind::Listen) return todo;
    }
    return listening();
}

Todo Exchange::received(Bytes bytes) {
    if (over_) return {};
    bytes_in_ += bytes.size();
    if (bytes_in_ > std::min(probe_->limits.bytes, left_.bytes)) return finish(ProbeOutcome::BudgetSpent);
    if (!stream()) {
        window_.assign(bytes.begin(), bytes.end());
        return one_message(window_.size());
    }
    window_.insert(window_.end(), bytes.begin(), bytes.end());
    return messages_in_window();
}

Todo Exchange::paused() {
    if (over_) return {};
    if (window_.empty()) return listening();
    return one_message(window_.size());
}

Todo Exchange::ended(bool reset) {
    if (over_) return {};
    const bool said_nothing = messages_ == 0 && window_.empty();
    talk_.ended = true;
    if (reset) {
        upset_ = true;
        return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Closed);
    }
    if (probe_->whole == nullptr && !window_.empty()) return one_message(window_.size());
    if (said_nothing && probe_->asks_when_closed && talk_.sent != 0) {
        talk_.reply = {};
        return follow(next_step());
    }
    // Some messages end with the stream: `whole` is asked once more, now that it has. What is cut off in the middle stands in
    // the record all the same, and the decoders make of it what they can.
    if (Todo todo = messages_in_window(); over_ || todo.kind != Todo::Kind::Listen) return todo;
    return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Closed);
}

Todo Exchange::timed_out() {
    if (over_) return {};
    if (!window_.empty() && probe_->whole == nullptr) {
        // It has said something and keeps the connection open.
        if (Todo todo = one_message(window_.size()); over_) return todo;
        return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Silent);
    }
    // What may be told to everybody on the link may not have reached us: no offence, and it had said no before.
    if (messages_ != 0 && probe_->requests[talk_.request].overheard)
        return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Declined);
    if (messages_ != 0) {
        upset_ = true;
        return finish(has_answer() ? ProbeOutcome::Answered : ProbeOutcome::Silent);
    }
    return finish(window_.empty() ? ProbeOutcome::Silent : ProbeOutcome::BudgetSpent);
}

Todo Exchange::whole_time_spent() {
    if (over_) return {};
    return finish(messages_ == 0 && window_.empty() ? ProbeOutcome::Silent : ProbeOutcome::BudgetSpent);
}

std::vector<std::uint8_t> Exchange::goodbye() {
    if (probe_->goodbye == nullptr || talk_.ended || talk_.sent == 0) return {};
    const Step step = probe_->goodbye(talk_);
    if (step.kind != Step::Kind::Ask || step.request >= probe_->requests.size()) return {};
    Result<std::vector<std::uint8_t>> bytes = render(probe_->requests[step.request], step, target_);
    if (!bytes || !declared(*probe_, bytes.value())) {
        mistake_ = bytes ? "its bytes are not declared" : bytes.problems().front().text();
        return {};
    }
    return std::move(bytes.value());
}

std::string nothing_to_ask(const Probe& probe, const Target& asked) {
    // What the device will have said by then is not known now. Without a conversation the requests are all there is to know.
    if (probe.next == nullptr || (probe.learnt.waits() && asked.learnt.empty())) return {};
    Target target = asked;
    // Ours is known when there is a socket; it is of the same kind as theirs.
    if (!target.my_ip.known()) target.my_ip = target.ip;
    Talk talk;
    talk.target = &target;
    if (probe.next(talk).kind != Step::Kind::End) return {};
    if (probe.each == Probe::Each::Unit && !target.unit_known)
        return "no address behind it is known: \"units\" of the scope file can name one";
    if (target.ip.version == 6) return "it cannot be asked over IPv6";
    return "what it would be asked for is not known, or nothing that may be sent";
}

// ---- transcripts ----

namespace {

std::vector<std::uint8_t> bytes_of(std::string_view digits, std::string_view text) {
    if (!digits.empty()) return unhex(digits);
    return {text.begin(), text.end()};
}

std::string hexed(Bytes bytes) { return hex(bytes.data(), bytes.size()); }

}  // namespace

Target target_of(const Probe& probe, const Transcript& transcript) {
    Target target;
    target.ip = IpAddress::v4(0xc0000214);
    target.host = "192.0.2.20";
    if (transcript.v6) {
        target.ip = *IpAddress::parse("2001:db8::20");
        target.host = "[2001:db8::20]";
    }
    target.port = transcript.port != 0 ? transcript.port : probe.ports.empty() ? std::uint16_t{0} : probe.ports.front();
    target.unit = transcript.unit;
    target.unit_known = transcript.unit != 0;
    target.slot = transcript.slot;
    target.slot_known = transcript.slot != 0;
    target.station = transcript.station;
    target.instance = transcript.instance;
    target.instance_known = transcript.instance != 0;
    target.tls = probe.transport == Transport::Tls;
    target.community = transcript.community;
    target.learnt = transcript.learnt;
    target.token = transcript.token;
    target.my_ip = IpAddress::v4(0xc000020a);
    if (transcript.v6) target.my_ip = *IpAddress::parse(probe.transport == Transport::Link ? "fe80::a" : "2001:db8::a");
    target.my_mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, 0x0a}};
    target.my_port = probe.local_port != 0 ? probe.local_port : std::uint16_t{40'000};
    return target;
}

PlayedTranscript play(const Probe& probe, const Transcript& transcript) {
    PlayedTranscript played;
    Exchange exchange(probe, target_of(probe, transcript));
    Time clock{std::chrono::seconds(1'767'225'600)};
    unsigned connection = 0;
    const auto say = [&](bool ours, std::vector<std::uint8_t> bytes) {
        clock += std::chrono::milliseconds(200);
        Said said;
        said.ours = ours;
        said.at = clock;
        said.connection = connection;
        if (!ours) said.from_mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, 0x14}};
        said.bytes = std::move(bytes);
        played.said.push_back(std::move(said));
    };
    Todo todo = exchange.begin();
    for (std::size_t at = 0; at < transcript.turns.size(); ++at) {
        const Turn& turn = transcript.turns[at];
        const std::string here = "turn " + std::to_string(at) + ": ";
        const std::vector<std::uint8_t> wanted = bytes_of(turn.sent_hex, turn.sent_text);
        if (exchange.over() && !wanted.empty()) {
            // The farewell is the last thing that is sent.
            const std::vector<std::uint8_t> farewell = exchange.goodbye();
            if (farewell != wanted) played.problems.push_back(here + "says goodbye with " + hexed(farewell));
            say(true, farewell);
            continue;
        }
        if (exchange.over() && probe.limits.collect.count() != 0) {
            say(false, bytes_of(turn.reply_hex, turn.reply_text));
            continue;
        }
        if (exchange.over()) {
            played.problems.push_back(here + "it is over already");
            break;
        }
        const std::vector<std::uint8_t> sent = todo.kind == Todo::Kind::Send ? todo.bytes : std::vector<std::uint8_t>();
        if (sent != wanted) played.problems.push_back(here + "sends " + hexed(sent) + ", not " + hexed(wanted));
        if (todo.new_connection) ++connection;
        if (!sent.empty()) say(true, sent);
        const std::vector<std::uint8_t> reply = bytes_of(turn.reply_hex, turn.reply_text);
        if (!reply.empty()) {
            say(false, reply);
            todo = exchange.received(reply);
        }
        if (turn.ends && !exchange.over()) {
            todo = exchange.ended(false);
        } else if (reply.empty() && !exchange.over()) {
            todo = exchange.timed_out();
        }
    }
    if (!exchange.over()) {
        if (todo.kind == Todo::Kind::Send) played.problems.push_back("goes on with " + hexed(todo.bytes));
        exchange.timed_out();
    }
    if (!exchange.mistake().empty()) played.problems.push_back(exchange.mistake());
    played.outcome = exchange.outcome();
    return played;
}

}  // namespace herkomst
