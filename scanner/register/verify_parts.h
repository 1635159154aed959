// Parts of `verify` (verify.h) that need nothing of what the events say but their hashes. Internal to this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "register/sql.h"
#include "register/verify.h"

namespace herkomst {

using Complain = std::function<void(std::string)>;
using EventHashes = std::map<std::int64_t, std::string>;  // by number of the event

// Every table, trigger, view and index of the schema is there as this program makes it, and no trigger besides.
void verify_schema(sql::Database&, const Complain&);
// Every signature holds, over an event that is there and that one. `trusted_key` (PEM): others count as none; empty: each
// counts. The last event under one; 0: there is none.
std::int64_t verify_signatures(sql::Database&, const EventHashes&, std::string_view trusted_key, const Complain&);
void verify_kept_head(const KeptHead&, const EventHashes&, const Complain&);

}  // namespace herkomst
