#include "assess/answers.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/assess/example_questions.h"
#include "tests/assess/example_site.h"

using namespace herkomst;
using example::at;
using example::given;
using example::Plant;
using example::question_of;

namespace answers_test {

TEST_SUITE_BEGIN("assess.answers");

namespace {

const Time now = *parse_rfc3339("2026-11-27T10:00:00Z");

AskOptions at_time(Time when) {
    AskOptions out;
    out.now = when;
    return out;
}

const Ask* ask_of(const std::vector<Ask>& asks, std::string_view question, const std::string& key) {
    for (const Ask& ask : asks) {
        if (ask.question->id == question && ask.place.key == key) return &ask;
    }
    return nullptr;
}

std::size_t count_of(const std::vector<Ask>& asks, std::string_view question) {
    return static_cast<std::size_t>(
        std::count_if(asks.begin(), asks.end(), [&](const Ask& ask) { return ask.question->id == question; }));
}

}  // namespace

TEST_CASE("an answer about a thing holds for all its assets, one about an asset goes before it") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    AnswerBook book;
    book.add(given("remote", AnswerScope::Product, "riverside/rs 50", "yes"));
    book.add(given("remote", AnswerScope::Asset, "A-a2", "no"));
    const Answered done = fill_facts(plant.rows, plant.subjects, asked, book, now);
    CHECK(plant.row("a1").facts["remote_documented"] == Json(1));
    CHECK(plant.row("a2").facts["remote_documented"] == Json(0));
    CHECK_FALSE(plant.row("a3").facts.contains("remote_documented"));
    CHECK(done.filled == 2);
    CHECK(done.contradictions.empty());
}

TEST_CASE("what was said of a site or the organisation holds in a zone that is assigned afterwards; the zone goes before it") {
    const Questionnaire asked = example::questionnaire();
    for (const bool organisation : {false, true}) {
        AnswerBook book;
        book.add(organisation ? given("blocked", AnswerScope::Organisation, "", "yes")
                              : given("blocked", AnswerScope::Site, "north", "yes"));
        const auto blocked = [&](const std::string& zone) {
            Plant plant;
            for (AnswerSubject& subject : plant.subjects) {
                if (subject.asset == "a3") subject.zone = zone;
            }
            fill_facts(plant.rows, plant.subjects, asked, book, now);
            const auto found = plant.row("a3").facts.find("remote_blocked");
            const Json filled = found == plant.row("a3").facts.end() ? Json() : found->second;
            // And nobody is asked again what holds there.
            AskOptions how = at_time(now);
            how.everything = true;
            const std::vector<Ask> asks = asks_of(asked, plant.subjects, plant.rows, {}, book, how);
            const Ask* ask = ask_of(asks, "blocked", zone.empty() ? "north" : zone);
            CHECK((ask != nullptr && !ask->open) == !filled.is_null());
            return filled;
        };
        CHECK(blocked("") == Json(1));
        CHECK(blocked("assigned later") == Json(1));
        book.add(given("blocked", AnswerScope::Zone, "assigned later", "no"));
        CHECK(blocked("assigned later") == Json(0));
        CHECK(blocked("another one") == Json(1));
        CHECK(blocked("") == Json(1));
    }
}

TEST_CASE("an answer fills nothing before it is given, after its end, or when it is do not know") {
    const Questionnaire asked = example::questionnaire();
    for (const GivenAnswer& answer :
         {given("remote", AnswerScope::Product, "riverside/rs 50", "unknown"),
          given("remote", AnswerScope::Product, "riverside/rs 50", "yes", "2026-01-01", "2026-11-27")}) {
        Plant plant;
        AnswerBook book;
        book.add(answer);
        CHECK(fill_facts(plant.rows, plant.subjects, asked, book, now).filled == 0);
        CHECK_FALSE(plant.row("a1").facts.contains("remote_documented"));
    }
}

