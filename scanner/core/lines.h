// The machine interface: one JSON object a line (design: Machine interface, schema herkomst/1). Compact, keys sorted, absent is
// absent.
#pragma once

#include <string>
#include <string_view>

#include "core/conversation.h"
#include "core/json.h"
#include "core/observation.h"

namespace herkomst {

inline constexpr std::string_view schema_name = "herkomst/1";

Json to_json(const Endpoint&);
Json to_json(const Evidence&);
Json to_json(const Observation&);
Json to_json(const ObservationSet::OthersRow&);
Json to_json(const Conversation&);
Json to_json(const Coverage&);

// The other way, for lines that another process or sensor wrote: hostile until read. Every member is checked and cleaned,
// unknown members are ignored; the problem names the member. `place` stands in front of it.
Result<Endpoint> endpoint_from(const Json&, std::string_view place);
Result<Observation> observation_from(const Json&, std::string_view place);
Result<Conversation> conversation_from(const Json&, std::string_view place);
Result<Coverage> coverage_from(const Json&, std::string_view place);

// What an output is labelled with where no register says otherwise (TLP 2.0).
inline constexpr std::string_view default_tlp = "AMBER+STRICT";
// Without a line end. `tlp`: of lines about somebody's network; empty for lines about what herkomst knows by itself.
std::string header_line(std::string_view until, std::string_view vendordb, std::string_view rules, std::string_view tlp = {});

}  // namespace herkomst
