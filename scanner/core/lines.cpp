#include "core/lines.h"

namespace herkomst {

namespace {

void put(Json& object, std::string_view key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

void put(Json& object, const Seen& seen) {
    // An inventory without a date has no time: absent, not 1970.
    if (seen.first != Time{}) object["first_seen"] = rfc3339(seen.first);
    if (seen.last != Time{}) object["last_seen"] = rfc3339(seen.last);
    object["count"] = seen.count;
}

}  // namespace

Json to_json(const Endpoint& endpoint) {
    Json object = Json::object();
    put(object, "site", endpoint.site);
    put(object, "vlan", endpoint.vlan.text());
    if (endpoint.mac.known()) object["mac"] = endpoint.mac.text();
    if (endpoint.ip.known()) object["ip"] = endpoint.ip.text();
    for (const std::string& step : endpoint.path) object["path"].push(step);
    put(object, "software", endpoint.software);
    return object;
}

Json to_json(const Evidence& evidence) {
    Json object = Json::object();
    put(object, "source", evidence.source);
    object["frame"] = evidence.frame;
    if (evidence.end != 0) object["bytes"] = JsonArray{Json(std::uint64_t{evidence.begin}), Json(std::uint64_t{evidence.end})};
    return object;
}

Json to_json(const Observation& observation) {
    Json object = Json::object();
    object["type"] = "observation";
    object["subject"] = to_json(observation.subject);
    object["field"] = name(observation.field);
    object["value"] = observation.value;
    object["strength"] = name(observation.strength);
    object["method"] = observation.method;
    object["from"] = to_json(observation.from);
    put(object, observation.seen);
    return object;
}

Json to_json(const ObservationSet::OthersRow& row) {
    Json object = Json::object();
    object["type"] = "others";
    object["subject"] = to_json(row.subject);
    object["field"] = name(row.field);
    object["count"] = row.count;
    return object;
}

Json to_json(const Conversation& conversation) {
    Json object = Json::object();
    object["type"] = "conversation";
    object["a"] = to_json(conversation.a);
    object["b"] = to_json(conversation.b);
    put(object, "b_name", conversation.b_name);
    put(object, "service", conversation.service);
    put(object, "opened_by", conversation.opened_by);
    object["bytes_ab"] = conversation.bytes_ab;
    object["bytes_ba"] = conversation.bytes_ba;
    put(object, conversation.seen);
    return object;
}

Json to_json(const Coverage& coverage) {
    Json object = Json::object();
    object["type"] = "coverage";
    object["subject"] = to_json(coverage.subject);
    object["asked"] = coverage.asked;
    object["outcome"] = coverage.outcome;
    object["count"] = coverage.count;
    return object;
}

std::string header_line(std::string_view until, std::string_view vendordb, std::string_view rules) {
    Json object = Json::object();
    object["type"] = "header";
    object["schema"] = schema_name;
    object["until"] = until;
    if (!vendordb.empty()) object["vendordb"] = vendordb;
    if (!rules.empty()) object["rules"] = rules;
    return write_json(object);
}

}  // namespace herkomst
