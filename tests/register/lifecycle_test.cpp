// Who may do what with a finding, and what a run may do with what people decided.
#include "register/lifecycle.h"

#include <algorithm>
#include <cctype>

#include "plant.h"
#include "register/open.h"
#include "register/verify.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace lifecycle_test {

TEST_SUITE_BEGIN("register_lifecycle");

namespace {

Device inverter(const char* firmware = "1.0") {
    return {"00:00:5e:00:53:0a",
            "10.1.0.11",
            {{Field::brand, "Example riverside"},
             {Field::model, "RS50K"},
             {Field::firmware, firmware},
             {Field::remote_blocked, "0"}}};
}

struct Site {
    Folder folder;
    Plant plant;
    std::string asset;
    std::string finding;
    explicit Site(const std::string& name) : folder(name), plant(folder, folder.at("site.db")) {
        plant.run({inverter()}, 0);
        asset = plant.uid("10.1.0.11");
        finding = plant.finding("path", asset).finding.id;
    }
    Register held() const { return Register::open(plant.path()); }
    std::string status() const { return plant.finding("path", asset).status; }
};

bool says(const std::string& text, const std::string& part) {
    const bool there = text.find(part) != std::string::npos;
    if (!there) MESSAGE(text);
    return there;
}

}  // namespace

TEST_CASE("from every status only the steps of the table can be taken, and by whom the table says") {
    const Time now = on_day(0);
    for (const std::string_view from : finding_statuses) {
        for (const std::string_view to : finding_statuses) {
            const auto step =
                std::find_if(steps().begin(), steps().end(), [&](const Transition& s) { return s.from == from && s.to == to; });
            Standing standing;
            standing.status = from;
            standing.fields = {{"owner", "N. Name"}, {"due", "2026-05-01"}, {"response", "mitigate"}};
            standing.measures = 1;
            standing.measures_done = 1;
            Move move{std::string(to),
                      "N. Name",
                      "owner",
                      "why",
                      {{"closure_reason", "duplicate"}, {"accepted_until", "2026-03-01"}}};
            CHECK(refused(standing, move, "R-1", now, std::chrono::days(365)).empty() == (step != steps().end()));
            move.role = "analyst";
            CHECK(refused(standing, move, "R-1", now, std::chrono::days(365)).empty() ==
                  (step != steps().end() && step->analyst));
            move.role = "auditor";
            CHECK_FALSE(refused(standing, move, "R-1", now, std::chrono::days(365)).empty());
            move.role = "owner";
            move.reason.clear();
            CHECK_FALSE(refused(standing, move, "R-1", now, std::chrono::days(365)).empty());
            move.reason = "why";
            move.by.clear();
            CHECK_FALSE(refused(standing, move, "R-1", now, std::chrono::days(365)).empty());
        }
    }
    // Only people close, and everything that is decided can be opened again.
    for (const char* decided : {"accepted", "closed", "false_positive"})
        CHECK(std::any_of(steps().begin(), steps().end(),
                          [&](const Transition& s) { return s.from == decided && s.to == "assessed" && s.analyst; }));
}

TEST_CASE("what a step needs is told all at once, and nothing is done") {
    const Site site("needs");
    Register held = site.held();
    std::string no = refusal(move(held, site.finding, "accepted", {}, analyst(1, "")));
    CHECK(says(no,
               "is new and cannot become accepted; from there it can become investigating, assessed, false_positive, closed"));
    good(move(held, site.finding, "assessed", {}, analyst(1, "looked at")));
    no = refusal(move(held, site.finding, "accepted", {}, analyst(1, "")));
    CHECK(says(no, "is not changed without a reason"));
    CHECK(says(no, "only the owner may make it accepted"));
    CHECK(says(no, "cannot be accepted without owner"));
    CHECK(says(no, "without a day on which that ends"));
    CHECK(says(refusal(move(held, site.finding, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2025-12-01"}},
                            owner(1, "so"))),
               "that is over"));
    CHECK(says(refusal(move(held, site.finding, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2027-03-01"}},
                            owner(1, "so"))),
               "longer than 365 days"));
    no = refusal(move(held, site.finding, "treatment_planned", {{"response", "hope"}}, analyst(1, "plan")));
    CHECK(says(no, "response: is none of avoid"));
    CHECK(says(no, "without a measure"));
    no = refusal(move(held, site.finding, "closed", {{"closure_reason", "remediated"}}, owner(1, "done")));
    CHECK(says(no, "is not remediated before it was in treatment"));
    CHECK(says(no, "without a measure that is implemented"));
    CHECK(says(refusal(move(held, "R-0000000000000000", "assessed", {}, analyst(1, "x"))), "there is no such finding"));
    CHECK(site.status() == "assessed");
}

