#include "inputs.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "capture/file.h"
#include "capture/peel.h"
#include "other_plant.h"
#include "plant_replay.h"

namespace herkomst {

namespace {

struct Closed {
    void operator()(pcap_t* capture) const { pcap_close(capture); }
    void operator()(pcap_dumper_t* out) const { pcap_dump_close(out); }
};

enum class Copies : std::uint8_t { Same, OtherPlants, OtherDays };

int write_copies(unsigned copies, const std::string& in, const std::string& out, Copies how) {
    char error[PCAP_ERRBUF_SIZE] = "";
    std::unique_ptr<pcap_dumper_t, Closed> dump;
    std::unique_ptr<pcap_t, Closed> first;
    std::vector<std::uint8_t> bytes;
    for (unsigned copy = 0; copy < copies; ++copy) {
        std::unique_ptr<pcap_t, Closed> capture(pcap_open_offline(in.c_str(), error));
        if (!capture || pcap_datalink(capture.get()) != DLT_EN10MB) {
            std::fprintf(stderr, "%s: %s\n", in.c_str(), capture ? "not Ethernet" : error);
            return 3;
        }
        if (!dump) dump.reset(pcap_dump_open(capture.get(), out.c_str()));
        if (!dump) {
            std::fprintf(stderr, "%s: %s\n", out.c_str(), pcap_geterr(capture.get()));
            return 3;
        }
        pcap_pkthdr* header = nullptr;
        const u_char* data = nullptr;
        while (pcap_next_ex(capture.get(), &header, &data) == 1) {
            bytes.assign(data, data + header->caplen);
            if (how == Copies::OtherPlants && copy != 0) move_to_other_plant(bytes, static_cast<std::uint8_t>(copy << 5));
            if (how == Copies::OtherDays) {
                move_to_other_connection(bytes, copy << 29);
                header->ts.tv_sec += 86'400 * static_cast<long>(copy);
            }
            pcap_dump(reinterpret_cast<u_char*>(dump.get()), header, bytes.data());
        }
        // The dumper asks its first capture for nothing more, but libpcap does not promise that.
        if (!first) first = std::move(capture);
    }
    return 0;
}

int write_plant(int hours, const std::string& out) {
    const std::unique_ptr<pcap_t, Closed> none(pcap_open_dead(DLT_EN10MB, 65'535));
    const std::unique_ptr<pcap_dumper_t, Closed> dump(pcap_dump_open(none.get(), out.c_str()));
    if (!dump) {
        std::fprintf(stderr, "%s: %s\n", out.c_str(), pcap_geterr(none.get()));
        return 3;
    }
    PlantReplay plant;
    plant.interval = [](Time) {};
    plant.packet = [&](const Packet& packet) {
        const auto since = packet.at.time_since_epoch();
        pcap_pkthdr header{};
        header.ts.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(since).count();
        header.caplen = static_cast<bpf_u_int32>(packet.bytes.size());
        header.len = packet.wire_length;
        pcap_dump(reinterpret_cast<u_char*>(dump.get()), &header, packet.bytes.data());
    };
    const Time start{std::chrono::seconds(1'780'000'000)};
    plant.run(start, start + std::chrono::hours(hours));
    return 0;
}

}  // namespace

Novelty novelty_of(const std::vector<std::string>& files) {
    struct Known {
        Time last{};
        std::array<std::uint32_t, 2> next{};  // of either side: what comes after all that it has sent
        std::array<bool, 2> begun{};
        std::unordered_set<std::uint32_t> beginnings;  // sequence numbers of its SYNs
    };
    Novelty out;
    Peeler peeler;
    Peeled peeled;
    std::unordered_map<std::uint64_t, Known> flows;
    const auto count = [&] {
        std::uint64_t words = peeled.hash;
        for (const std::uint64_t word : peeled.key.words) words = mixed(words, word);
        const auto [at, fresh] = flows.try_emplace(words);
        Known& flow = at->second;
        const bool is_tcp = peeled.kind == Kind::Tcp;
        const unsigned side = peeled.low_to_high ? 0 : 1;
        const bool opens = is_tcp && (peeled.flags & (tcp_flag::syn | tcp_flag::ack)) == tcp_flag::syn;
        const bool silent = peeled.at > flow.last + std::chrono::minutes(1) || peeled.at + std::chrono::minutes(1) < flow.last;
        bool is_new = fresh;
        if (opens) is_new = flow.beginnings.insert(peeled.sequence).second;
        if (fresh || opens || (!is_tcp && silent)) {
            ++out.openings;
            if (is_new) ++out.openings_new;
        }
        flow.last = peeled.at;
        if (!is_tcp) return;
        // A connection that was not there before counts from its own numbers.
        if (opens && is_new) flow.begun = {};
        out.tcp_bytes += peeled.payload_claimed;
        const std::uint32_t end = peeled.sequence + peeled.payload_claimed;
        if (!flow.begun[side]) {
            flow.begun[side] = true;
            flow.next[side] = end;
            return;
        }
        const auto further = static_cast<std::int32_t>(end - flow.next[side]);
        if (further <= 0) {
            out.tcp_again += peeled.payload_claimed;
            return;
        }
        out.tcp_again += peeled.payload_claimed - std::min(peeled.payload_claimed, static_cast<std::uint32_t>(further));
        flow.next[side] = end;
    };
    for (const std::string& file : files) {
        Problems problems;
        const std::unique_ptr<CaptureFile> capture = CaptureFile::open(file, problems);
        Packet packet;
        while (capture && capture->next(packet)) {
            ++out.packets;
            if (peeler.peel(packet, peeled)) count();
            while (peeler.more()) {
                if (peeler.next(peeled)) count();
            }
        }
    }
    return out;
}

int bench_input(const std::vector<std::string>& words) {
    const int number = words.size() > 1 ? std::atoi(words[1].c_str()) : 0;
    if (words.size() == 4 && number >= 1 && number <= 8) {
        const auto copies = static_cast<unsigned>(number);
        if (words[0] == "repeat") return write_copies(copies, words[2], words[3], Copies::Same);
        if (words[0] == "copies") return write_copies(copies, words[2], words[3], Copies::OtherPlants);
        if (words[0] == "days") return write_copies(copies, words[2], words[3], Copies::OtherDays);
    }
    if (words.size() == 3 && words[0] == "plant" && number >= 1) return write_plant(number, words[2]);
    std::fprintf(stderr, "usage: herkomst_bench input copies|days|repeat N IN OUT | plant HOURS OUT   (N at most 8)\n");
    return 2;
}

}  // namespace herkomst
