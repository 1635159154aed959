// Packets that cannot be written, or could be only in part, spoil nothing of what was written before or is written after.
#include <sys/resource.h>
#include <sys/types.h>

#include <csignal>
#include <filesystem>

#include "../lint/folder.h"
#include "core/file.h"
#include "core/text.h"
#include "probes/record.h"
#include "probes/synthesis.h"
#include "probes/wire.h"

using namespace herkomst;

namespace record_kept_test {

TEST_SUITE_BEGIN("probe_record");

namespace {

// No file of this process may be larger, until the end of the block.
class FileLimit {
  public:
    explicit FileLimit(std::uint64_t bytes) : action_(std::signal(SIGXFSZ, SIG_IGN)) {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        const rlimit now{bytes, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
    }
    ~FileLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, action_);
    }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;

  private:
    rlimit before_{};
    void (*action_)(int);
};

const Probe& http() { return *probe_named("http"); }

Report of(const std::string& ip, std::size_t size) {
    Report report;
    report.outcome = ProbeOutcome::Answered;
    report.target.ip = IpAddress::parse(ip).value();
    report.target.my_ip = IpAddress::parse("192.0.2.10").value();
    report.target.port = 80;
    report.target.my_port = 40'000;
    for (const bool ours : {true, false}) {
        Said& said = report.said.emplace_back();
        said.ours = ours;
        said.bytes.assign(ours ? 4 : size, 'x');
    }
    return report;
}

std::string packets_of(const std::vector<Report>& reports) {
    PacketBytes all = pcapng_head();
    for (const Report& each : reports) append_packets(all, http(), each.target, each.said);
    return {all.begin(), all.end()};
}

std::unique_ptr<ExchangeRecord> opened(const std::string& folder, bool resume) {
    auto record = ExchangeRecord::open(folder, resume, false, RecordHead{});
    REQUIRE(record.ok());
    return std::move(record.value());
}

}  // namespace

TEST_CASE("record: packets that could be written only in part are taken away, and what follows is whole") {
    const Folder folder("record_kept_part");
    const std::string at = (folder.path() / "record").string();
    const Report first = of("192.0.2.1", 5000);
    const Report second = of("192.0.2.2", 9000);
    const Report third = of("192.0.2.3", 6000);
    std::unique_ptr<ExchangeRecord> record = opened(at, false);
    record->add("first", http(), first);
    {
        const FileLimit limit(packets_of({first}).size() + 4500);
        CHECK_THROWS(record->add("second", http(), second));
        CHECK(read_file(record->packets_path()).value() == packets_of({first}));
    }
    record->add("third", http(), third);
    CHECK(read_file(record->packets_path()).value() == packets_of({first, third}));
    record.reset();
    record = opened(at, true);
    CHECK(read_file(record->packets_path()).value() == packets_of({first, third}));
    CHECK(record->has("first"));
    CHECK(record->has("third"));
    CHECK_FALSE(record->has("second"));
}

TEST_CASE("record: who has his line has his packets") {
    const Folder folder("record_kept_line");
    const Report first = of("192.0.2.1", 20'000);
    const Report second = of("192.0.2.2", 100);
    const std::unique_ptr<ExchangeRecord> record = opened((folder.path() / "record").string(), false);
    record->add("first", http(), first);
    // Their packets are there before anything else is written.
    CHECK(read_file(record->packets_path()).value() == packets_of({first}));
    {
        const FileLimit limit(packets_of({first}).size() + 100);
        CHECK_THROWS(record->add("second", http(), second));
    }
    CHECK_FALSE(read_file(record->log_path()).value().find("\"second\"") != std::string::npos);
}

TEST_CASE("record: a block that was broken off, with others behind it, is where a record that is taken up is cut") {
    const Folder folder("record_kept_cut");
    const std::string at = (folder.path() / "record").string();
    const Report first = of("192.0.2.1", 1000);
    const Report second = of("192.0.2.2", 1000);
    std::unique_ptr<ExchangeRecord> record = opened(at, false);
    record->add("first", http(), first);
    record.reset();
    // As long as the block says, but its end is another's middle.
    const std::string whole = packets_of({first});
    const std::string both = packets_of({first, second});
    std::string spoilt = both.substr(0, whole.size() + 40) + both.substr(whole.size(), both.size() - whole.size());
    write_file(at + "/exchanges.pcapng", spoilt);
    record = opened(at, true);
    CHECK(read_file(record->packets_path()).value() == whole);
    record->add("second", http(), second);
    CHECK(read_file(record->packets_path()).value() == both);
}

TEST_CASE("record: room for the largest of all questions, once or twice") {
    std::uint64_t largest = 0;
    for (const Probe& probe : all_probes()) largest = std::max<std::uint64_t>(largest, probe.limits.bytes);
    CHECK(RecordRoom::of(1, 0, false).packets > largest);
    CHECK(RecordRoom::of(2, 0, false).packets > 2 * largest);
    CHECK(RecordRoom::of(1, 0, false).packets > Wire::tls_bytes + (std::uint64_t{128} << 10));
    const std::uint64_t two = RecordRoom::of(2, 0, false).packets;
    CHECK(RecordRoom::of(256, 0, false).packets - two < 128 * two);
}

TEST_SUITE_END();

}  // namespace record_kept_test
