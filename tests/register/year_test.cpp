// A year in the life of a register, in 24 runs: devices come, go, change address and firmware, are replaced, their maker is
// sold, a path is cut, an acceptance ends; and people decide in between.
#include <fmt/core.h>

#include <algorithm>

#include <cstdlib>
#include <map>

#include "core/file.h"
#include "plant.h"
#include "register/history.h"
#include "register/keep.h"
#include "register/open.h"
#include "register/verify.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace year_test {

TEST_SUITE_BEGIN("register_year");

namespace {

constexpr const char* mac_a = "00:00:5e:00:53:0a";
constexpr const char* mac_b = "00:00:5e:00:53:0b";
constexpr const char* mac_c = "00:00:5e:00:53:0c";
constexpr const char* mac_d = "00:00:5e:00:53:0d";
constexpr const char* mac_e = "00:00:5e:00:53:0e";
constexpr const char* mac_f = "00:00:5e:00:53:f1";
constexpr const char* mac_f2 = "00:00:5e:00:53:f2";
constexpr const char* mac_g = "00:00:5e:00:53:91";
constexpr const char* mac_h = "00:00:5e:00:53:92";
constexpr const char* mac_new_c = "00:00:5e:00:53:cc";

Device inverter(const char* mac, const char* ip, const char* firmware = "1.0") {
    return {mac,
            ip,
            {{Field::brand, "Example riverside"},
             {Field::model, "RS50K"},
             {Field::firmware, firmware},
             {Field::remote_blocked, "0"}}};
}
Device cut(const char* mac, const char* ip) {
    return {
        mac,
        ip,
        {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}, {Field::firmware, "1.0"}, {Field::remote_blocked, "1"}}};
}
Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}
Device clone(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example meadow"}, {Field::serial, "SN-7781-04"}, {Field::category, "plc"}}};
}

// The program's whole memory of it, every table, to hold one register against another.
std::string dump(const std::string& path) {
    std::string out;
    const Register held = Register::open_to_read(path);
    sql::Database& db = held.connection().database;
    for (const char* table : {"runs", "sources", "assets", "identifiers", "beliefs", "claims", "rules", "findings", "work",
                              "sums", "coverage", "events", "chain_head"}) {
        std::string columns;
        {
            sql::Query info(db, "SELECT name FROM pragma_table_info(?) ORDER BY cid");
            info.bind(table);
            while (info.step()) columns += (columns.empty() ? "" : " || '|' || ") + ("coalesce(" + info.text(0) + ", '')");
        }
        std::vector<std::string> rows;
        sql::Query all(db, "SELECT " + columns + " FROM " + table);
        while (all.step()) rows.push_back(all.text(0));
        std::sort(rows.begin(), rows.end());
        for (const std::string& row : rows) out += std::string(table) + ": " + row + "\n";
    }
    return out;
}

class Year {
  public:
    Year(const Folder& folder, const std::string& name) : plant_(folder, folder.at(name)) {}