TEST_CASE("from new to remediated, with a measure, a due date, a rating that is left") {
    const Site site("treated");
    Register held = site.held();
    good(move(held, site.finding, "assessed", {}, analyst(1, "looked at")));
    const std::string measure =
        good(add_measure(held, site.finding, {{"title", "block the way out"}, {"kind", "block_egress"}}, analyst(1, "")));
    CHECK(says(refusal(add_measure(held, site.finding, {{"kind", "prayer"}}, analyst(1, ""))), "is none of isolate"));
    good(move(held, site.finding, "treatment_planned", {{"owner", "Network"}, {"due", "2026-03-01"}, {"response", "mitigate"}},
              analyst(2, "planned")));
    good(move(held, site.finding, "in_treatment", {}, analyst(3, "begun")));
    good(set_fields(held, "measure", measure, {{"state", "tested"}}, analyst(4, "")));
    good(set_fields(held, "finding", site.finding, {{"residual_likelihood", "1"}, {"residual_impact", "4"}}, analyst(4, "")));
    CHECK(site.plant.finding("path", site.asset).work_at("residual_band") == "low");
    good(move(held, site.finding, "closed", {{"closure_reason", "remediated"}}, owner(5, "tested on site")));
    CHECK(site.status() == "closed");
    CHECK(verify(held).problems.empty());
}

TEST_CASE("an acceptance ends on its day, and before that when it gets worse; the program does nothing else to a status") {
    Site site("accepted");
    {
        Register held = site.held();
        good(move(held, site.finding, "assessed", {}, analyst(1, "looked at")));
        good(move(held, site.finding, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2026-02-01"}},
                  owner(1, "for now")));
    }
    site.plant.run({inverter()}, 20);
    CHECK(site.status() == "accepted");
    site.plant.run({inverter("9.9")}, 25);  // of which the rule says that it weighs more
    CHECK(site.status() == "assessed");
    {
        Register held = site.held();
        good(move(held, site.finding, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2026-02-01"}},
                  owner(26, "even so")));
    }
    site.plant.run({inverter("9.9")}, 27);
    CHECK(site.status() == "accepted");
    site.plant.run({inverter("9.9")}, 40);
    CHECK(site.status() == "assessed");
    const Register held = site.held();
    CHECK(held.connection().database.number("SELECT count(*) FROM events WHERE event = 'reopened'") == 2);
    // Whatever the program did, these are the only events of its own that set a status.
    CHECK(held.connection().database.number(
              "SELECT count(*) FROM events WHERE detail ->> '$.by' IS NULL AND detail -> '$.set.status' IS NOT "
              "NULL AND event <> 'reopened'") == 0);
    CHECK(verify(held).problems.empty());
}

TEST_CASE("an acceptance is compared band by band, and whatever is worse than what reopens it reopens it too") {
    const std::string bands[] = {"", "low", "medium", "high", "critical"};
    const auto reopened = [&](const int(&accepted)[3], const int(&now)[3]) {
        Standing standing;
        standing.status = "accepted";
        standing.fields = {{"accepted_band", bands[accepted[0]]},
                           {"accepted_inherent", bands[accepted[1]]},
                           {"accepted_residual", bands[accepted[2]]}};
        return reopens(standing, {bands[now[0]], bands[now[1]], bands[now[2]], "condition", on_day(1)});
    };
    std::size_t some = 0;
    for (int each = 0; each < 5 * 5 * 5 * 4 * 5 * 5; ++each) {
        const int accepted[3] = {each % 5, each / 5 % 5, each / 25 % 5};
        const int now[3] = {each / 125 % 4 + 1, each / 500 % 5, each / 2500};
        bool higher = false;
        for (int i = 0; i < 3; ++i) higher = higher || (accepted[i] != 0 && now[i] > accepted[i]);
        const std::string why = reopened(accepted, now);
        REQUIRE(why.empty() != higher);
        if (why.empty()) continue;
        ++some;
        for (int i = 0; i < 3; ++i) {
            int worse[3] = {now[0], now[1], now[2]};
            if (worse[i] == 0 || worse[i] == 4) continue;
            ++worse[i];
            REQUIRE_FALSE(reopened(accepted, worse).empty());
        }
    }
    CHECK(some > 1000);
    const int accepted[3] = {2, 3, 2};
    const int now[3] = {2, 3, 3};
    CHECK(reopened(accepted, now) ==
          "it is worse than what was accepted: its rating with measures is high and was accepted as medium");
}

