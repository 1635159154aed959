// People's work on a question, when facts arrive and when they are gone: nothing that a person did is lost.
#include <algorithm>

#include "register/history.h"
#include "register/open.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace carried_test {

TEST_SUITE_BEGIN("register.carried");

namespace {

constexpr const char* mac_1 = "00:00:5e:00:53:01";
constexpr const char* mac_2 = "00:00:5e:00:53:02";
constexpr const char* mac_3 = "00:00:5e:00:53:03";

Device inverter(const char* mac, const char* ip, bool decided) {
    Device out{mac, ip, {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}}};
    if (decided) out.says.emplace_back(Field::remote_blocked, "0");
    return out;
}
std::vector<Device> two(bool first, bool second) {
    return {inverter(mac_1, "10.1.0.1", first), inverter(mac_2, "10.1.0.2", second)};
}

// A rule that asks the supplier, beside those of the plant.
struct Asked {
    explicit Asked(const std::string& name) : folder(name) {
        std::string text = rule(
            "asked", "facts", "known(category) AND category = 'solar_inverter' AND remote_blocked = 0",
            R"([{"facts":{"category":"solar_inverter"},"verdict":"undecided"},{"facts":{"category":"solar_inverter","remote_blocked":0},"verdict":"fires"},{"facts":{"category":"plc"},"verdict":"does_not"}])");
        text.replace(text.find(R"("over":"facts")"), 14, R"("over":"facts","ask":"vendor")");
        text.replace(text.find("THE-IMPACT"), 10, "3");
        folder.put("rules/policies/year/asked.json", text);
        plant.emplace(folder, folder.at("site.db"));
    }
    Register held() const { return Register::open(plant->path()); }
    OverviewFinding question() const { return plant->finding("asked", "riverside"); }
    OverviewFinding of(const char* mac) const { return plant->finding("asked", plant->uid(mac)); }
    std::int64_t number(const std::string& query) const { return held().connection().database.number(query); }
    void sound() const {
        for (const std::string& each : verify(held()).problems) FAIL_CHECK(each);
    }
    std::vector<std::string> measures(const std::string& finding) const {
        std::vector<std::string> out;
        for (const OverviewMeasure& each : plant->look().measures) {
            if (each.finding == finding) out.push_back(each.work.at("title") + " " + each.work.at("state"));
        }
        return out;
    }
    Folder folder;
    std::optional<Plant> plant;
};

}  // namespace

TEST_CASE("what people set at a question goes along to each finding that it becomes, and the history says so") {
    Asked site("carried");
    site.plant->run(two(false, false), 0);
    const std::string question = site.question().finding.id;
    {
        Register held = site.held();
        good(move(held, question, "investigating", {}, analyst(1, "asked the supplier")));
        good(set_fields(held, "finding", question,
                        {{"owner", "R. Owner"}, {"due", "2026-05-01"}, {"note", "they answer in April"}}, analyst(1, "")));
        good(add_measure(held, question, {{"title", "block the way out"}, {"state", "planned"}}, analyst(1, "")));
    }
    // Of one of the two it is decided; the question stands for the other.
    site.plant->run(two(true, false), 2);
    const OverviewFinding one = site.of(mac_1);
    CHECK(one.finding.verdict == Ruling::Open);
    CHECK(one.status == "investigating");
    CHECK(one.work_at("owner") == "R. Owner");
    CHECK(one.work_at("due") == "2026-05-01");
    CHECK(one.work_at("note") == "they answer in April");
    CHECK(site.measures(one.finding.id) == std::vector<std::string>{"block the way out planned"});
    CHECK(site.measures(question) == std::vector<std::string>{"block the way out planned"});
    CHECK(site.question().work_at("owner") == "R. Owner");
    for (const std::string& each : {one.finding.id, question}) {
        const auto story = history(site.held(), "finding", each);
        CHECK(std::any_of(story.begin(), story.end(), [](const HistoryRow& row) { return row.event == "carried"; }));
    }
    // Once is enough, and what is done at the one is not undone.
    {
        Register held = site.held();
        good(set_fields(held, "finding", one.finding.id, {{"note", "seen in the cabinet"}}, analyst(3, "")));
        good(set_fields(held, "finding", one.finding.id, {{"due", ""}}, analyst(3, "")));
    }
    const std::int64_t before = site.number("SELECT count(*) FROM events WHERE event = 'carried'");
    site.plant->run(two(true, false), 4);
    CHECK(site.number("SELECT count(*) FROM events WHERE event = 'carried'") == before);
    CHECK(site.of(mac_1).work_at("due").empty());
    // A new device of that supplier was never asked about; the other one of the two was.
    std::vector<Device> three = two(true, true);
    three.push_back(inverter(mac_3, "10.1.0.3", true));
    site.plant->run(three, 6);
    CHECK(site.of(mac_2).work_at("owner") == "R. Owner");
    CHECK(site.of(mac_2).work_at("note") == "they answer in April");
    CHECK(site.of(mac_3).work_at("owner").empty());
    CHECK(site.of(mac_1).work_at("note") == "seen in the cabinet");
    CHECK(site.question().observation != "observed");
    site.sound();
}

