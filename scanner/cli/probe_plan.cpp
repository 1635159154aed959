#include "cli/probe_plan.h"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/text.h"
#include "probes/exchange.h"
#include "probes/template.h"
#include "probes/wire.h"

namespace herkomst {

namespace {

std::string where(const Errand& errand) {
    std::string out = errand.group ? errand.target.host + " on " + errand.interface : errand.target.ip.text();
    if (errand.probe->learnt.url)
        out += " " + std::string(name(errand.probe->transport)) + "/{learnt}";
    else if (errand.target.port != 0)
        out += " " + std::string(name(errand.probe->transport)) + "/" + std::to_string(errand.target.port);
    if (errand.target.unit_known) out += " unit " + std::to_string(errand.target.unit);
    if (errand.probe->each == Probe::Each::Slot) out += " slot " + std::to_string(errand.target.slot);
    if (!errand.target.station.empty()) out += " station " + errand.target.station;
    if (errand.target.which != 0) out += " community " + std::to_string(errand.target.which);
    return out;
}

// Numbers that the plan knows; what differs from target to target without need (addresses) stays a hole.
bool known_now(const Errand& errand, const Hole& hole) {
    if (hole.form != Hole::Form::Big && hole.form != Hole::Form::Little) return false;
    if (hole.name == "unit" || hole.name == "link") return errand.target.unit_known;
    return hole.name == "slot" || hole.name == "low" || hole.name == "high";
}

std::string filled(const Request& request, const Errand& errand) {
    std::string text = shown(request);
    for (const Hole& hole : request.holes) {
        Value value;
        if (!known_now(errand, hole) || !value_from(errand.target, hole, value)) continue;
        std::string digits;
        for (std::size_t i = 0; i < hole.size; ++i) {
            const std::size_t place = hole.form == Hole::Form::Little ? i : hole.size - 1 - i;
            const auto byte = static_cast<std::uint8_t>(place < 8 ? value.number >> (8 * place) : 0);
            digits += (digits.empty() ? "" : " ") + hex(&byte, 1);
        }
        const std::string mark = "{" + std::string(hole.name) + "}";
        for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + digits.size()))
            text.replace(at, mark.size(), digits);
    }
    return text;
}

// What stands in a hole that the plan leaves open, in the words of whoever reads it.
std::string_view filler(std::string_view hole) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"transaction", "another number in each exchange"},
        {"token", "another number in each exchange"},
        {"host", "the address of the target"},
        {"authority", "the address of the target, and its port where it is not the scheme's own"},
        {"network", "that of the station that the line names"},
        {"station", "that of the station that the line names"},
        {"their-ip", "the address of the target"},
        {"port", "the port of the target"},
        {"unit", "where the line names none, the question's own"},
        {"link", "where the line names none, the question's own"},
        {"community", "the one of the scope file that the line names by its number"},
        {"my-ip", "the address that we ask from"},
        {"my-mac", "the hardware address that we ask from"},
        {"my-port", "the port that we ask from"},
        {"learnt", "what the device has said of itself"},
    };
    for (const auto& [named, word] : words)
        if (named == hole) return word;
    return {};
}

// The first message in full, with what only the run knows made up: so that also the question's own choices can be read.
std::string example(const Errand& errand, const Request& request) {
    Target target = errand.target;
    target.token = 0x1234;
    target.my_port = 40'000;
    const bool six = target.ip.version == 6;
    target.my_ip = IpAddress::parse(six ? "2001:db8::a" : "192.0.2.10").value_or(IpAddress{});
    target.my_mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, 0x0a}};
    Exchange exchange(*errand.probe, target);
    const Todo first = exchange.begin();
    if (first.kind != Todo::Kind::Send || &errand.probe->requests[first.request] != &request || request.hex.empty()) return {};
    return hex(first.bytes.data(), first.bytes.size());
}

// Everything that can be sent, numbered as it first occurs.
class Payloads {
  public:
    // A network has many targets and few different things to send: what was written once is not written again.
    const std::string& numbers_of(const Errand& errand) {
        const Target& target = errand.target;
        const std::uint64_t unit = target.unit_known ? target.unit : UINT64_MAX;
        std::string& out = told_[{errand.probe, unit, target.slot, target.low, target.high}];
        if (!out.empty()) return out;
        for (const Request& request : errand.probe->requests) {
            const auto [at, added] = numbers_.try_emplace({errand.probe, &request, filled(request, errand)}, list_.size() + 1);
            if (added) list_.push_back({errand.probe, &request, std::get<2>(at->first), example(errand, request)});
            out += (out.empty() ? "" : ", ") + std::to_string(at->second);
        }
        if (errand.probe->transport == Transport::Tls) out = out.empty() ? "a TLS handshake" : "a TLS handshake, in it " + out;
        if (out.empty()) out = "nothing, it listens";
        return out;
    }
    void show() const {
        for (std::size_t i = 0; i < list_.size(); ++i) {
            const auto& [probe, request, text, example] = list_[i];
            std::printf("    %zu = %s, %s: %s\n", i + 1, std::string(probe->name).c_str(), std::string(request->name).c_str(),
                        text.c_str());
            if (!example.empty() && text.find('{') != std::string::npos) std::printf("        like %s\n", example.c_str());
            for (const Hole& hole : request->holes) {
                if (text.find("{" + std::string(hole.name) + "}") == std::string::npos) continue;
                const std::string_view by = filler(hole.name);
                std::printf("        %s%s%s\n", shown(hole).c_str(), by.empty() ? "" : ": ", std::string(by).c_str());
            }
        }
    }

