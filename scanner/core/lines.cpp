#include "core/lines.h"

#include "core/text.h"

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
    if (!conversation.b_name_from.source.empty()) object["b_name_from"] = to_json(conversation.b_name_from);
    put(object, "service", conversation.service);
    put(object, "opened_by", conversation.opened_by);
    object["bytes_ab"] = conversation.bytes_ab;
    object["bytes_ba"] = conversation.bytes_ba;
    put(object, conversation.seen);
    // Of one conversation the opening is its beginning; of several they are told as milliseconds after the first.
    const Time began = std::chrono::floor<std::chrono::milliseconds>(conversation.seen.first);
    const std::vector<Time>& openings = conversation.openings.times();
    if (openings.size() > 1) {
        for (const Time at : openings)
            object["openings"].push(std::chrono::duration_cast<std::chrono::milliseconds>(at - began).count());
    }
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

namespace {

constexpr std::size_t steps_max = 8;

Problem wrong(std::string_view place, std::string_view member) {
    return {std::string(place) + ": /" + std::string(member), "is missing or not what it should be"};
}

bool seen_from(const Json& object, Seen& seen) {
    if (object["count"].integer(-1) < 0) return false;
    seen.count = static_cast<std::uint64_t>(object["count"].integer());
    for (auto [key, into] : {std::pair{"first_seen", &seen.first}, std::pair{"last_seen", &seen.last}}) {
        if (!object.has(key)) continue;
        const auto time = parse_rfc3339(object[key].string());
        if (!time) return false;
        *into = *time;
    }
    return true;
}

}  // namespace

Result<Endpoint> endpoint_from(const Json& object, std::string_view place) {
    Endpoint endpoint;
    if (!object.is_object()) return wrong(place, "subject");
    endpoint.site = clean(object["site"].string(), 128);
    endpoint.software = clean(object["software"].string(), 128);
    if (object.has("vlan")) {
        const auto vlan = Vlan::parse(object["vlan"].string());
        if (!vlan) return wrong(place, "subject/vlan");
        endpoint.vlan = *vlan;
    }
    if (object.has("mac")) {
        const auto mac = Mac::parse(object["mac"].string());
        if (!mac) return wrong(place, "subject/mac");
        endpoint.mac = *mac;
    }
    if (object.has("ip")) {
        const auto ip = IpAddress::parse(object["ip"].string());
        if (!ip) return wrong(place, "subject/ip");
        endpoint.ip = *ip;
    }
    if (object["path"].items().size() > steps_max) return wrong(place, "subject/path");
    for (const Json& step : object["path"].items()) {
        std::string text = clean(step.string(), 64);
        if (text.empty()) return wrong(place, "subject/path");
        endpoint.path.push_back(std::move(text));
    }
    return endpoint;
}

namespace {

// The name of the member that is not what it should be, or nothing.
std::string_view evidence_from(const Json& from, Evidence& evidence) {
    evidence.source = clean(from["source"].string(), 64);
    if (from["frame"].integer(-1) < 0) return "frame";
    evidence.frame = static_cast<std::uint64_t>(from["frame"].integer());
    if (!from.has("bytes")) return "";
    const std::int64_t begin = from["bytes"].at(0).integer(-1);
    const std::int64_t end = from["bytes"].at(1).integer(-1);
    if (begin < 0 || end < begin || end > UINT32_MAX) return "bytes";
    evidence.begin = static_cast<std::uint32_t>(begin);
    evidence.end = static_cast<std::uint32_t>(end);
    return "";
}

}  // namespace

Result<Observation> observation_from(const Json& object, std::string_view place) {
    Observation observation;
    Result<Endpoint> subject = endpoint_from(object["subject"], place);
    if (!subject) return subject.problems();
    observation.subject = std::move(subject.value());
    const auto field = field_named(object["field"].string());
    if (!field) return wrong(place, "field");
    observation.field = *field;
    observation.value = clean(object["value"].string(), 512);
    if (observation.value.empty()) return wrong(place, "value");
    const auto strength = strength_named(object["strength"].string());
    if (!strength) return wrong(place, "strength");
    observation.strength = *strength;
    observation.method = clean(object["method"].string(), 64);
    if (observation.method.empty()) return wrong(place, "method");
    if (const std::string_view member = evidence_from(object["from"], observation.from); !member.empty())
        return wrong(place, "from/" + std::string(member));
    if (!seen_from(object, observation.seen)) return wrong(place, "count");
    return observation;
}

Result<Conversation> conversation_from(const Json& object, std::string_view place) {
    Conversation conversation;
    Result<Endpoint> a = endpoint_from(object["a"], place);
    if (!a) return a.problems();
    Result<Endpoint> b = endpoint_from(object["b"], place);
    if (!b) return b.problems();
    conversation.a = std::move(a.value());
    conversation.b = std::move(b.value());
    conversation.b_name = clean(object["b_name"].string(), 253);
    if (object.has("b_name_from")) {
        const std::string_view member = evidence_from(object["b_name_from"], conversation.b_name_from);
        if (!member.empty()) return wrong(place, "b_name_from/" + std::string(member));
    }
    conversation.service = clean(object["service"].string(), 64);
    conversation.opened_by = clean(object["opened_by"].string(), 16);
    if (object["bytes_ab"].integer(-1) < 0 || object["bytes_ba"].integer(-1) < 0) return wrong(place, "bytes_ab");
    conversation.bytes_ab = static_cast<std::uint64_t>(object["bytes_ab"].integer());
    conversation.bytes_ba = static_cast<std::uint64_t>(object["bytes_ba"].integer());
    if (!seen_from(object, conversation.seen)) return wrong(place, "count");
    const Time began = std::chrono::floor<std::chrono::milliseconds>(conversation.seen.first);
    if (object["openings"].items().size() > Openings::most) return wrong(place, "openings");
    if (conversation.seen.count == 1 && conversation.opened_by == "a") conversation.openings.add(began);
    for (const Json& each : object["openings"].items()) {
        const std::int64_t after = each.integer(-1);
        const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(conversation.seen.last - began);
        if (after < 0 || after > length.count()) return wrong(place, "openings");
        conversation.openings.add(began + std::chrono::milliseconds(after));
    }
    return conversation;
}

Result<Coverage> coverage_from(const Json& object, std::string_view place) {
    Coverage coverage;
    Result<Endpoint> subject = endpoint_from(object["subject"], place);
    if (!subject) return subject.problems();
    coverage.subject = std::move(subject.value());
    coverage.asked = clean(object["asked"].string(), 64);
    coverage.outcome = clean(object["outcome"].string(), 64);
    if (coverage.asked.empty() || coverage.outcome.empty() || object["count"].integer(-1) < 0) return wrong(place, "outcome");
    coverage.count = static_cast<std::uint64_t>(object["count"].integer());
    return coverage;
}

std::string header_line(std::string_view until, std::string_view vendordb, std::string_view rules, std::string_view tlp) {
    Json object = Json::object();
    object["type"] = "header";
    object["schema"] = schema_name;
    object["until"] = until;
    if (!tlp.empty()) object["tlp"] = tlp;
    if (!vendordb.empty()) object["vendordb"] = vendordb;
    if (!rules.empty()) object["rules"] = rules;
    return write_json(object);
}

}  // namespace herkomst
