#include <pcap/pcap.h>
#include <poll.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "capture/live.h"

namespace herkomst {

namespace {

struct ClosePcap {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
struct CloseDump {
    void operator()(pcap_dumper_t* dump) const { pcap_dump_close(dump); }
};

}  // namespace

namespace {

struct Writer {
    pcap_dumper_t* dump;
    std::uint64_t packets = 0;
};
void write(u_char* to, const pcap_pkthdr* header, const u_char* bytes) {
    auto* writer = reinterpret_cast<Writer*>(to);
    ++writer->packets;
    pcap_dump(reinterpret_cast<u_char*>(writer->dump), header, bytes);
}

}  // namespace

Recorded record_live(const std::string& interface, std::chrono::milliseconds duration, const std::string& path) {
    char trouble[PCAP_ERRBUF_SIZE] = {};
    const std::unique_ptr<pcap_t, ClosePcap> pcap(pcap_create(interface.c_str(), trouble));
    if (!pcap) return {interface + ": " + trouble};
    pcap_set_snaplen(pcap.get(), LiveInterface::snap_length);
    pcap_set_promisc(pcap.get(), 1);
    pcap_set_timeout(pcap.get(), 100);
    if (pcap_activate(pcap.get()) < 0) return {interface + ": " + pcap_geterr(pcap.get())};
    if (pcap_setnonblock(pcap.get(), 1, trouble) != 0) return {interface + ": " + trouble};
    const std::unique_ptr<pcap_dumper_t, CloseDump> dump(pcap_dump_open(pcap.get(), path.c_str()));
    if (!dump) return {path + ": " + pcap_geterr(pcap.get())};
    Writer writer{dump.get()};
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {
        pollfd packets{pcap_get_selectable_fd(pcap.get()), POLLIN, 0};
        ::poll(&packets, 1, 100);
        if (pcap_dispatch(pcap.get(), -1, write, reinterpret_cast<u_char*>(&writer)) < 0)
            return {interface + ": " + pcap_geterr(pcap.get())};
        // pcap_dump says nothing of what it could not write.
        if (std::ferror(pcap_dump_file(dump.get())) != 0) return {path + ": " + std::strerror(errno)};
    }
    if (pcap_dump_flush(dump.get()) != 0) return {path + ": " + std::strerror(errno)};
    pcap_stat counts{};
    if (pcap_stats(pcap.get(), &counts) != 0) return {interface + ": " + pcap_geterr(pcap.get())};
    return {{}, writer.packets, std::uint64_t{counts.ps_drop} + counts.ps_ifdrop};
}

}  // namespace herkomst