TEST_CASE(
    "an answer without a source, or with only the scan's own word, decides nothing that needs one and removes no question") {
    Questionnaire asked = example::questionnaire();
    for (Question& each : asked.questions) each.needs_source = each.needs_source || each.id == "remote";
    for (const char* source : {"", "herkomst: remote_blocked", "firewall rule 12, measured on 2026-11-20"}) {
        CAPTURE(source);
        const bool vouched = std::string_view(source).starts_with("firewall");
        Plant plant;
        AnswerBook book;
        GivenAnswer blocked = given("blocked", AnswerScope::Zone, "east", "yes");
        blocked.source = source;
        book.add(blocked);
        fill_facts(plant.rows, plant.subjects, asked, book, now);
        CHECK(plant.row("a1").facts.contains("remote_blocked") == vouched);
        // Where a rule waits for it, it is asked again.
        AskOptions how;
        how.now = now;
        const std::vector<Finding> waiting = {question_of("rule", "a1", {"remote_blocked"})};
        const std::vector<Ask> asks = asks_of(asked, plant.subjects, plant.rows, waiting, book, how);
        const Ask* ask = ask_of(asks, "blocked", "east");
        CHECK((ask != nullptr && ask->open) == !vouched);
        // And another question is left out only for what somebody vouches for.
        GivenAnswer remote = given("remote", AnswerScope::Product, "riverside/rs 50", "no");
        remote.source = source;
        book = {};
        book.add(remote);
        how.everything = true;
        CHECK((ask_of(asks_of(asked, plant.subjects, plant.rows, {}, book, how), "blocked", "east") == nullptr) == vouched);
    }
}

TEST_CASE("what was seen stays; an answer that differs is a contradiction") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    plant.row("a1").facts["remote_documented"] = 1;
    plant.row("a2").facts["remote_observed"] = 1;
    AnswerBook book;
    book.add(given("remote", AnswerScope::Product, "riverside/rs 50", "no"));
    const Answered done = fill_facts(plant.rows, plant.subjects, asked, book, now);
    CHECK(plant.row("a1").facts["remote_documented"] == Json(1));
    // Documented and observed are two facts: the answer fills the one, and the other speaks against it.
    CHECK(plant.row("a2").facts["remote_documented"] == Json(0));
    CHECK(plant.row("a2").facts["remote_observed"] == Json(1));
    REQUIRE(done.contradictions.size() == 2);
    CHECK(done.contradictions[0].fact == "remote_documented");
    CHECK(done.contradictions[0].known == Json(1));
    CHECK(done.contradictions[1].fact == "remote_observed");
    // The same answer as what is known is none.
    Plant same;
    same.row("a1").facts["remote_documented"] = 0;
    CHECK(fill_facts(same.rows, same.subjects, asked, book, now).contradictions.empty());
}

TEST_CASE("a country that is answered fills the fact when it is one") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    AnswerBook book;
    book.add(given("country", AnswerScope::Supplier, "riverside", "XA,XB"));
    CHECK(fill_facts(plant.rows, plant.subjects, asked, book, now).filled == 0);
    book.add(given("country", AnswerScope::Supplier, "riverside", "XA", "2026-11-02"));
    CHECK(fill_facts(plant.rows, plant.subjects, asked, book, now).filled == 2);
    CHECK(plant.row("a1").facts["control_country"] == Json("XA"));
}

TEST_CASE("of several countries the one of which most is known with a source counts, where the question says so") {
    const example::Folder folder("answers-countries");
    const VendorDb vendors = example::vendors(folder);
    std::string text = example::questionnaire_text;
    const std::string plain = R"([{"fact": "control_country"}], "proposes")";
    text.replace(text.find(plain), plain.size(), R"([{"fact": "control_country", "several": "worst"}], "proposes")");
    const Result<Questionnaire> asked = Questionnaire::from_text(text, "q.json");
    REQUIRE(asked.ok());
    Plant plant;
    AnswerBook book;
    book.add(given("country", AnswerScope::Supplier, "riverside", "NL,XA,XB,XC"));
    fill_facts(plant.rows, plant.subjects, asked.value(), book, now, &vendors);
    CHECK(plant.row("a1").facts["control_country"] == Json("XA"));
    Plant blind;
    CHECK(fill_facts(blind.rows, blind.subjects, asked.value(), book, now).filled == 0);
}

TEST_CASE("who made it may only be known by an answer: then what was answered about that maker holds") {
    Questionnaire asked = example::questionnaire();
    asked.add_fact_questions();
    Plant plant;
    AnswerBook book;
    book.add(given("country", AnswerScope::Supplier, "riverside", "XA"));
    book.add(given("fact-maker", AnswerScope::Asset, "A-a3", "riverside"));
    fill_facts(plant.rows, plant.subjects, asked, book, now);
    CHECK(plant.row("a3").facts["maker"] == Json("riverside"));
    CHECK(plant.row("a3").facts["control_country"] == Json("XA"));
}

