#include <pcap/pcap.h>
#include <poll.h>

#include <chrono>
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

std::string record_live(const std::string& interface, std::chrono::milliseconds duration, const std::string& path) {
    char trouble[PCAP_ERRBUF_SIZE] = {};
    const std::unique_ptr<pcap_t, ClosePcap> pcap(pcap_create(interface.c_str(), trouble));
    if (!pcap) return interface + ": " + trouble;
    pcap_set_snaplen(pcap.get(), LiveInterface::snap_length);
    pcap_set_promisc(pcap.get(), 1);
    pcap_set_timeout(pcap.get(), 100);
    if (pcap_activate(pcap.get()) < 0) return interface + ": " + pcap_geterr(pcap.get());
    if (pcap_setnonblock(pcap.get(), 1, trouble) != 0) return interface + ": " + trouble;
    const std::unique_ptr<pcap_dumper_t, CloseDump> dump(pcap_dump_open(pcap.get(), path.c_str()));
    if (!dump) return path + ": " + pcap_geterr(pcap.get());
    const auto end = std::chrono::steady_clock::now() + duration;
    while (std::chrono::steady_clock::now() < end) {
        pollfd packets{pcap_get_selectable_fd(pcap.get()), POLLIN, 0};
        ::poll(&packets, 1, 100);
        if (pcap_dispatch(pcap.get(), -1, pcap_dump, reinterpret_cast<u_char*>(dump.get())) < 0)
            return interface + ": " + pcap_geterr(pcap.get());
    }
    return {};
}

}  // namespace herkomst
