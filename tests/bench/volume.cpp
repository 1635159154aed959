#include "volume.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "assess/assess.h"
#include "capture/run.h"
#include "cli/intake.h"
#include "core/file.h"
#include "core/lines.h"
#include "decoders/trials.h"
#include "identity/asset.h"
#include "plant_replay.h"
#include "register/fold.h"
#include "register/open.h"
#include "register/register.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

std::size_t values_most(const std::vector<Observation>& rows) {
    std::size_t most = 0;
    std::size_t here = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool same = i > 0 && rows[i].subject == rows[i - 1].subject && rows[i].field == rows[i - 1].field;
        here = same ? here + 1 : 1;
        most = std::max(most, here);
    }
    return most;
}

std::uint64_t bytes_of(Register& held) {
    sql::Database& database = held.connection().database;
    return static_cast<std::uint64_t>(database.number("PRAGMA page_count") * database.number("PRAGMA page_size"));
}

}  // namespace

double Volume::grows_by(std::size_t first) const {
    if (first + 1 >= days.size()) return 0;
    const auto grown = static_cast<double>(days.back().register_bytes) - static_cast<double>(days[first].register_bytes);
    return grown / static_cast<double>(days.size() - 1 - first) / PlantReplay::devices;
}

Volume volume_of(const VolumeOptions& options) {
    const Result<VendorDb> db = VendorDb::open(data_folder() + "/vendordb.sqlite");
    const Result<PolicyPacks> packs = PolicyPacks::load(data_folder() + "/rules");
    if (!db.ok() || !packs.ok()) throw std::runtime_error("the data are not there");
    Register held = Register::open(options.register_path.empty() ? std::string(Register::in_memory) : options.register_path);
    const Trials trials(all_decoders());
    AnalysisOptions analysis;
    analysis.site = "replay";
    CaptureRun capture(trials, analysis);
    capture.begin("replay");

    Volume out;
    Heard day;
    const Time start = Time(std::chrono::seconds(1'780'000'000));
    Time day_end = start + std::chrono::hours(24);
    std::uint64_t told = 0;
    std::string folded_on;
    PlantReplay plant;
    plant.poll = options.poll;
    plant.interval_length = options.interval;
    plant.packet = [&](const Packet& packet) {
        ++out.packets;
        capture.take_live(packet);
    };
    const auto end_day = [&] {
        const std::vector<Observation> observations = day.observations().list();
        const std::vector<Conversation> conversations = day.conversations();
        Volume::Day ended;
        ended.register_bytes = bytes_of(held);
        ended.claims = static_cast<std::uint64_t>(held.connection().database.number("SELECT count(*) FROM claims"));
        ended.observations = observations.size();
        ended.conversations = conversations.size();
        for (const Observation& row : observations) ended.line_bytes += write_json(to_json(row)).size() + 1;
        for (const Conversation& row : conversations) ended.line_bytes += write_json(to_json(row)).size() + 1;
        out.values_most = std::max(out.values_most, values_most(observations));
        out.days.push_back(ended);
        day = {};
    };
    auto earlier = std::make_unique<Heard>();
    auto recent = std::make_unique<Heard>();
    Time generation = start + std::chrono::hours(12);
    plant.interval = [&](Time at) {
        Analysis learned;
        capture.take_interval(learned);
        for (const Observation& row : learned.observations.list()) {
            day.add(row);
            recent->add(row);
        }
        for (const Conversation& row : learned.conversations) {
            day.add(row);
            recent->add(row);
        }
        // As the keeper: what is assessed is what was heard in the last half to whole day.
        Heard both = *earlier;
        both.add(*recent);
        const std::vector<Conversation> conversations = both.conversations();
        const Identified identified = identify(both.observations().list(), conversations, db.value(), {false, at});
        const Assessment assessment = assess(identified, db.value(), packs.value(), {"replay"});
        ScanRun run;
        run.site = "replay";
        run.now = at;
        run.program = "herkomst";
        run.vendordb = db.value().version();
        RunSource source;
        source.id = "replay";
        source.path = "replay0";
        source.kind = "interface";
        source.packets = out.packets - told;
        source.first = at - options.interval;
        source.last = at;
        source.usable = true;
        told = out.packets;
        run.sources.push_back(source);
        run.coverage = learned.coverage;
        run.identified = &identified;
        run.assessment = &assessment;
        run.policies = &packs.value();
        run.vendors = &db.value();
        run.one_of_many = true;
        held.record(run);
        if (std::string today = rfc3339(at).substr(0, 10); today != folded_on) {
            fold_days(held, at);
            folded_on = std::move(today);
        }
        ++out.runs;
        out.assets = identified.assets.size();
        if (at >= day_end) {
            end_day();
            day_end += std::chrono::hours(24);
        }
        if (at >= generation) {
            earlier = std::exchange(recent, std::make_unique<Heard>());
            generation += std::chrono::hours(12);
        }
    };
    plant.run(start, start + options.length);
    if (day.rows() != 0) end_day();
    sql::Database& database = held.connection().database;
    out.packets_recorded = static_cast<std::uint64_t>(database.number("SELECT sum(packets) FROM sources"));
    out.runs_kept = static_cast<std::uint64_t>(database.number("SELECT count(*) FROM runs"));
    out.broken = held.verify();
    return out;
}

}  // namespace herkomst
