// Any text as a line that a sensor or another process wrote: problems, or a value that is written and read again unchanged.
#include "core/lines.h"

#include "core/text.h"
#include "fuzz.h"

using namespace herkomst;

namespace {

template <class T>
void same_again(const Result<T>& value, Result<T> (*read)(const Json&, std::string_view)) {
    if (!value) {
        promise(!value.problems().empty(), "a refusal says why");
        return;
    }
    const Json once = to_json(value.value());
    const Result<T> again = read(once, "again");
    promise(again.ok(), "what is written can be read");
    promise(write_json(to_json(again.value())) == write_json(once), "what is read again is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<Json> json = parse_json(std::string_view(reinterpret_cast<const char*>(data), size), "input");
    if (!json) return 0;
    same_again(endpoint_from(json.value(), "input"), endpoint_from);
    same_again(conversation_from(json.value(), "input"), conversation_from);
    same_again(coverage_from(json.value(), "input"), coverage_from);
    const Result<Observation> observation = observation_from(json.value(), "input");
    if (observation) promise(clean(observation.value().value, 512) == observation.value().value, "values are clean");
    same_again(observation, observation_from);
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    Observation observation;
    observation.subject.site = "north";
    observation.subject.vlan = {12, 34};
    observation.subject.mac = Mac{{0x00, 0x00, 0x5e, 0x00, 0x53, 0x0a}};
    observation.subject.ip = IpAddress::v4(0xc000020aU);
    observation.subject.path = {"modbus/502/1", "bacnet/1200:7"};
    observation.subject.software = "nginx";
    observation.field = Field::model;
    observation.value = "PLC-5";
    observation.strength = Strength::Stated;
    observation.method = "modbus.device_id";
    observation.from = {"sha256:00", 7, 54, 61};
    observation.seen = {Time(std::chrono::seconds(1'700'000'000)), Time(std::chrono::seconds(1'700'000'060)), 3};
    Conversation conversation;
    conversation.a = observation.subject;
    Coverage coverage;
    coverage.subject = observation.subject;
    return {write_json(to_json(observation)), write_json(to_json(conversation)), write_json(to_json(coverage)),
            write_json(to_json(observation.subject))};
}