    void live() {
        const std::vector<Device> first = {inverter(mac_a, "10.1.0.11"),
                                           inverter(mac_b, "10.1.0.12"),
                                           controller(mac_c, "10.1.0.13"),
                                           {mac_d, "10.1.0.14", {{Field::model, "Dome 4"}}}};
        scan(first);
        scan(first);
        // People begin to work with it.
        a_ = plant_.uid(mac_a);
        b_ = plant_.uid(mac_b);
        c_ = plant_.uid(mac_c);
        d_ = plant_.uid(mac_d);
        decide_first();
        const auto with = [&](std::vector<Device> more) {
            std::vector<Device> all = first;
            all.insert(all.end(), more.begin(), more.end());
            return all;
        };
        // 3: one comes, and one that has two interfaces, which nothing tells. 4: another address.
        scan(with({inverter(mac_e, "10.1.0.15"), controller(mac_f, "10.1.0.16"), controller(mac_f2, "10.1.0.17")}));
        auto now = with({inverter(mac_e, "10.1.0.15"), controller(mac_f, "10.1.0.16"), controller(mac_f2, "10.1.0.17")});
        now[0] = inverter(mac_a, "10.1.0.21");
        scan(now);
        CHECK(plant_.uid(mac_a) == a_);
        // 5: two that show the same serial number are taken for one.
        now.push_back(clone(mac_g, "10.1.0.18"));
        now.push_back(clone(mac_h, "10.1.0.19"));
        scan(now);
        CHECK(plant_.uid(mac_g) == plant_.uid(mac_h));
        // 6: B is away; 7: back, with other firmware.
        const Device away = now[1];
        now.erase(now.begin() + 1);
        scan(now);
        CHECK(plant_.finding("path", b_).observation == "not_observed");
        now.insert(now.begin() + 1, inverter(mac_b, "10.1.0.12", "2.0"));
        scan(now);
        CHECK(plant_.uid(mac_b) == b_);
        CHECK(plant_.finding("path", b_).observation == "observed");
        // 8: C is replaced by another one at the same address.
        now[2] = controller(mac_new_c, "10.1.0.13");
        scan(now);
        CHECK(plant_.uid(mac_new_c) != c_);
        good(set_fields(held(), "asset", c_, {{"retired", "yes"}}, analyst(day_, "taken out in the overhaul")));
        // The acceptance of A ends in the meantime.
        CHECK(plant_.finding("path", a_).status == "accepted");
        scan(now);  // 9
        CHECK(plant_.finding("path", a_).status == "assessed");
        // 10: the maker of the controllers is sold, and that is all that is different: the same capture again.
        sold_ = true;
        const std::int64_t before = runs_;
        scan(now, "capture-of-day-" + std::to_string(day_));
        const std::vector<Difference> changes = differences(held(), before, before + 1);
        CHECK_FALSE(changes.empty());
        for (const Difference& each : changes) CHECK(each.cause == "knowledge");
        // People tell who is who.
        good(assert_same(held(), plant_.uid(mac_f), plant_.uid(mac_f2), analyst(day_, "two ports of one controller")));
        f_ = plant_.uid(mac_f);
        good(assert_apart(held(), plant_.uid(mac_g), {"mac:" + std::string(mac_h)}, analyst(day_, "a copied serial number")));
        g_ = plant_.uid(mac_g);
        h_ = plant_.uid(mac_h);
        keep("asset", h_, "zone", "north field");
        scan(now);                         // 11
        now[0] = cut(mac_a, "10.1.0.21");  // 12: the path of A is cut
        scan(now);
        CHECK(plant_.finding("path", a_).observation == "refuted");
        CHECK(plant_.finding("path", a_).status == "assessed");
        // 13: only one of the two with the same number. 14: all again.
        auto without_g = now;
        std::erase_if(without_g, [](const Device& each) { return each.mac == mac_g; });
        scan(without_g);
        scan(now);
        // 15: a closed one is seen again, and is open again.
        good(move(held(), plant_.finding("path", plant_.uid(mac_e)).finding.id, "closed", {{"closure_reason", "asset_removed"}},
                  owner(day_, "it went to another plant")));
        scan(now);
        CHECK(plant_.finding("path", plant_.uid(mac_e)).status == "assessed");
        // 16: a false positive stays one, 17: until something else is found.
        good(move(held(), plant_.finding("path", b_).finding.id, "false_positive", {}, owner(day_, "it is a test rig")));
        scan(now);
        CHECK(plant_.finding("path", b_).status == "false_positive");
        now[1] = inverter(mac_b, "10.1.0.12", "9.9");
        scan(now);
        CHECK(plant_.finding("path", b_).status == "assessed");
        // 18: C, that was put away, is there again.
        now.push_back(controller(mac_c, "10.1.0.30"));
        scan(now);
        CHECK(plant_.uid(mac_c) == c_);
        // 19: another part of the plant, from which nothing follows for this one.
        scan({controller("00:00:5e:00:53:77", "10.9.0.5")});
        CHECK(plant_.finding("path", b_).observation == "out_of_scope");
        scan(now);  // 20
        good(forget(*reg_, plant_.uid(mac_e), owner(day_, "asked by who works there")));
        std::erase_if(now, [](const Device& each) { return each.mac == mac_e; });
        for (int rest = 21; rest <= 24; ++rest) scan(now);
        reg_.reset();
    }

    [[nodiscard]] Plant& plant() { return plant_; }
    [[nodiscard]] const std::map<std::pair<std::string, std::string>, WorkFields>& kept() const { return kept_; }
    [[nodiscard]] std::string d() const { return d_; }
    [[nodiscard]] std::string f() const { return f_; }

  private:
    Register& held() {
        if (!reg_) reg_.emplace(Register::open(plant_.path()));
        return *reg_;
    }
    void keep(const std::string& kind, const std::string& subject, const std::string& field, const std::string& value) {
        good(set_fields(held(), kind, subject, {{field, value}}, analyst(day_, "as drawn")));
        kept_[{kind, subject}][field] = value;
    }

