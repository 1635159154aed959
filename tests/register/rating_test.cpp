#include <doctest/doctest.h>

#include <fmt/format.h>

#include "assess/rating.h"
#include "core/hash.h"
#include "register/history.h"
#include "register/open.h"
#include "register/rating_rows.h"
#include "register/verify.h"
#include "tests/register/plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace rating_test {

TEST_SUITE_BEGIN("register.rating");

namespace {

Rating made(const std::string& criteria, Band inherent, Band residual, const std::string& impact = "unknown",
            RatingInput::From from = RatingInput::From::Nobody) {
    Rating out;
    out.criteria = criteria;
    out.inherent = inherent;
    out.residual = residual;
    out.likelihood = 4;
    out.impact = 3;
    out.residual_likelihood = 2;
    out.residual_impact = 3;
    out.known = from == RatingInput::From::Nobody ? 0 : 1;
    out.of = 2;
    out.considerations = {{"1", "yes"}, {"2", "unknown"}};
    out.decision = "record";
    out.decision_text = {"Leg vast.", "Record it."};
    out.inputs = {{"process-impact", {impact, from}}, {"supplier-offensive", {"yes", RatingInput::From::Scan}}};
    return out;
}

// One plant whose findings are all rated alike.
class Rated {
  public:
    explicit Rated(const std::string& name) : folder_(name), plant_(folder_, folder_.at("site.db")) {}
    RunReceipt run(int day, std::optional<Rating> rating, bool sold = false) {
        plant_.rate = [rating](const Finding&, Rating& into) {
            if (rating) into = *rating;
            return rating.has_value();
        };
        Device inverter{"00:00:5e:00:53:0a", "10.1.0.11", {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}}};
        return plant_.run({inverter}, day, sold, "capture");
    }
    [[nodiscard]] std::vector<OverviewFinding> findings() const { return plant_.look().findings; }
    [[nodiscard]] std::vector<std::string> problems() const { return verify(Register::open_to_read(plant_.path())).problems; }
    [[nodiscard]] std::vector<Difference> different(std::string_view what) const {
        const Register held = Register::open_to_read(plant_.path());
        const auto [from, to] = last_two_runs(held);
        std::vector<Difference> out;
        for (Difference& one : differences(held, from, to)) {
            if (one.what == what) out.push_back(std::move(one));
        }
        return out;
    }
    [[nodiscard]] Plant& plant() { return plant_; }

  private:
    Folder folder_;
    Plant plant_;
};

}  // namespace

TEST_CASE("a run leaves its ratings with the findings that stand, and says nothing when they are the same again") {
    Rated site("rated");
    site.run(0, made("set 1", Band::High, Band::Medium));
    const auto findings = site.findings();
    REQUIRE_FALSE(findings.empty());
    for (const OverviewFinding& one : findings) {
        REQUIRE(one.rating.has_value());
        CHECK(one.rating->criteria == "set 1");
        CHECK(one.rating->inherent == Band::High);
        CHECK(one.rating->residual == Band::Medium);
        CHECK(one.rating->likelihood == 4);
        CHECK(one.rating->residual_likelihood == 2);
        CHECK(one.rating->known == 0);
        CHECK(one.rating->of == 2);
        CHECK(one.rating->considerations.at("2") == "unknown");
        CHECK(one.rating->decision_text.nl == "Leg vast.");
        CHECK(one.rating->inputs.at("supplier-offensive").from == RatingInput::From::Scan);
        CHECK(one.rating->rule == one.finding.rule);
    }
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
    const RunReceipt again = site.run(1, made("set 1", Band::High, Band::Medium));
    CHECK(again.rated == 0);
    CHECK(again.seen_again == findings.size());
    CHECK(site.different("rated").empty());
}