TEST_CASE("that our data name no programme and no strained relation is no answer, and contradicts none") {
    const Result<Questionnaire> ours = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(ours.ok());
    const Questionnaire& asked = ours.value();
    for (const auto& [id, fact] :
         {std::pair{"supplier-strained", "strained_relation"}, {"supplier-offensive", "offensive_programme"}}) {
        // Nothing is proposed where nothing is on record; where something is, that is.
        for (const Question::Proposal& each : asked.question(id)->proposes) CHECK(each.answer == "yes");
        for (const char* said : {"yes", "no"}) {
            Plant plant;
            plant.row("a1").facts[fact] = 0;
            AnswerBook book;
            book.add(given(id, AnswerScope::Supplier, "riverside", said));
            const Answered done = fill_facts(plant.rows, plant.subjects, asked, book, now);
            CHECK_MESSAGE(done.contradictions.empty(), said);
            CHECK(plant.row("a1").facts[fact] == Json(std::string_view(said) == "yes" ? 1 : 0));
            CHECK(plant.row("a1").facts["answered"].string().find(fact) != std::string::npos);
        }
        // A sourced claim stays.
        Plant plant;
        plant.row("a1").facts[fact] = 1;
        AnswerBook book;
        book.add(given(id, AnswerScope::Supplier, "riverside", "no"));
        CHECK(fill_facts(plant.rows, plant.subjects, asked, book, now).contradictions.size() == 1);
        CHECK(plant.row("a1").facts[fact] == Json(1));
    }
}

TEST_CASE("that everything is cut off fills nothing where a way out was seen after it, and is asked again") {
    const Result<Questionnaire> ours = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(ours.ok());
    const std::vector<Finding> waiting = {question_of("rule", "a1", {"remote_blocked"})};
    struct Order {
        const char* answered;
        bool overtaken;
    };
    // A day stands for all of itself; with a time of day, what was seen an hour later is later.
    for (const auto& [answered, overtaken] : {Order{"2026-11-20", true},
                                              {"2026-11-21", false},
                                              {"2026-11-21T20:00:00Z", true},
                                              {"2026-11-21T22:00:00Z", false},
                                              {"2026-11-22", false}}) {
        CAPTURE(answered);
        Plant plant;
        plant.row("a1").facts["outside_seen"] = "2026-11-21T21:48:11Z";
        AnswerBook book;
        book.add(given("remote-blocked", AnswerScope::Site, "north", "yes", answered));
        const Answered done = fill_facts(plant.rows, plant.subjects, ours.value(), book, now);
        CHECK(plant.row("a1").facts.contains("remote_blocked") != overtaken);
        CHECK(plant.row("a3").facts["remote_blocked"] == Json(1));  // of which nothing was seen
        CHECK(done.contradictions.size() == (overtaken ? 1 : 0));
        if (overtaken) CHECK(done.contradictions.front().known == Json("2026-11-21T21:48:11Z"));
        AskOptions how;
        how.now = now;
        const std::vector<Ask> asks = asks_of(ours.value(), plant.subjects, plant.rows, waiting, book, how);
        const Ask* ask = ask_of(asks, "remote-blocked", "east");
        CHECK((ask != nullptr && ask->open) == overtaken);
        // That it is open contradicts nothing.
        Plant open;
        open.row("a1").facts["outside_seen"] = "2026-11-21T21:48:11Z";
        book.add(given("remote-blocked", AnswerScope::Site, "north", "no", "2026-11-23"));
        CHECK(fill_facts(open.rows, open.subjects, ours.value(), book, now).contradictions.empty());
        CHECK(open.row("a1").facts["remote_blocked"] == Json(0));
    }
}

TEST_CASE(
    "that a site is cut off fills nothing for what hangs on a logger that was seen outside after it; of one device it does") {
    const Result<Questionnaire> ours = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
    REQUIRE(ours.ok());
    const auto blocked = [&](const char* fact, const char* value, const std::string& zone, AnswerScope scope,
                             const std::string& relay_zone = "") {
        Plant plant;
        plant.row("a3").facts["outside_seen"] = "2026-11-21T21:48:11Z";
        plant.row("a3").facts[fact] = value;
        for (AnswerSubject& subject : plant.subjects) subject.zone = subject.asset == "a3" ? relay_zone : zone;
        AnswerBook book;
        book.add(given("remote-blocked", scope, scope == AnswerScope::Asset ? "A-a1" : "north", "yes", "2026-11-20"));
        const Answered done = fill_facts(plant.rows, plant.subjects, ours.value(), book, now);
        const bool filled = plant.row("a1").facts.contains("remote_blocked");
        // It is said of the device why.
        CHECK(std::any_of(done.contradictions.begin(), done.contradictions.end(), [](const Contradiction& each) {
                  return each.asset == "a1" && each.fact == "relay_outside_seen";
              }) != filled);
        return filled;
    };
    // The cloud of its maker; another one's; a logger beside it; one in no zone, in its own and in another; a camera.
    CHECK_FALSE(blocked("cloud_operator", "riverside", "", AnswerScope::Site));
    CHECK_FALSE(blocked("cloud_operator", "riverside", "east", AnswerScope::Site));
    CHECK(blocked("cloud_operator", "elsewhere", "", AnswerScope::Site));
    CHECK_FALSE(blocked("category", "datalogger", "", AnswerScope::Site));
    CHECK_FALSE(blocked("function", "gateway", "", AnswerScope::Site));
    CHECK_FALSE(blocked("category", "datalogger", "east", AnswerScope::Site));
    CHECK_FALSE(blocked("category", "datalogger", "east", AnswerScope::Site, "east"));
    CHECK(blocked("category", "datalogger", "east", AnswerScope::Site, "west"));
    CHECK(blocked("category", "camera", "", AnswerScope::Site));
    CHECK(blocked("category", "datalogger", "", AnswerScope::Asset));
}