TEST_CASE("people and roles: once there is a list, nobody acts in a role that is not his; four eyes when asked for") {
    const Site site("people");
    Register held = site.held();
    CHECK(says(refusal(set_fields(held, "person", "A. Analyst", {{"role", "analyst"}}, analyst(1, "first"))),
               "only the owner says"));
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, owner(1, "first")));
    CHECK(says(refusal(move(held, site.finding, "assessed", {}, analyst(1, "x"))), "A. Analyst is not among the people"));
    good(set_fields(held, "person", "A. Analyst", {{"role", "analyst"}}, owner(1, "hired")));
    good(move(held, site.finding, "assessed", {}, analyst(1, "x")));
    Act posing = analyst(1, "x");
    posing.role = "owner";
    CHECK(says(refusal(move(held, site.finding, "false_positive", {}, posing)),
               "A. Analyst is analyst in this register, not owner"));

    CHECK(says(refusal(put_setting(held, "four_eyes", "yes", analyst(1, "x"))), "only the owner changes a setting"));
    good(put_setting(held, "four_eyes", "yes", owner(1, "as the auditor asks")));
    CHECK(says(refusal(put_setting(held, "tlp", "PINK", owner(1, "x"))), "is one of CLEAR"));
    const WorkFields until = {{"owner", "R. Owner"}, {"accepted_until", "2026-03-01"}};
    CHECK(says(refusal(move(held, site.finding, "accepted", until, owner(2, "so"))), "only after somebody asked"));
    good(move(held, site.finding, "acceptance_requested", {}, owner(2, "please")));
    CHECK(says(refusal(move(held, site.finding, "accepted", until, owner(2, "so"))), "asked for it and cannot accept it"));
    // Written otherwise it is the same person.
    Act shouted = owner(2, "so");
    for (char& c : shouted.by) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(says(refusal(move(held, site.finding, "accepted", until, shouted)), "asked for it and cannot accept it"));
    good(move(held, site.finding, "assessed", {}, analyst(2, "back")));
    good(move(held, site.finding, "acceptance_requested", {}, analyst(2, "please")));
    good(move(held, site.finding, "accepted", until, owner(3, "so")));
    CHECK(site.status() == "accepted");
    CHECK(verify(held).problems.empty());
}

TEST_CASE("a list of people has an owner from its first day to its last") {
    const Site site("owner_first");
    Register held = site.held();
    const char* none = "then nobody would be owner: name an owner first";
    CHECK(says(refusal(set_fields(held, "person", "Olga", {{"role", "analyst"}}, owner(1, "hired"))), none));
    Act herself = owner(1, "first");
    herself.by = "Olga";
    CHECK(says(refusal(set_fields(held, "person", "Olga", {{"role", "analyst"}}, herself)), none));
    // Nothing was locked by that.
    good(put_setting(held, "tlp", "RED", owner(1, "so")));
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, owner(1, "first")));
    good(set_fields(held, "person", "Olga", {{"role", "analyst"}}, owner(1, "hired")));
    for (const char* role : {"analyst", "auditor", ""})
        CHECK(says(refusal(set_fields(held, "person", "R. Owner", {{"role", role}}, owner(2, "tired"))), none));
    good(set_fields(held, "person", "Olga", {{"role", "owner"}}, owner(2, "promoted")));
    good(set_fields(held, "person", "R. Owner", {{"role", "analyst"}}, owner(2, "tired")));
    CHECK(says(refusal(set_fields(held, "person", "Olga", {{"role", ""}}, herself)), none));
    good(set_fields(held, "person", "R. Owner", {{"role", ""}}, herself));
    // The last one takes the list away with himself.
    good(set_fields(held, "person", "Olga", {{"role", ""}}, herself));
    good(put_setting(held, "tlp", "GREEN", owner(3, "so")));
    CHECK(verify(held).problems.empty());
}

TEST_CASE("a list without an owner that an earlier version left binds nobody, so that it can be mended") {
    const Site site("no_owner");
    Register held = site.held();
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, owner(1, "first")));
    good(set_fields(held, "person", "Olga", {{"role", "analyst"}}, owner(1, "hired")));
    held.connection().database.run("UPDATE work SET value = 'analyst' WHERE subject_kind = 'person'");
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, owner(2, "back")));
    CHECK(says(refusal(put_setting(held, "tlp", "RED", analyst(2, "so"))), "A. Analyst is not among the people"));
}

TEST_CASE("a name in other capitals is the same person") {
    const Site site("capitals");
    Register held = site.held();
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, owner(1, "first")));
    Act shouted = owner(2, "so");
    shouted.by = "r. OWNER";
    good(put_setting(held, "tlp", "RED", shouted));
    // Not on the list a second time: it is his role that changes.
    CHECK(says(refusal(set_fields(held, "person", "r. owner", {{"role", "auditor"}}, shouted)), "then nobody would be owner"));
    good(set_fields(held, "person", "r. owner", {{"role", "owner"}}, shouted));
    CHECK(work_of(held, "person", "r. owner").empty());
    CHECK(held.connection().database.number("SELECT count(DISTINCT subject) FROM work WHERE subject_kind = 'person'") == 1);
}

TEST_SUITE_END();

}  // namespace lifecycle_test