TEST_CASE(
    "measures that stand for other answers: by people where somebody recorded one, else our data mean something else now") {
    Rated site("measures");
    Rating rating = made("set 1", Band::High, Band::High);
    site.run(0, rating);
    rating.by_measures = {{"measure-egress", "tested"}};
    rating.residual = Band::Medium;
    site.run(1, rating);
    REQUIRE_FALSE(site.different("rated").empty());
    for (const Difference& one : site.different("rated")) CHECK(one.cause == "knowledge");
    {
        Register held = Register::open(site.plant().path());
        good(add_measure(held, site.findings().front().finding.id,
                         {{"title", "watch it"}, {"kind", "monitor"}, {"state", "tested"}}, analyst(2, "")));
    }
    rating.by_measures["measure-monitor"] = "tested";
    site.run(3, rating);
    REQUIRE_FALSE(site.different("rated").empty());
    for (const Difference& one : site.different("rated")) CHECK(one.cause == "people");
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
}

TEST_CASE("what an event says of a rating is a name of its JSON, as registers hold it since they hold ratings") {
    Rating rating = made("set \"1\"", Band::High, Band::Medium, "4", RatingInput::From::Person);
    Json all = Json::array();
    for (const int step : {4, 3, 2, 3, 1, 2}) all.push(step);
    for (const char* text : {"set \"1\"", "high", "medium", "record", "Leg vast.", "Record it."}) all.push(text);
    all.push(JsonObject{{"1", Json("yes")}, {"2", Json("unknown")}});
    all.push(JsonObject{{"process-impact", Json(JsonObject{{"value", Json("4")}, {"from", Json("person")}})},
                        {"supplier-offensive", Json(JsonObject{{"value", Json("yes")}, {"from", Json("scan")}})}});
    CHECK(rating_digest(rating) == sha256(write_json(all)).substr(0, 16));
}

TEST_CASE("other criteria change a rating by knowledge, an answer changes it by people; a person's residual rating stays") {
    Rated site("criteria");
    site.run(0, made("set 1", Band::High, Band::Medium));
    const std::string id = site.findings().front().finding.id;
    {
        Register held = Register::open(site.plant().path());
        good(move(held, id, "investigating", {}, analyst(0, "looked at")));
        good(set_fields(held, "finding", id, {{"residual_likelihood", "1"}, {"residual_impact", "3"}, {"residual_why", "cut"}},
                        analyst(0, "seen")));
    }
    const RunReceipt other = site.run(1, made("set 2", Band::Critical, Band::High));
    CHECK(other.rated == site.findings().size());
    CHECK(other.changed == 0);
    const auto knowledge = site.different("rated");
    REQUIRE(knowledge.size() == site.findings().size());
    for (const Difference& one : knowledge) {
        CHECK(one.cause == "knowledge");
        CHECK(one.detail.find("rating inherent high -> critical") != std::string::npos);
        CHECK(one.detail.find("rating criteria set 1 -> set 2") != std::string::npos);
    }
    site.run(2, made("set 2", Band::Critical, Band::Medium, "2", RatingInput::From::Person));
    const auto people = site.different("rated");
    REQUIRE_FALSE(people.empty());
    for (const Difference& one : people) CHECK(one.cause == "people");
    const auto findings = site.findings();
    const auto held = std::find_if(findings.begin(), findings.end(), [&](const auto& one) { return one.finding.id == id; });
    REQUIRE(held != findings.end());
    CHECK(held->work_at("residual_band") == "low");
    CHECK(held->work_at("residual_why") == "cut");
    CHECK(held->status == "investigating");
    CHECK(held->rating->residual == Band::Medium);
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
}

