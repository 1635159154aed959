// The permission is held against the clock: another time than that is for a dry run and for loopback.
#include <filesystem>

#include "peers.h"
#include "run_place.h"

using namespace herkomst;

namespace now_given_test {

TEST_SUITE_BEGIN("probe_now_given");

namespace {

const std::string page = "HTTP/1.1 200 OK\r\nServer: ExampleWeb/2.1\r\nContent-Length: 5\r\n\r\nhello";

// Whose permission ended long ago.
void expired(const RunPlace& here, const std::string& ranges, const std::string& more = "") {
    here.folder.write("scope.json",
                      R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test","valid":{"from":)"
                      R"("2020-01-01T00:00:00Z","until":"2020-02-01T00:00:00Z"},"ranges":[)" +
                          ranges + "]" + more + "}");
}

ProgramRan run(const RunPlace& here, const std::string& words) {
    return herkomst_does("probe --quiet --i-am-authorised Me --until observations --scope " + here.path("scope.json") +
                         " --record " + here.path("record") + " " + words);
}
const std::string within = "--now 2020-01-15T00:00:00Z";

}  // namespace

TEST_CASE("now given: over loopback it is taken, said, and written into the record") {
    const Peer web("127.0.67.1", behaviour::answers(page));
    const RunPlace here("now_loopback");
    expired(here, RunPlace::range("127.0.67.1", {{"http", {web.port()}}}));
    const ProgramRan late = run(here, "");
    CHECK(late.exit_code == 4);
    CHECK(says(late.out, "refused: the scope file expired at 2020-02-01T00:00:00Z; nothing was sent"));
    CHECK(web.connections() == 0);
    const ProgramRan ran = run(here, within);
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(says(ran.out, "probe: --now: the permission is held against 2020-01-15T00:00:00Z and not against the clock"));
    CHECK(web.connections() == 1);
    CHECK(here.log().front()["now_given"].boolean());
}

TEST_CASE("now given: elsewhere it opens nothing, whoever is asked beside loopback") {
    const Peer web("127.0.67.2", behaviour::answers(page));
    const std::string ours = RunPlace::range("127.0.67.2", {{"http", {web.port()}}});
    // Nobody is at these: the address is excluded, and there is no such interface.
    const std::string theirs = ours + "," + RunPlace::range("192.0.2.9", {{"http", {80}}});
    const std::string link = R"(,"interfaces":[{"name":"nowhere0","broadcast":true,"probes":["mndp"]}])";
    const RunPlace here("now_elsewhere");
    for (const auto& [ranges, more] : {std::pair{theirs, std::string(R"(,"exclude":["192.0.2.9"])")}, {ours, link}}) {
        expired(here, ranges, more);
        const ProgramRan ran = run(here, within);
        INFO(ran.out);
        CHECK(ran.exit_code == 4);
        CHECK(says(ran.out,
                   "refused: the permission is held against the clock: --now is for a dry run, and for a run over "
                   "loopback alone; nothing was sent"));
        const ProgramRan plan = run(here, within + " --dry-run");
        CHECK(plan.exit_code == 0);
        CHECK(says(plan.out, "127.0.67.2 tcp/"));
    }
    CHECK(web.connections() == 0);
    CHECK_FALSE(std::filesystem::exists(here.path("record")));
}

TEST_CASE("now given: by the clock itself the record says nothing of it") {
    const Peer web("127.0.67.3", behaviour::answers(page));
    const RunPlace here("now_clock");
    here.folder.write("scope.json", R"({"schema":"herkomst-scope/1","authorised_by":"A. Person","purpose":"test",)" +
                                        valid_now() + R"(,"ranges":[)" +
                                        RunPlace::range("127.0.67.3", {{"http", {web.port()}}}) + "]}");
    const ProgramRan ran = run(here, "");
    INFO(ran.out);
    CHECK(ran.exit_code == 0);
    CHECK(web.connections() == 1);
    CHECK_FALSE(here.log().front().has("now_given"));
}

TEST_SUITE_END();

}  // namespace now_given_test
