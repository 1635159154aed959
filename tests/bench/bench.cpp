// herkomst_bench input: see inputs.h. herkomst_bench vendordb: see vendordb.cpp. herkomst_bench assess: see assess.cpp.
// herkomst_bench probes: see probes.cpp. herkomst_bench replay [HOURS [POLL [INTERVAL [REGISTER]]]]: see volume.h; thirty days
// of a synthetic plant, each Modbus device read every 10 s, an interval every 60 s: what the register grows by, per day.
// herkomst_bench [--rounds N] FILE...: what reading and decoding costs beside reading alone, in one process.
//
// libpcap reads every file and adds up captured lengths (what any program must do), then analyse() does all its work on one
// thread; so in turns, N times (5), and of each the best time counts. Time is the processor's, of this process: what else runs
// on the machine counts as little as it can. Files are read once before, so that both find them in memory. Prints packets and
// bytes per second of both, their ratio, and the peak memory of the process before and after analyse(). Where libpcap did not
// read the same packets (it stops at a pcapng of several link types) there is no ratio, and exit 1: see ratio.h. `--rounds 0`
// runs only analyse(), once: for a profiler. The inputs that figures are given for are made by tests/bench/make_input.
//
// What is new costs more than what is known, so beside the ratio stands how much of the input is new: the share of TCP bytes
// that were sent before, and of the openings of flows those that were not there before. A file that repeats itself shows it.
#include <pcap/pcap.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "assess.h"
#include "capture/analysis.h"
#include "inputs.h"
#include "probes.h"
#include "ratio.h"
#include "vendordb.h"
#include "volume.h"

namespace {

struct Total {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
};

Total read_with_libpcap(const std::vector<std::string>& files) {
    Total total;
    for (const std::string& file : files) {
        char error[PCAP_ERRBUF_SIZE] = "";
        pcap_t* capture = pcap_open_offline(file.c_str(), error);
        if (capture == nullptr) {
            std::fprintf(stderr, "%s: %s\n", file.c_str(), error);
            continue;
        }
        pcap_pkthdr* header = nullptr;
        const u_char* bytes = nullptr;
        int got = 0;
        while ((got = pcap_next_ex(capture, &header, &bytes)) == 1) {
            ++total.packets;
            total.bytes += header->caplen;
        }
        if (got == PCAP_ERROR) std::fprintf(stderr, "%s: %s\n", file.c_str(), pcap_geterr(capture));
        pcap_close(capture);
    }
    return total;
}

double now() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double peak_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

int bench_replay(const std::vector<std::string>& words) {
    herkomst::VolumeOptions options;
    if (words.size() > 1) options.length = std::chrono::hours(std::max(1, std::atoi(words[1].c_str())));
    if (words.size() > 2) options.poll = std::chrono::seconds(std::max(1, std::atoi(words[2].c_str())));
    if (words.size() > 3) options.interval = std::chrono::seconds(std::max(1, std::atoi(words[3].c_str())));
    if (words.size() > 4) options.register_path = words[4];
    const double start = now();
    const herkomst::Volume volume = herkomst::volume_of(options);
    for (std::size_t day = 0; day < volume.days.size(); ++day) {
        const herkomst::Volume::Day& at = volume.days[day];
        std::printf(
            "day %2zu: register %9llu bytes, %llu claims, %zu observations and %zu conversations in %llu bytes of lines\n",
            day + 1, static_cast<unsigned long long>(at.register_bytes), static_cast<unsigned long long>(at.claims),
            at.observations, at.conversations, static_cast<unsigned long long>(at.line_bytes));
    }
    std::printf(
        "%llu packets, %llu runs, %zu assets, at most %zu values of a field, %.0f bytes per device and day, %.0f s, %.1f "
        "MiB\n",
        static_cast<unsigned long long>(volume.packets), static_cast<unsigned long long>(volume.runs), volume.assets,
        volume.values_most, volume.grows_by(0), now() - start, peak_mebibytes());
    return 0;
}

double share(std::uint64_t of, std::uint64_t all) {
    return all == 0 ? 0 : 100.0 * static_cast<double>(of) / static_cast<double>(all);
}

void print(const char* what, const Total& total, double seconds) {
    std::printf("%-10s %12llu packets %14llu bytes %8.3f s %12.0f packets/s %8.1f MB/s\n", what,
                static_cast<unsigned long long>(total.packets), static_cast<unsigned long long>(total.bytes), seconds,
                static_cast<double>(total.packets) / seconds, static_cast<double>(total.bytes) / seconds / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> files(argv + 1, argv + argc);
    if (!files.empty() && files.front() == "vendordb")
        return bench_vendordb(files.size() == 3 && files[1] == "--recog" ? files[2] : std::string());
    if (!files.empty() && files.front() == "assess") return bench_assess({files.begin() + 1, files.end()});
    if (!files.empty() && files.front() == "probes") return bench_probes({files.begin() + 1, files.end()});
    if (!files.empty() && files.front() == "replay") return bench_replay(files);
    if (!files.empty() && files.front() == "input") return herkomst::bench_input({files.begin() + 1, files.end()});
    int rounds = 5;
    if (files.size() > 2 && files[0] == "--rounds") {
        rounds = std::atoi(files[1].c_str());
        files.erase(files.begin(), files.begin() + 2);
    }
    if (files.empty()) {
        std::fprintf(
            stderr,
            "usage: herkomst_bench [--rounds N] FILE... | input ... | replay [HOURS [POLL [INTERVAL [REGISTER]]]] | vendordb "
            "[--recog DIR] | assess [NUMBER...] [--record] | probes [HOSTS [LIVE]]\n");
        return 2;
    }
    if (rounds == 0) {
        std::printf("%zu observations\n", herkomst::analyse(files, {}).observations.list().size());
        return 0;
    }
    read_with_libpcap(files);
    const double before = peak_mebibytes();
    double no_op = 1e9;
    double full = 1e9;
    Total read;
    Total decoded;
    std::size_t observations = 0;
    for (int round = 0; round < rounds; ++round) {
        double start = now();
        read = read_with_libpcap(files);
        no_op = std::min(no_op, now() - start);
        start = now();
        const herkomst::Analysis analysis = herkomst::analyse(files, {});
        observations = analysis.observations.list().size();
        full = std::min(full, now() - start);
        decoded = {};
        for (const herkomst::SourceSummary& source : analysis.sources) {
            decoded.packets += source.packets;
            decoded.bytes += source.bytes;
        }
    }
    print("libpcap", read, no_op);
    print("analyse", decoded, full);
    if (!herkomst::comparable(read.packets, decoded.packets)) {
        std::fprintf(stderr, "no ratio: libpcap read %llu packets of these files and herkomst %llu\n",
                     static_cast<unsigned long long>(read.packets), static_cast<unsigned long long>(decoded.packets));
        return 1;
    }
    std::printf("ratio %.2f, %zu observations, peak memory %.1f MiB (%.1f MiB before)\n", full / no_op, observations,
                peak_mebibytes(), before);
    const herkomst::Novelty novelty = herkomst::novelty_of(files);
    std::printf(
        "of the input: %.1f %% of the TCP bytes were sent before; of %llu openings of flows %.1f %% are new, %.1f packets "
        "each\n",
        share(novelty.tcp_again, novelty.tcp_bytes), static_cast<unsigned long long>(novelty.openings),
        share(novelty.openings_new, novelty.openings),
        static_cast<double>(novelty.packets) / static_cast<double>(std::max<std::uint64_t>(1, novelty.openings)));
    return 0;
}