TEST_CASE("facts that answers filled can be taken out again") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    const std::vector<FactsRow> before = plant.rows;
    AnswerBook book;
    book.add(given("remote", AnswerScope::Product, "riverside/rs 50", "yes"));
    book.add(given("blocked", AnswerScope::Zone, "east", "no"));
    fill_facts(plant.rows, plant.subjects, asked, book, now);
    CHECK(plant.row("a1").facts["answered"] == Json("remote_blocked,remote_documented"));
    for (FactsRow& row : plant.rows) take_out(row);
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(plant.rows[i].facts == before[i].facts);
    // And changed answers say the new thing, without contradicting their own earlier selves.
    fill_facts(plant.rows, plant.subjects, asked, book, now);
    book.add(given("remote", AnswerScope::Product, "riverside/rs 50", "no", "2026-11-20"));
    for (FactsRow& row : plant.rows) take_out(row);
    CHECK(fill_facts(plant.rows, plant.subjects, asked, book, now).contradictions.empty());
    CHECK(plant.row("a1").facts["remote_documented"] == Json(0));
}

TEST_CASE("the later answer stays, whatever order they come in") {
    const GivenAnswer early = given("grade", AnswerScope::Process, "pumping", "1", "2026-01-01");
    const GivenAnswer late = given("grade", AnswerScope::Process, "pumping", "2", "2026-02-01");
    for (const auto& order : {std::vector{early, late}, std::vector{late, early}}) {
        AnswerBook book;
        for (const GivenAnswer& each : order) book.add(each);
        CHECK(book.about("grade", {AnswerScope::Process, "pumping"})->value == "2");
        CHECK(book.all().size() == 1);
    }
}

TEST_CASE("an answer survives being written down") {
    GivenAnswer answer = given("blocked", AnswerScope::Zone, "east", "yes");
    answer.note = "measured";
    const Result<GivenAnswer> back = answer_from(to_json(answer), "line");
    REQUIRE(back.ok());
    CHECK(back.value() == answer);
    Json broken = to_json(answer);
    broken["at"] = "yesterday";
    broken["scope"] = "room";
    broken["by"] = "";
    const Result<GivenAnswer> wrong = answer_from(broken, "line");
    REQUIRE_FALSE(wrong.ok());
    CHECK(wrong.problems().size() == 3);
}

TEST_CASE("a question is asked once for its thing, and where nothing is known of that, about the asset or the site") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    std::vector<Finding> findings = {question_of("rule", "a1", {"remote_blocked"}), question_of("rule", "a2", {}),
                                     question_of("rule", "a3", {})};
    const AskOptions how = at_time(now);
    const std::vector<Ask> asks = asks_of(asked, plant.subjects, plant.rows, findings, {}, how);
    CHECK(count_of(asks, "scope") == 1);
    // What nobody knows the maker of is not asked about its maker, until a rule waits for that.
    CHECK(count_of(asks, "country") == 1);
    CHECK(ask_of(asks, "country", "riverside")->assets.size() == 2);
    CHECK(count_of(asks, "remote") == 1);
    CHECK(ask_of(asks, "remote", "riverside/rs 50")->label == "Riverside RS 50");
    CHECK(count_of(asks, "blocked") == 3);
    CHECK(ask_of(asks, "blocked", "north")->place.scope == AnswerScope::Site);
    CHECK(ask_of(asks, "blocked", "east")->waiting == std::vector<std::string>{"rule"});
    CHECK(ask_of(asks, "blocked", "west")->waiting.empty());
    CHECK(count_of(asks, "grade") == 1);  // one site without processes
    // Rated power is asked only where a rule lacks it.
    CHECK(count_of(asks, "power") == 0);
    findings.push_back(question_of("origin", "a3", {"control_country"}));
    const std::vector<Ask> third = asks_of(asked, plant.subjects, plant.rows, findings, {}, how);
    REQUIRE(ask_of(third, "country", "A-a3") != nullptr);
    CHECK(ask_of(third, "country", "A-a3")->place.scope == AnswerScope::Asset);
}

