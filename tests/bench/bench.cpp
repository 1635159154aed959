// herkomst_bench vendordb: see vendordb.cpp; assess: see assess.cpp. herkomst_bench FILE...: what reading and decoding costs
// beside reading alone, in one process.
//
// First libpcap reads every file and adds up captured lengths (what any program must do), then analyse() does all its work on
// one thread. Files are read once before, so that both find them in memory. Prints packets and bytes per second of both, their
// ratio, and the peak memory of the process before and after analyse().
#include <pcap/pcap.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "assess.h"
#include "capture/analysis.h"
#include "vendordb.h"

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
        while (pcap_next_ex(capture, &header, &bytes) == 1) {
            ++total.packets;
            total.bytes += header->caplen;
        }
        pcap_close(capture);
    }
    return total;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peak_mebibytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

void print(const char* what, const Total& total, double seconds) {
    std::printf("%-10s %12llu packets %14llu bytes %8.3f s %12.0f packets/s %8.1f MB/s\n", what,
                static_cast<unsigned long long>(total.packets), static_cast<unsigned long long>(total.bytes), seconds,
                static_cast<double>(total.packets) / seconds, static_cast<double>(total.bytes) / seconds / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> files(argv + 1, argv + argc);
    if (!files.empty() && files.front() == "vendordb")
        return bench_vendordb(files.size() == 3 && files[1] == "--recog" ? files[2] : std::string());
    if (!files.empty() && files.front() == "assess") return bench_assess({files.begin() + 1, files.end()});
    if (files.empty()) {
        std::fprintf(stderr, "usage: herkomst_bench FILE... | vendordb [--recog DIR] | assess [NUMBER...] [--record]\n");
        return 2;
    }
    read_with_libpcap(files);
    double no_op = 1e9;
    Total read;
    for (int round = 0; round < 3; ++round) {
        const auto start = std::chrono::steady_clock::now();
        read = read_with_libpcap(files);
        no_op = std::min(no_op, seconds_since(start));
    }
    print("libpcap", read, no_op);
    const double before = peak_mebibytes();
    double full = 1e9;
    Total decoded;
    std::size_t observations = 0;
    for (int round = 0; round < 3; ++round) {
        const auto start = std::chrono::steady_clock::now();
        const herkomst::Analysis analysis = herkomst::analyse(files, {});
        full = std::min(full, seconds_since(start));
        decoded = {};
        for (const herkomst::SourceSummary& source : analysis.sources) {
            decoded.packets += source.packets;
            decoded.bytes += source.bytes;
        }
        observations = analysis.observations.list().size();
    }
    print("analyse", decoded, full);
    std::printf("ratio %.2f, %zu observations, peak memory %.1f MiB (%.1f MiB before)\n", full / no_op, observations,
                peak_mebibytes(), before);
    return 0;
}
