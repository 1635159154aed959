// herkomst_bench probes [HOSTS [LIVE]]: how fast who is there is found and named, against nmap with the scripts for the same
// protocols, in the same run, on the same addresses and ports.
//
// HOSTS addresses of 127.77.0.0/16 (65536: all of it), of which LIVE (300) are simulated devices of six protocols
// (devices.h). First our engine, with the limiter lifted, which is possible towards loopback only; what it heard is read by the
// passive decoders within the measured time. Then nmap (HERKOMST_NMAP, or of the PATH; without it that part is left out),
// twice: with the fastest of its timing templates (-T5), and tuned by hand as far as it goes: host groups as its own book
// advises for few ports on many hosts, and a least rate, with which it minds no loss, as we do not while the limiter is lifted.
// A device counts as identified when its own number is in what is said about its address. Last, thirty devices with the limits
// as they always are: the shortest gap between two things sent to one device, and the most new devices in a second.
//
// Each line says how busy the machine was: who waits for answers suffers less from others than who works.
#include "probes.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "capture/run.h"
#include "decoders/decoder.h"
#include "devices.h"
#include "probes/synthesis.h"
#include "probes/wire.h"

namespace herkomst {

namespace {

constexpr std::string_view asked[] = {"ethernet_ip", "ethernet_ip_tcp", "fox", "http", "modbus", "omron_fins", "s7comm"};
constexpr const char* scripts = "modbus-discover,enip-info,s7-info,omron-info,fox-info,http-title";
constexpr const char* timings[] = {"-T5", "-T5 --min-hostgroup 2048 --min-rate 50000"};
constexpr const char* ports = "T:80,102,502,1911,44818,U:9600,44818";

double seconds_since(std::chrono::steady_clock::time_point then) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

// Of the processor: what else runs on the machine counts as little as it can. Ours pays for the simulated devices too.
double processor_seconds(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

Scope scope_of(const std::string& range) {
    Scope scope;
    scope.until = Time::max();
    ScopeRange all;
    all.range = AddressRange::parse(range).value();
    for (const std::string_view probe : asked) all.probes.emplace(probe);
    all.ports["http"] = {80};
    all.shared_sessions = true;  // nobody has listened
    scope.ranges.push_back(all);
    return scope;
}

std::vector<Probe> catalogue() {
    std::vector<Probe> out;
    for (const Probe& probe : all_probes())
        if (std::ranges::find(asked, probe.name) != std::end(asked)) out.push_back(probe);
    return out;
}

struct Measured {
    double seconds = 0;
    std::size_t exchanges = 0;
    std::map<IpAddress, std::string> said;  // all values about an address
    std::map<IpAddress, std::vector<Time>> sent;
    std::map<IpAddress, std::string> went;  // how each of its questions came out, and when
};

// `lift`: the limiter is off. Of the devices `there` it is kept how their questions came out.
Measured run(const Scope& scope, bool lift, const std::map<IpAddress, std::string>& there) {
    const std::vector<Probe> probes = catalogue();
    Measured ran;
    const auto began = std::chrono::steady_clock::now();
    CampaignOptions options;
    options.lift_loopback = lift;
    options.catalogue = probes;
    Campaign campaign(scope, {}, {}, nullptr, options);
    PacketBytes capture = pcapng_head();
    WireOptions wire;
    wire.now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
    const Time start = wire.now();
    campaign.on_report = [&](const Errand& errand, const Report& report) {
        ++ran.exchanges;
        for (const Said& each : report.said)
            if (each.ours && !lift) ran.sent[errand.target.ip].push_back(each.at);
        if (there.contains(errand.target.ip)) {
            const auto at = [&](Time time) { return std::chrono::duration<double>(time - start).count(); };
            ran.went[errand.target.ip] += fmt::format("\n        {} {} {:.3f}-{:.3f} s {}", errand.probe->name,
                                                      name(report.outcome), at(report.began), at(report.ended), report.reason);
        }
        if (report.bytes != 0) append_packets(capture, *errand.probe, report.target, report.said);
    };
    Wire(wire).run(campaign);
    for (const Observation& each : analyse_memory(capture, all_decoders(), {}).observations.list())
        ran.said[each.subject.ip] += each.value + "\n";
    ran.seconds = seconds_since(began);
    return ran;
}

std::size_t identified(const std::map<IpAddress, std::string>& devices, const std::map<IpAddress, std::string>& said,
                       std::set<IpAddress>& which) {
    for (const auto& [ip, identity] : devices) {
        const auto found = said.find(ip);
        if (found != said.end() && found->second.find(identity) != std::string::npos) which.insert(ip);
    }
    return which.size();
}

// "<host ...><address addr="127.77.0.1" ...": what stands up to the next host.
std::map<IpAddress, std::string> read_nmap(const std::string& path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::map<IpAddress, std::string> out;
    for (std::size_t at = text.find("<host "); at != std::string::npos;) {
        const std::size_t next = text.find("<host ", at + 1);
        const std::string host = text.substr(at, next == std::string::npos ? next : next - at);
        const std::size_t address = host.find("addr=\"");
        if (address != std::string::npos) {
            const std::string ip = host.substr(address + 6, host.find('"', address + 6) - address - 6);
            if (const auto parsed = IpAddress::parse(ip)) out[*parsed] += host;
        }
        at = next;
    }
    return out;
}

std::string load() {
    double averages[1] = {0};
    ::getloadavg(averages, 1);
    return fmt::format("load {:.1f}", averages[0]);
}

struct Ours {
    double hosts = 0;
    double seconds = 0;
    double processor = 0;
    std::set<IpAddress> named;
};

void beside_nmap(const std::string& nmap, const std::string& timing, const std::string& range,
                 const std::map<IpAddress, std::string>& there, const Ours& ours) {
    const std::string out = (std::filesystem::temp_directory_path() / fmt::format("herkomst_nmap_{}.xml", ::getpid())).string();
    const std::string command = fmt::format("{} -n -Pn -sT -sU {} -p {} --script {} -oX {} {} >/dev/null 2>&1", nmap, timing,
                                            ports, scripts, out, range);
    const double children = processor_seconds(RUSAGE_CHILDREN);
    const auto began = std::chrono::steady_clock::now();
    if (std::system(command.c_str()) != 0) {
        fmt::print("nmap failed: {}\n", command);
        return;
    }
    const double seconds = seconds_since(began);
    const double processor = processor_seconds(RUSAGE_CHILDREN) - children;
    std::set<IpAddress> named;
    identified(there, read_nmap(out), named);
    std::filesystem::remove(out);
    std::size_t only = 0;
    for (const IpAddress& ip : named) only += ours.named.contains(ip) ? 0 : 1;
    fmt::print(
        "nmap {}: {:.0f} addresses in {:.1f} s ({:.1f} s of processor, {}), {:.0f} a second; {} of {} identified, {} of them "
        "not "
        "by us; ratio {:.1f}, of processor time {:.1f}\n",
        timing, ours.hosts, seconds, processor, load(), ours.hosts / seconds, named.size(), there.size(), only,
        seconds / ours.seconds, processor / ours.processor);
    std::fflush(stdout);
}

void pacing(const Devices& devices) {
    Scope scope;
    scope.until = Time::max();
    for (const auto& [ip, identity] : devices.identities()) {
        if (scope.ranges.size() == 30) break;
        scope.ranges.push_back(scope_of(ip.text()).ranges.front());
    }
    const Measured ran = run(scope, false, {});
    std::chrono::nanoseconds least = std::chrono::hours(1);
    std::vector<Time> news;
    for (auto [ip, times] : ran.sent) {
        std::sort(times.begin(), times.end());
        news.push_back(times.front());
        for (std::size_t i = 1; i < times.size(); ++i)
            least = std::min<std::chrono::nanoseconds>(least, times[i] - times[i - 1]);
    }
    std::sort(news.begin(), news.end());
    std::size_t most = 0;
    for (std::size_t i = 0; i < news.size(); ++i) {
        std::size_t within = 0;
        for (std::size_t j = i; j < news.size() && news[j] - news[i] < std::chrono::seconds(1); ++j) ++within;
        most = std::max(most, within);
    }
    fmt::print(
        "limits as always: {} devices in {:.1f} s; shortest gap to one device {:.1f} ms (200 at least), at most {} new "
        "devices in a second (10)\n",
        ran.sent.size(), ran.seconds, std::chrono::duration<double, std::milli>(least).count(), most);
}

}  // namespace

}  // namespace herkomst

int bench_probes(const std::vector<std::string>& words) {
    using namespace herkomst;
    const std::size_t hosts =
        words.empty() ? 65'536 : std::clamp<std::size_t>(std::strtoul(words[0].c_str(), nullptr, 10), 256, 65'536);
    const std::size_t live =
        words.size() < 2 ? 300 : std::clamp<std::size_t>(std::strtoul(words[1].c_str(), nullptr, 10), 6, 2000);
    const Devices devices(live);
    // A part of the network is its beginning.
    unsigned bits = 32;
    for (std::size_t size = 1; size < hosts; size *= 2) --bits;
    const std::string range = "127.77.0.0/" + std::to_string(bits);
    const double asked_hosts = static_cast<double>(std::size_t{1} << (32 - bits));
    std::map<IpAddress, std::string> there;
    for (const auto& [ip, identity] : devices.identities())
        if (AddressRange::parse(range)->holds(ip)) there[ip] = identity;