TEST_CASE("an acceptance follows the rating: worse opens it again and says why, as bad or better does not") {
    Rated site("accepted");
    site.run(0, made("set 1", Band::High, Band::Medium));
    const std::string id = site.findings().front().finding.id;
    const auto now = [&] {
        for (const OverviewFinding& one : site.findings()) {
            if (one.finding.id == id) return one;
        }
        FAIL("it is gone");
        return OverviewFinding{};
    };
    const auto accept = [&](int day) {
        Register held = Register::open(site.plant().path());
        good(move(held, id, "accepted", {{"owner", "R. Owner"}, {"accepted_until", "2026-06-01"}}, owner(day, "for now")));
    };
    {
        Register held = Register::open(site.plant().path());
        good(move(held, id, "assessed", {}, analyst(0, "looked at")));
    }
    accept(0);
    CHECK(now().work_at("accepted_inherent") == "high");
    CHECK(now().work_at("accepted_residual") == "medium");
    // The same, and better.
    site.run(1, made("set 1", Band::High, Band::Medium));
    site.run(2, made("set 1", Band::Medium, Band::Low));
    CHECK(now().status == "accepted");
    // A run that does not rate goes by what the register holds.
    site.plant().rate = {};
    site.plant().run({{"00:00:5e:00:53:0a", "10.1.0.11", {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}}}}, 3,
                     false, "capture");
    CHECK(now().status == "accepted");
    // An answer, and what was medium with measures is high: the band of the rule is what it was.
    const Band before = now().finding.band;
    site.run(4, made("set 1", Band::High, Band::High, "5", RatingInput::From::Person));
    CHECK(now().finding.band == before);
    CHECK(now().status == "assessed");
    CHECK(now().work_at("owner") == "R. Owner");
    const auto differences = site.different("reopened");
    REQUIRE(differences.size() == 1);
    CHECK(differences.front().cause == "people");
    const auto told = history(Register::open_to_read(site.plant().path()), "finding", id);
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().event == "reopened");
    CHECK(told.back().what.find("its rating with measures is high and was accepted as medium") != std::string::npos);
    CHECK(told.back().what.find("status=assessed") != std::string::npos);
    // Accepted anew it is accepted as it is now; other criteria that make more of it are knowledge.
    accept(5);
    site.run(6, made("set 1", Band::High, Band::High, "5", RatingInput::From::Person));
    CHECK(now().status == "accepted");
    site.run(7, made("set 2", Band::Critical, Band::High, "5", RatingInput::From::Person));
    CHECK(now().status == "assessed");
    const auto anew = site.different("reopened");
    REQUIRE(anew.size() == 1);
    CHECK(anew.front().cause == "knowledge");
    CHECK(anew.front().detail.find("its rating without measures is critical and was accepted as high") != std::string::npos);
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
}

TEST_CASE("a rating that is not made any more is taken away; a run that rates nothing leaves them") {
    Rated site("unrated");
    site.run(0, made("set 1", Band::High, Band::Medium));
    site.plant().rate = {};
    Device inverter{"00:00:5e:00:53:0a", "10.1.0.11", {{Field::brand, "Example riverside"}, {Field::model, "RS50K"}}};
    site.plant().run({inverter}, 1, false, "capture");
    CHECK(site.findings().front().rating.has_value());
    site.run(2, std::nullopt);
    CHECK_FALSE(site.findings().front().rating.has_value());
    for (const std::string& each : site.problems()) FAIL_CHECK(each);
}

TEST_CASE("verify names a rating that was edited, taken away, or put in") {
    for (const char* edit :
         {"UPDATE ratings SET residual = 'low'", "UPDATE ratings SET inputs_known = 2", "UPDATE ratings SET criteria = 'other'",
          "UPDATE ratings SET decision_en = 'Nothing.'", "DELETE FROM ratings",
          "UPDATE ratings SET finding = 'R-0000000000000000' WHERE finding = (SELECT min(finding) FROM ratings)"}) {
        Rated site("edited");
        site.run(0, made("set 1", Band::High, Band::Medium));
        CHECK(site.problems().empty());
        Register::open(site.plant().path()).connection().database.run(edit);
        const auto problems = site.problems();
        REQUIRE_MESSAGE(!problems.empty(), edit);
        CHECK(problems.front().find("rat") != std::string::npos);
    }
}

TEST_SUITE_END();

}  // namespace rating_test