TEST_CASE("a finding that becomes a question again: what people set goes back with it, and comes again") {
    Asked site("carried_back");
    site.plant->run(two(true, true), 0);
    const std::string finding = site.of(mac_1).finding.id;
    {
        Register held = site.held();
        good(move(held, finding, "assessed", {}, analyst(1, "looked at")));
        good(set_fields(held, "finding", finding, {{"owner", "Network"}, {"note", "ask again in May"}}, analyst(1, "")));
    }
    site.plant->run(two(false, true), 2);
    CHECK(site.question().work_at("owner") == "Network");
    CHECK(site.question().work_at("note") == "ask again in May");
    CHECK(site.question().status == "assessed");
    CHECK(site.of(mac_1).work_at("owner") == "Network");
    {
        Register held = site.held();
        good(set_fields(held, "finding", site.question().finding.id, {{"owner", "R. Owner"}}, analyst(3, "")));
    }
    site.plant->run(two(true, true), 4);
    CHECK(site.of(mac_1).work_at("owner") == "R. Owner");
    CHECK(site.of(mac_1).work_at("note") == "ask again in May");
    // The other one stood all the time.
    CHECK(site.of(mac_2).work_at("owner").empty());
    site.sound();
}

TEST_CASE("who accepted a question accepted what it may be at worst; who closed one closed no finding") {
    Asked site("carried_decision");
    site.plant->run(two(false, false), 0);
    const std::string question = site.question().finding.id;
    Register held = site.held();
    good(move(held, question, "assessed", {{"owner", "R. Owner"}}, analyst(1, "looked at")));
    SUBCASE("accepted") {
        good(move(held, question, "accepted", {{"accepted_until", "2026-06-01"}}, owner(1, "until the tender")));
        site.plant->run(two(true, true), 2);
        CHECK(site.of(mac_1).status == "accepted");
        CHECK(site.of(mac_1).work_at("accepted_by") == "R. Owner");
        CHECK(site.of(mac_2).work_at("accepted_until") == "2026-06-01");
        // And it ends on its day, as any other.
        site.plant->run(two(true, true), 160);
        CHECK(site.of(mac_1).status == "assessed");
    }
    SUBCASE("closed") {
        good(move(held, question, "closed", {{"closure_reason", "no_longer_applicable"}}, owner(1, "not ours")));
        site.plant->run(two(true, true), 2);
        CHECK(site.of(mac_1).status == "new");
        CHECK(site.of(mac_1).work_at("owner") == "R. Owner");
        CHECK(site.of(mac_1).work_at("closure_reason").empty());
    }
    site.sound();
}

TEST_CASE("a question about one device and the finding that it becomes are one row, with all that people set") {
    Asked site("carried_same");
    site.plant->run(two(false, false), 0);
    const std::string uid = site.plant->uid(mac_1);
    const std::string question = site.plant->finding("path", uid).finding.id;
    {
        Register held = site.held();
        good(set_fields(held, "finding", question, {{"owner", "Network"}}, analyst(1, "")));
    }
    site.plant->run(two(true, false), 2);
    CHECK(site.plant->finding("path", uid).finding.id == question);
    CHECK(site.plant->finding("path", uid).finding.verdict == Ruling::Open);
    CHECK(site.plant->finding("path", uid).work_at("owner") == "Network");
}

TEST_SUITE_END();

}  // namespace carried_test