    const double before = processor_seconds(RUSAGE_SELF);
    const Measured measured = run(scope_of(range), true, there);
    Ours ours{asked_hosts, measured.seconds, processor_seconds(RUSAGE_SELF) - before, {}};
    identified(there, measured.said, ours.named);
    fmt::print(
        "herkomst: {:.0f} addresses in {:.1f} s ({:.1f} s of processor, {}), {:.0f} a second; {} exchanges; {} of {} "
        "identified\n",
        ours.hosts, ours.seconds, ours.processor, load(), ours.hosts / ours.seconds, measured.exchanges, ours.named.size(),
        there.size());
    for (const auto& [ip, identity] : there)
        if (!ours.named.contains(ip)) fmt::print("    not identified: {} {}{}\n", ip.text(), identity, measured.went.at(ip));
    std::fflush(stdout);

    const char* named = std::getenv("HERKOMST_NMAP");
    const std::string nmap = named != nullptr ? named : "nmap";
    if (std::system((nmap + " --version >/dev/null 2>&1").c_str()) != 0) {
        fmt::print("nmap is not there (package nmap, or HERKOMST_NMAP): nothing to compare with\n");
    } else {
        for (const char* timing : timings) beside_nmap(nmap, timing, range, there, ours);
    }
    pacing(devices);
    return 0;
}