    void decide_first() {
        keep("asset", a_, "zone", "south field");
        keep("asset", a_, "name", "inverter of hall 1");
        keep("asset", c_, "process", "water inlet");
        keep("asset", d_, "owner", "Facilities");
        const std::string path_of_a = plant_.finding("path", a_).finding.id;
        good(move(held(), path_of_a, "assessed", {}, analyst(day_, "looked at on site")));
        good(move(held(), path_of_a, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2026-05-10"}},
                  owner(day_, "until the logger is replaced")));
        kept_[{"finding", path_of_a}]["owner"] = "R. Owner";
        const std::string path_of_b = plant_.finding("path", b_).finding.id;
        good(add_measure(held(), path_of_b, {{"title", "block the way out"}, {"kind", "block_egress"}, {"owner", "Network"}},
                         analyst(day_, "")));
        keep("finding", path_of_b, "due", "2026-09-01");
        good(assert_is(held(), d_, Field::category, "camera", &plant_.db(), analyst(day_, "it hangs at the gate")));
    }

    void scan(const std::vector<Device>& devices, const std::string& source = {}) {
        reg_.reset();
        if (source.empty()) day_ += 15;
        const RunReceipt receipt = plant_.run(devices, day_, sold_, source);
        CHECK(receipt.run == ++runs_);
        // After every single run: whole, nothing twice, nothing of people's lost.
        const Verification found = verify(held());
        for (const std::string& each : found.problems) FAIL(each);
        const Overview all = plant_.look();
        std::map<std::string, int> macs;
        for (const OverviewAsset& asset : all.assets) {
            for (const std::string& mac : asset.identifiers.mac) ++macs[mac];
        }
        for (const auto& [mac, count] : macs) CHECK_MESSAGE(count == 1, mac);
        for (const auto& [subject, fields] : kept_) {
            const WorkFields stands = work_of(held(), subject.first, subject.second);
            for (const auto& [field, value] : fields) CHECK(stands.at(field) == value);
        }
        if (!d_.empty()) CHECK(all.asset(d_)->belief(Field::category)->value == "camera");
        if (!f_.empty()) CHECK(plant_.uid(mac_f) == plant_.uid(mac_f2));
        if (!g_.empty()) {
            CHECK(all.asset(g_) != nullptr);
            CHECK(all.asset(h_) != nullptr);
            CHECK(plant_.uid(mac_h) == h_);
        }
    }

    Plant plant_;
    std::optional<Register> reg_;
    int day_ = 0;
    bool sold_ = false;
    std::int64_t runs_ = 0;
    std::map<std::pair<std::string, std::string>, WorkFields> kept_;
    std::string a_, b_, c_, d_, f_, g_, h_;
};

std::string text_of(const std::vector<HistoryRow>& rows) {
    std::string out;
    for (const HistoryRow& row : rows)
        out += fmt::format("{} {} run {}: {} {} {} | {} | {} | {}\n", row.seq, rfc3339(row.at), row.run, row.event,
                           row.subject_kind, row.subject, row.label, row.who, row.what);
    return out;
}

}  // namespace

TEST_CASE("a year in 24 runs: the history is the golden one, and a second year in another file is the same to the byte") {
    const Folder folder("year");
    Year year(folder, "one.db");
    year.live();
    const Register held = Register::open_to_read(folder.at("one.db"));
    CHECK(held.connection().database.number("SELECT count(*) FROM runs") == 24);
    CHECK(held.connection().database.number("SELECT count(*) FROM (SELECT rule, subject_kind, subject_key FROM findings WHERE "
                                            "merged_into IS NULL GROUP BY 1, 2, 3 HAVING count(*) > 1)") == 0);
    const std::string told = text_of(history(held));
    const std::string golden = HERKOMST_SOURCE_DIR "/tests/register/year.golden";
    if (std::getenv("HERKOMST_BLESS") != nullptr) write_file(golden, told);
    const Result<std::string> expected = read_file(golden);
    REQUIRE(expected.ok());
    CHECK(told == expected.value());

    Year again(folder, "two.db");
    again.live();
    CHECK(dump(folder.at("one.db")) == dump(folder.at("two.db")));
    CHECK(back_up(Register::open_to_read(folder.at("one.db")), folder.at("one.copy")).empty());
    CHECK(back_up(Register::open_to_read(folder.at("two.db")), folder.at("two.copy")).empty());
    CHECK(read_file(folder.at("one.copy")).value() == read_file(folder.at("two.copy")).value());
}

TEST_SUITE_END();

}  // namespace year_test
