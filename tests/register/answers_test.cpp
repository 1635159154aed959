// Answers to the questionnaire: stored as events, read as of a time.
#include "register/answers.h"

#include "plant.h"
#include "register/open.h"
#include "register/verify.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace answers_test {

TEST_SUITE_BEGIN("register_answers");

namespace {

Answer answer(const std::string& question, const std::string& kind, const std::string& key, Json value, int day) {
    Answer out;
    out.question = question;
    out.scope_kind = kind;
    out.scope_key = key;
    out.value = std::move(value);
    out.who = "A. Analyst";
    out.when = on_day(day);
    return out;
}

Device controller(const char* mac, const char* ip) {
    return {mac, ip, {{Field::brand, "Example hillside"}, {Field::category, "plc"}}};
}

}  // namespace

TEST_CASE("the latest answer counts, as of any time; expired and withdrawn ones are told apart") {
    const Folder folder("answers");
    Register held = Register::open(folder.at("site.db"));
    Answer first = answer("sup.country", "supplier", "hillside", "XB", 1);
    first.expires = on_day(100);
    first.source = "annual report";
    good(put_answers(held, std::vector{first, answer("org.tbb", "organisation", "", "yes", 1)}, on_day(2)));
    good(put_answers(held, std::vector{answer("sup.country", "supplier", "hillside", "XA", 30)}, on_day(30)));
    // Filled in before, imported after: it is older, and does not count.
    good(put_answers(held, std::vector{answer("sup.country", "supplier", "hillside", "XC", 20)}, on_day(31)));
    CHECK(answers_at(held, on_day(0)).empty());
    const auto then = answers_at(held, on_day(10));
    REQUIRE(then.size() == 2);
    CHECK(then[0].question == "org.tbb");
    CHECK(then[1].value.string() == "XB");
    CHECK(then[1].source == "annual report");
    CHECK_FALSE(then[1].expired(on_day(99)));
    CHECK(then[1].expired(on_day(100)));
    CHECK(answers_at(held, on_day(40))[1].value.string() == "XA");
    CHECK(answer_history(held, "sup.country", "supplier", "hillside").size() == 3);
    good(withdraw_answer(held, "org.tbb", "organisation", "", "A. Analyst", "misread", on_day(41)));
    CHECK(answers_at(held, on_day(42)).size() == 1);
    CHECK(answers_at(held, on_day(40)).size() == 2);
    CHECK_FALSE(withdraw_answer(held, "org.tbb", "organisation", "", "A. Analyst", "misread", on_day(43)).ok());
    // The view has them all.
    sql::Database& db = held.connection().database;
    CHECK(db.number("SELECT count(*) FROM answers") == 4);
    CHECK(db.number("SELECT count(*) FROM answers WHERE NOT withdrawn") == 3);
    CHECK(db.number(
              "SELECT count(*) FROM answers WHERE detail ->> '$.value' = 'XA' AND subject = 'sup.country@supplier:hillside'") ==
          1);
    CHECK(verify(held).problems.empty());
}

TEST_CASE("what is wrong with answers is said all at once, and none of them is stored") {
    const Folder folder("answers-wrong");
    Register held = Register::open(folder.at("site.db"));
    Answer bad = answer("", "asset", "nobody", Json(), 5);
    bad.who.clear();
    bad.expires = on_day(4);
    const std::string no = refusal(put_answers(
        held, std::vector{answer("org.tbb", "organisation", "", "yes", 1), bad, answer("x.y", "planet", "", "yes", 1)},
        on_day(2)));
    for (const char* each : {"answers: /1: names no question", "answers: /1: has no value", "answers: /1: says not who answers",
                             "answers: /1: was answered in the future", "answers: /1: expires before",
                             "answers: /1: there is no asset nobody", "answers: /2: \"planet\" is no scope"})
        CHECK_MESSAGE(no.find(each) != std::string::npos, each);
    CHECK(held.connection().database.number("SELECT count(*) FROM events") == 0);
}

TEST_CASE("where a register has people, one of them answers, and no auditor") {
    const Folder folder("answers-people");
    Register held = Register::open(folder.at("site.db"));
    const Act act = owner(0, "the people of this site");
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, act));
    const std::vector given = {answer("org.tbb", "organisation", "", "yes", 1)};
    CHECK(refusal(put_answers(held, given, on_day(2))).find("A. Analyst is not among the people") != std::string::npos);
    good(set_fields(held, "person", "A. Analyst", {{"role", "auditor"}}, act));
    CHECK(refusal(put_answers(held, given, on_day(2))).find("an auditor reads and changes nothing") != std::string::npos);
    good(set_fields(held, "person", "A. Analyst", {{"role", "analyst"}}, act));
    good(put_answers(held, given, on_day(2)));
}

