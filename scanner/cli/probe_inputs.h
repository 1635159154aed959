// What `herkomst probe` needs before it may send: who says so, the scope file, and what is known of the devices.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/vendor_data.h"
#include "core/address_range.h"
#include "probes/gate.h"
#include "probes/scope.h"

namespace herkomst {

struct ProbeInputs {
    std::vector<std::string> sources;
    std::string scope;
    std::string scope_key;
    std::string authorised;
    std::string register_path;
    std::string site;
    std::string listen;  // an interface
    std::string listen_for = "60s";
    bool people_devices = false;
    std::vector<AddressRange> own;  // public addresses of the site
    VendorData vendor_data;
};

// Reads the scope file. Prints why not; then `exit_code` is exit_usage for what cannot be read and exit_refused for what is not
// allowed. `dry`: nothing will be sent, so nobody needs to be authorised and the time does not matter.
std::optional<Scope> scope_for(const ProbeInputs&, Time now, bool dry, int& exit_code);
// What captures, inventories, the register and an interface say. Prints problems.
// `record`: the folder of a run's record, which is this run's alone (RecordLock). What somebody listened to there counts, and
// is added to; nothing is removed. Of a record that is taken up its answers count as well, but no session in it: those were
// ours.
std::optional<Knowledge> knowledge_for(ProbeInputs&, const std::string& record, bool resume, const VendorDb&, Time now,
                                       int& exit_code);
// What the answers in the record's packets tell, kept as observations (learnt.ndjson) before the packets go: a run that takes
// the record up with a wider scope knows makers, buses and values as the first one did. Throws std::runtime_error.
void keep_learnt(const std::string& record);

}  // namespace herkomst