TEST_CASE("a rule that is undecided asks what it lacks, and no more; a sum asks its members") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    const AskOptions how = at_time(now);
    const std::vector<Ask> few =
        asks_of(asked, plant.subjects, plant.rows, {question_of("rule", "a1", {"remote_blocked"})}, {}, how);
    CHECK(few.size() == 2);  // the organisation, and the zone of a1
    Finding sum = question_of("sum", "", {"switchable_power"});
    sum.subject = {"vendor", "riverside"};
    const std::vector<Ask> more = asks_of(asked, plant.subjects, plant.rows, {sum}, {}, how);
    REQUIRE(count_of(more, "power") == 1);
    CHECK(ask_of(more, "power", "riverside/rs 50")->waiting == std::vector<std::string>{"sum"});
    CHECK(ask_of(more, "remote", "riverside/rs 50")->waiting == std::vector<std::string>{"sum"});
}

TEST_CASE("assets without a finding are asked about only when everything is") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    CHECK(asks_of(asked, plant.subjects, plant.rows, {}, {}, {.now = now}).size() == 1);  // the organisation
    CHECK(asks_of(asked, plant.subjects, plant.rows, {}, {}, {.now = now, .everything = true}).size() > 6);
    const std::vector<Ask> one = asks_of(asked, plant.subjects, plant.rows, {}, {}, {.now = now, .asset = "A-a2"});
    for (const Ask& ask : one) {
        CHECK(ask.place == AnswerPlace{AnswerScope::Asset, "A-a2"});
        CHECK(ask.assets == std::vector<std::string>{"a2"});
    }
    CHECK(one.size() == 4);  // not about the organisation, and not what is asked only when a fact is missing
}

TEST_CASE("what the scan knows is a proposal, not an answer") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    plant.row("a2").facts["remote_observed"] = 1;
    const std::vector<Finding> findings = {question_of("rule", "a1", {}), question_of("rule", "a2", {})};
    const std::vector<Ask> asks = asks_of(asked, plant.subjects, plant.rows, findings, {}, {.now = now});
    const Ask* ask = ask_of(asks, "remote", "riverside/rs 50");
    REQUIRE(ask != nullptr);
    CHECK(ask->proposal == "yes");
    CHECK(ask->proposal_from == "remote_observed");
    CHECK(ask->open);
}

TEST_CASE("an answered question is closed until its answer ends") {
    const Questionnaire asked = example::questionnaire();
    const Plant plant;
    const std::vector<Finding> findings = {question_of("rule", "a1", {})};
    AnswerBook book;
    book.add(given("remote", AnswerScope::Product, "riverside/rs 50", "yes"));
    const AskOptions then{.now = now};
    CHECK_FALSE(ask_of(asks_of(asked, plant.subjects, plant.rows, findings, book, then), "remote", "riverside/rs 50")->open);
    const AskOptions later{.now = at("2027-01-01")};
    const std::vector<Ask> asks = asks_of(asked, plant.subjects, plant.rows, findings, book, later);
    CHECK(ask_of(asks, "remote", "riverside/rs 50")->open);
    CHECK(ask_of(asks, "remote", "riverside/rs 50")->held != nullptr);
}

TEST_CASE("early stop: a question that an answer makes needless is not asked, unless what was seen says otherwise") {
    const Questionnaire asked = example::questionnaire();
    Plant plant;
    const std::vector<Finding> findings = {question_of("rule", "a1", {}), question_of("rule", "a2", {})};
    AnswerBook book;
    book.add(given("remote", AnswerScope::Product, "riverside/rs 50", "no"));
    const auto asked_now = [&] { return asks_of(asked, plant.subjects, plant.rows, findings, book, {.now = now}); };
    CHECK(count_of(asked_now(), "blocked") == 0);
    plant.row("a1").facts["remote_observed"] = 1;
    CHECK(count_of(asked_now(), "blocked") == 1);
    CHECK(ask_of(asked_now(), "blocked", "east") != nullptr);
    // A rule that waits for it asks all the same.
    plant.row("a1").facts.erase("remote_observed");
    const std::vector<Finding> waiting = {question_of("rule", "a1", {"remote_blocked"})};
    CHECK(count_of(asks_of(asked, plant.subjects, plant.rows, waiting, book, {.now = now}), "blocked") == 1);
}

TEST_SUITE_END();

}  // namespace answers_test
