// Any bytes as a scope file: problems, or a scope that says of every address the same in all its answers.
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "fuzz.h"
#include "probes/scope.h"

using namespace herkomst;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Larger files only take longer.
    if (size > (std::size_t{32} << 10)) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Result<Scope> read = parse_scope(text, "fuzz.json");
    if (!read) {
        promise(!read.problems().empty(), "what is refused says why");
        return 0;
    }
    const Scope& scope = read.value();
    promise(!scope.authorised_by.empty() && scope.from < scope.until, "a scope has a name and an end");
    std::uint64_t most = 0;
    for (const ScopeRange& range : scope.ranges) {
        promise(range.range.size() <= AddressRange::addresses_max, "a range is bounded");
        most += range.range.size();
        const auto again = AddressRange::parse(range.range.text());
        promise(again && again->text() == range.range.text(), "a range survives being written down");
    }
    (void)scope.closed_at(scope.from);
    if (most > 4096) return 0;
    for (const IpAddress& address : scope.addresses()) {
        promise(scope.range_of(address) != nullptr, "an address in scope has its range");
        promise(!scope.excluded(address), "what is excluded is not asked");
        (void)scope.fragile_to("modbus", address);
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {
        R"({"schema": "herkomst-scope/1", "authorised_by": "A. Owner", "purpose": "inventory",
            "valid": {"from": "2026-01-01T00:00:00Z", "until": "2026-12-31T00:00:00Z"},
            "windows": [{"days": ["mon", "tue"], "from": "22:00", "until": "05:00", "utc_offset": "+01:00"}],
            "ranges": [{"range": "192.0.2.0/28", "families": ["ot", "it"], "pause": "2s", "gateway": true, "units": [1, 2],
                        "ports": {"modbus": [1502]}, "communities": ["example"], "maker": "sungrow"},
                       {"range": "2001:db8::10-2001:db8::1f", "probes": ["modbus"]}],
            "exclude": ["192.0.2.3", "192.0.2.8-192.0.2.9"],
            "interfaces": [{"name": "eth0", "broadcast": true, "families": ["ot"]}],
            "fragile": [{"range": "192.0.2.4", "tolerates": ["http"], "why": "an old controller"}],
            "budget": {"time": "2h", "device_bytes": 100000, "device_requests": 50}})",
        R"({"schema": "herkomst-scope/1", "ranges": [{"range": "2001:db8::1-2001:db8::5"}]})"};
}