  private:
    struct Payload {
        const Probe* probe;
        const Request* request;
        std::string text;
        std::string example;
    };
    std::map<std::tuple<const Probe*, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>, std::string> told_;
    std::map<std::tuple<const Probe*, const Request*, std::string>, std::size_t> numbers_;
    std::vector<Payload> list_;
};

// What may be sent for it: a session is closed with one more. A group is only asked.
std::size_t messages_of(const Probe& probe, bool to_a_group) {
    return probe.limits.requests + (probe.goodbye != nullptr && !to_a_group ? 1 : 0);
}

void show_limits(const Probe& probe, bool to_a_group) {
    const Limits& limits = probe.limits;
    const auto seconds = [](std::chrono::milliseconds time) {
        return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
    };
    const std::size_t messages = messages_of(probe, to_a_group);
    std::string line = std::string(probe.name) + ": at most " + std::to_string(messages) + " messages" +
                       (messages > limits.requests ? ", the farewell among them," : "") + " and " +
                       std::to_string(limits.bytes) + " bytes of answer, " + seconds(limits.answer) + " for one answer, " +
                       seconds(limits.whole) + " in all";
    if (const auto slow = Wire::answer_time(probe, true); slow != limits.answer)
        line += "; behind a serial bus " + seconds(slow) + " for one answer";
    if (to_a_group)
        line += "; of a link at most " + std::to_string(Wire::group_bytes) + " bytes, of each who answers " +
                std::to_string(limits.bytes);
    std::printf("%s\n", line.c_str());
}

}  // namespace

std::string duration_text(std::chrono::milliseconds time) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string((seconds + 59) / 60) + " min";
    return std::to_string((seconds + 3599) / 3600) + " h";
}

namespace {

std::string minute_text(unsigned minute) {
    const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return two(minute / 60) + ":" + two(minute % 60);
}

void show_window(const TimeWindow& window) {
    constexpr const char* names[] = {"Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"};
    std::string days;
    for (const unsigned day : window.days) days += (days.empty() ? "" : ", ") + std::string(names[day % 7]);
    const auto offset = window.offset.count();
    const auto size = static_cast<unsigned>(offset < 0 ? -offset : offset);
    std::printf("asked only %s from %s to %s, UTC%s%s: a fixed offset, which summer time does not move\n",
                window.days.size() == 7 ? "daily" : days.c_str(), minute_text(window.from).c_str(),
                minute_text(window.until).c_str(), offset < 0 ? "-" : "+", minute_text(size).c_str());
}

}  // namespace

void show_plan(const Campaign& campaign, const Scope& scope) {
    Payloads payloads;
    std::map<std::string_view, bool> used;  // and whether a group is asked
    std::size_t messages = 0;
    std::size_t gated = 0;
    campaign.plan([&](const Errand& errand, const std::string& forbidden) {
        const Probe& probe = *errand.probe;
        std::string line = where(errand) + "  " + std::string(probe.name);
        if (!probe.after.empty()) line += ", if " + std::string(probe.after) + " answers";
        for (std::size_t i = 0; i < probe.makers.size(); ++i)
            line += (i == 0 ? ", if its maker is " : " or ") + std::string(probe.makers[i]);
        if (probe.learnt.waits()) line += ", if it says its " + std::string(name(probe.learnt.field));
        bool instances = false;
        for (const Request& request : probe.requests)
            for (const Hole& hole : request.holes) instances = instances || hole.name == "low";
        if (instances && errand.target.high != UINT32_MAX)
            line += ", instances " + std::to_string(errand.target.low) + " to " + std::to_string(errand.target.high);
        if (forbidden.empty()) {
            line += ", sends " + payloads.numbers_of(errand);
            messages += messages_of(probe, errand.group);
            used[probe.name] = used[probe.name] || errand.group;
        } else {
            line += ", gated: " + forbidden;
            ++gated;
        }
        std::printf("%s\n", line.c_str());
    });
    for (const std::string& sentence : campaign.reached()) std::printf("%s\n", sentence.c_str());
    for (const TimeWindow& window : scope.windows) show_window(window);
    std::printf("what is sent, by number; what stands in {} is filled in for each target:\n");
    payloads.show();
    for (const auto& [named, to_a_group] : used) show_limits(*probe_named(named), to_a_group);
    const Expected expected = campaign.expected();
    std::printf("at most %zu messages in all; %zu of the questions are gated and not asked\n", messages, gated);
    std::printf(
        "%zu questions to %zu devices; between %s (every port is closed) and %s (everything takes as long as it may; "
        "longer where a device says that it is busy)\n",
        campaign.count().errands, campaign.count().devices, duration_text(expected.least).c_str(),
        duration_text(expected.most).c_str());
}

}  // namespace herkomst