TEST_CASE("an answer about an asset that turned out to be another one is about that one") {
    const Folder folder("answers-merged");
    Plant plant(folder, folder.at("site.db"));
    plant.run({controller("00:00:5e:00:53:01", "10.1.0.1"), controller("00:00:5e:00:53:02", "10.1.0.2")}, 0);
    const std::string older = plant.uid("10.1.0.1");
    const std::string younger = plant.uid("10.1.0.2");
    Register held = Register::open(plant.path());
    good(put_answers(held, std::vector{answer("ast.docs", "asset", younger, "no", 1)}, on_day(1)));
    good(assert_same(held, older, younger, analyst(2, "one device")));
    const auto now = answers_at(held, on_day(3));
    REQUIRE(now.size() == 1);
    CHECK((now[0].scope_key == older || now[0].scope_key == younger));
    CHECK(now[0].scope_key == plant.uid("10.1.0.2"));
    // And is taken back as one about that one; an auditor takes nothing back.
    good(set_fields(held, "person", "R. Owner", {{"role", "owner"}}, owner(4, "the people of this site")));
    good(set_fields(held, "person", "A. Auditor", {{"role", "auditor"}}, owner(4, "the people of this site")));
    CHECK(refusal(withdraw_answer(held, "ast.docs", "asset", now[0].scope_key, "A. Auditor", "misread", on_day(5)))
              .find("an auditor reads and changes nothing") != std::string::npos);
    good(withdraw_answer(held, "ast.docs", "asset", now[0].scope_key, "R. Owner", "misread", on_day(5)));
    CHECK(answers_at(held, on_day(6)).empty());
    CHECK(held.connection().database.number("SELECT count(*) FROM answers WHERE NOT withdrawn") == 0);
}

TEST_CASE("of two assets that are one now each keeps its own answer, withdrawn or not, in whichever order they were given") {
    for (const bool withdrawn_first : {true, false}) {
        for (const bool of_younger : {true, false}) {
            CAPTURE(withdrawn_first);
            CAPTURE(of_younger);
            const Folder folder("answers-two");
            Plant plant(folder, folder.at("site.db"));
            plant.run({controller("00:00:5e:00:53:01", "10.1.0.1"), controller("00:00:5e:00:53:02", "10.1.0.2")}, 0);
            const std::string stays = plant.uid(of_younger ? "10.1.0.1" : "10.1.0.2");
            const std::string goes = plant.uid(of_younger ? "10.1.0.2" : "10.1.0.1");
            Register held = Register::open(plant.path());
            const auto say = [&](const std::string& uid, const char* value, int day) {
                good(put_answers(held, std::vector{answer("ast.docs", "asset", uid, value, day)}, on_day(day)));
            };
            if (!withdrawn_first) say(stays, "yes", 1);
            say(goes, "no", 2);
            if (!withdrawn_first) good(withdraw_answer(held, "ast.docs", "asset", goes, "Bob", "another device", on_day(3)));
            if (withdrawn_first) {
                good(withdraw_answer(held, "ast.docs", "asset", goes, "Bob", "another device", on_day(3)));
                say(stays, "yes", 4);
            }
            good(assert_same(held, stays, goes, analyst(5, "one device")));
            const auto now = answers_at(held, on_day(6));
            REQUIRE(now.size() == 1);
            CHECK(now[0].value.string() == "yes");
            CHECK(now[0].scope_key == plant.uid("10.1.0.1"));
            CHECK(held.connection().database.number("SELECT count(*) FROM answers WHERE NOT withdrawn") == 1);
        }
    }
}

TEST_CASE("of assets that are one now only the answer that is shown is withdrawn; then the other's holds") {
    for (const bool older_last : {true, false}) {
        CAPTURE(older_last);
        const Folder folder("answers-shown");
        Plant plant(folder, folder.at("site.db"));
        plant.run({controller("00:00:5e:00:53:01", "10.1.0.1"), controller("00:00:5e:00:53:02", "10.1.0.2")}, 0);
        const std::string older = plant.uid("10.1.0.1");
        const std::string younger = plant.uid("10.1.0.2");
        Register held = Register::open(plant.path());
        good(put_answers(held,
                         std::vector{answer("ast.docs", "asset", older_last ? younger : older, "no", 1),
                                     answer("ast.docs", "asset", older_last ? older : younger, "yes", 2)},
                         on_day(2)));
        good(assert_same(held, older, younger, analyst(3, "one device")));
        const std::string uid = plant.uid("10.1.0.2");
        CHECK(answers_at(held, on_day(4)).at(0).value.string() == "yes");
        good(withdraw_answer(held, "ast.docs", "asset", uid, "Ann", "misread", on_day(4)));
        const auto now = answers_at(held, on_day(5));
        REQUIRE(now.size() == 1);
        CHECK(now[0].value.string() == "no");
        CHECK(now[0].scope_key == uid);
        CHECK(held.connection().database.number("SELECT count(*) FROM answers WHERE NOT withdrawn") == 1);
        good(withdraw_answer(held, "ast.docs", "asset", uid, "Ann", "misread", on_day(6)));
        CHECK(answers_at(held, on_day(7)).empty());
        CHECK_FALSE(withdraw_answer(held, "ast.docs", "asset", uid, "Ann", "misread", on_day(8)).ok());
    }
}

TEST_SUITE_END();

}  // namespace answers_test
