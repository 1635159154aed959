#include "capture/run.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

namespace herkomst {

// Packets on their way to a thread, with a copy of their bytes; or the beginning or end of a source.
struct CaptureRun::Batch {
    enum class What : std::uint8_t { Packets, Begin, End, Stop };
    What what = What::Packets;
    std::string source;
    std::vector<Peeled> packets;  // payload.data() is null; `starts` says where the bytes are
    std::vector<std::size_t> starts;
    std::vector<std::uint8_t> bytes;
};

struct CaptureRun::Worker {
    std::thread thread;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::unique_ptr<Batch>> queue;
    std::vector<std::unique_ptr<Batch>> spare;
    std::unique_ptr<Batch> filling = std::make_unique<Batch>();
    unsigned number = 0;
};

CaptureRun::CaptureRun(const Trials& trials, const AnalysisOptions& options) : trials_(&trials) {
    for (unsigned i = 0; i < Shard::count; ++i) shards_.push_back(std::make_unique<Shard>(trials, options.site));
    const unsigned threads = std::clamp(options.threads, 1U, Shard::count);
    if (threads == 1) return;
    for (unsigned i = 0; i < threads; ++i) {
        workers_.push_back(std::make_unique<Worker>());
        workers_.back()->number = i;
    }
    // Only now: the threads read how many there are.
    for (const auto& worker : workers_) worker->thread = std::thread([this, at = worker.get()] { work(*at); });
}

CaptureRun::~CaptureRun() {
    for (const auto& worker : workers_) {
        if (!worker->thread.joinable()) continue;
        worker->filling->what = Batch::What::Stop;
        send(*worker);
        worker->thread.join();
    }
}

void CaptureRun::send(Worker& worker) {
    std::unique_lock lock(worker.mutex);
    worker.changed.wait(lock, [&] { return worker.queue.size() < queue_batches; });
    worker.queue.push_back(std::move(worker.filling));
    if (worker.spare.empty()) {
        worker.filling = std::make_unique<Batch>();
    } else {
        worker.filling = std::move(worker.spare.back());
        worker.spare.pop_back();
    }
    lock.unlock();
    worker.changed.notify_one();
}

void CaptureRun::work(Worker& worker) {
    const auto threads = static_cast<unsigned>(workers_.size());
    for (;;) {
        std::unique_ptr<Batch> batch;
        {
            std::unique_lock lock(worker.mutex);
            worker.changed.wait(lock, [&] { return !worker.queue.empty(); });
            batch = std::move(worker.queue.front());
            worker.queue.pop_front();
        }
        worker.changed.notify_one();
        if (batch->what == Batch::What::Stop) return;
        if (batch->what == Batch::What::Packets) {
            for (std::size_t i = 0; i < batch->packets.size(); ++i) {
                Peeled& packet = batch->packets[i];
                packet.payload = Bytes(batch->bytes).subspan(batch->starts[i], packet.payload.size());
                shards_[Shard::of(packet.hash)]->process(packet);
            }
        } else {
            for (unsigned shard = worker.number; shard < Shard::count; shard += threads) {
                if (batch->what == Batch::What::Begin) shards_[shard]->begin_source(batch->source);
                if (batch->what == Batch::What::End) shards_[shard]->end_source();
            }
        }
        batch->what = Batch::What::Packets;
        batch->packets.clear();
        batch->starts.clear();
        batch->bytes.clear();
        const std::lock_guard lock(worker.mutex);
        worker.spare.push_back(std::move(batch));
    }
}

void CaptureRun::hand_over(const Peeled& packet) {
    const unsigned shard = Shard::of(packet.hash);
    if (workers_.empty()) {
        shards_[shard]->process(packet);
        return;
    }
    Worker& worker = *workers_[shard % workers_.size()];
    Batch& batch = *worker.filling;
    batch.packets.push_back(packet);
    batch.starts.push_back(batch.bytes.size());
    batch.bytes.insert(batch.bytes.end(), packet.payload.begin(), packet.payload.end());
    if (batch.packets.size() >= batch_packets || batch.bytes.size() >= batch_bytes) send(worker);
}

void CaptureRun::take(const Packet& packet, SourceSummary& source) {
    source.bytes += packet.bytes.size();
    if (source.packets++ == 0) source.first = source.last = packet.at;
    source.first = std::min(source.first, packet.at);
    source.last = std::max(source.last, packet.at);
    const bool got = peeler_.peel(packet, peeled_);
    for (const Peeled& carrier : peeler_.carriers()) hand_over(carrier);
    if (got) hand_over(peeled_);
    while (peeler_.more()) {
        if (peeler_.next(peeled_)) hand_over(peeled_);
    }
}

namespace {

// Damage, or somebody's lies: a header that contradicts itself or its frame. What a capture cut off or nobody can read is
// counted.
constexpr auto untrue =
    std::to_array<Refusal>({Refusal::short_frame, Refusal::bad_length_field, Refusal::bad_radiotap, Refusal::bad_ip_header,
                            Refusal::ip_longer_than_frame, Refusal::bad_extension_header, Refusal::bad_fragment,
                            Refusal::bad_udp_header, Refusal::bad_tcp_header, Refusal::bad_tunnel_header});

// Where each kind stood first in one source.
class FirstDamage {
  public:
    explicit FirstDamage(const Counters& before) : before_(before), seen_(before.changes) {}

    void look(const Counters& now, std::uint64_t frame) {
        if (now.changes == seen_) return;
        seen_ = now.changes;
        for (std::size_t i = 0; i < untrue.size(); ++i) {
            if (frames_[i] == 0 && now[untrue[i]] != before_[untrue[i]]) frames_[i] = frame;
        }
    }
    [[nodiscard]] Problems problems(const Counters& now, const std::string& path) const {
        Problems out;
        for (std::size_t i = 0; i < untrue.size(); ++i) {
            if (frames_[i] == 0) continue;
            const std::uint64_t count = now[untrue[i]] - before_[untrue[i]];
            out.push_back(
                {path + ": frame " + std::to_string(frames_[i]),
                 std::string(name(untrue[i])) + (count == 1 ? std::string() : ", the first of " + std::to_string(count))});
        }
        std::sort(out.begin(), out.end());
        return out;
    }

  private:
    Counters before_;
    std::uint64_t seen_;
    std::array<std::uint64_t, untrue.size()> frames_{};
};

}  // namespace

Problems CaptureRun::read(CaptureFile& file, SourceSummary& source, const Packet* already) {
    const auto tell = [&](Batch::What what) {
        for (const auto& worker : workers_) {
            if (!worker->filling->packets.empty()) send(*worker);
            worker->filling->what = what;
            worker->filling->source = source.id;
            send(*worker);
        }
        if (!workers_.empty()) return;
        for (const auto& shard : shards_) {
            if (what == Batch::What::Begin) {
                shard->begin_source(source.id);
            } else {
                shard->end_source();
            }
        }
    };
    tell(Batch::What::Begin);
    FirstDamage damage(peeler_.counters());
    if (already != nullptr) {
        take(*already, source);
        damage.look(peeler_.counters(), already->number);
    }
    Packet packet;
    while (file.next(packet)) {
        take(packet, source);
        damage.look(peeler_.counters(), packet.number);
    }
    peeler_.finish();
    tell(Batch::What::End);
    return damage.problems(peeler_.counters(), source.path);
}

namespace {

auto conversation_key(const Conversation& row) { return std::tie(row.a, row.b, row.b_name, row.service, row.opened_by); }

// Sorts and adds up rows of one key. Rows are large, so what is sorted is where they stand, and mostly by numbers.
void fold(std::vector<Conversation>& rows) {
    struct Row {
        EndpointHead a;
        EndpointHead b;
        std::uint32_t at;
    };
    // Then the words say all of an endpoint. (Who talks is an address, never a part or a program behind one.)
    const auto plain = [&](const Endpoint& endpoint) {
        return endpoint.site == rows.front().a.site && endpoint.path.empty() && endpoint.software.empty();
    };
    const bool one_site =
        std::all_of(rows.begin(), rows.end(), [&](const Conversation& row) { return plain(row.a) && plain(row.b); });
    // Of two rows whose words are the same.
    const auto before = [&](const Conversation& x, const Conversation& y) {
        return one_site ? std::tie(x.b_name, x.service, x.opened_by) < std::tie(y.b_name, y.service, y.opened_by)
                        : conversation_key(x) < conversation_key(y);
    };
    std::vector<Row> sorted(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        sorted[i].at = i;
        if (!one_site) continue;
        sorted[i].a = head_of(rows[i].a);
        sorted[i].b = head_of(rows[i].b);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [&](const Row& x, const Row& y) {
        if (x.a != y.a) return x.a < y.a;
        if (x.b != y.b) return x.b < y.b;
        return before(rows[x.at], rows[y.at]);
    });
    std::vector<std::uint32_t> order(rows.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) order[i] = sorted[i].at;
    // Into that order in place, circle by circle: each row moves once, and no second list is needed.
    for (std::uint32_t start = 0; start < order.size(); ++start) {
        if (order[start] == start) continue;
        Conversation first = std::move(rows[start]);
        std::uint32_t at = start;
        while (order[at] != start) {
            const std::uint32_t from = order[at];
            rows[at] = std::move(rows[from]);
            order[at] = at;
            at = from;
        }
        rows[at] = std::move(first);
        order[at] = at;
    }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // The rows are in the order of `sorted` now.
        const bool differs = i != 0 && one_site && (sorted[i - 1].a != sorted[i].a || sorted[i - 1].b != sorted[i].b);
        if (kept == 0 || differs || before(rows[kept - 1], rows[i])) {
            if (kept != i) rows[kept] = std::move(rows[i]);
            ++kept;
            continue;
        }
        Conversation& into = rows[kept - 1];
        into.bytes_ab += rows[i].bytes_ab;
        into.bytes_ba += rows[i].bytes_ba;
        into.seen.first = std::min(into.seen.first, rows[i].seen.first);
        into.seen.last = std::max(into.seen.last, rows[i].seen.last);
        into.seen.count += rows[i].seen.count;
        into.named_in(rows[i].b_name_from);
        into.openings.merge(rows[i].openings);
    }
    rows.resize(kept);
}

// A connection to an address is a connection to the name that the same client had resolved to it: of several, the one
// resolved last before the connection began, else the first resolved before it was last used. True when a row got a name.
bool name_servers(std::vector<Conversation>& rows, std::vector<ResolvedName>& names) {
    bool named = false;
    std::sort(names.begin(), names.end());
    const auto lookup = [&](const Conversation& row, const IpAddress& client) -> const ResolvedName* {
        const auto same = [&](const ResolvedName& name) {
            return name.vlan == row.b.vlan && name.client == client && name.ip == row.b.ip;
        };
        const auto from = [&](Time at) {
            return std::lower_bound(names.begin(), names.end(), ResolvedName{row.b.vlan, client, row.b.ip, at, {}, {}});
        };
        const auto after = from(row.seen.first + Nanoseconds(1));
        if (after != names.begin() && same(*(after - 1))) return &*from((after - 1)->at);
        if (after != names.end() && same(*after) && after->at <= row.seen.last) return &*after;
        return nullptr;
    };
    for (Conversation& row : rows) {
        if (!row.b_name.empty() || !row.b.ip.known()) continue;
        const ResolvedName* found = lookup(row, row.a.ip);
        if (found == nullptr) found = lookup(row, IpAddress{});
        if (found == nullptr) continue;
        row.b_name = found->name;
        row.b_name_from = found->from;
        named = true;
    }
    return named;
}

}  // namespace

// What all shards counted, and the names they heard.
struct CaptureRun::Sum {
    Counters counters;
    std::map<std::uint32_t, std::uint64_t> link_types;
    std::vector<Shard::Learned::PerDecoder> decoders;
    std::vector<ResolvedName> names;
};

void CaptureRun::add_up(Shard::Learned&& learned, Sum& sum, Analysis& out) const {
    out.observations.absorb_part(std::move(learned.observations));
    out.conversations.insert(out.conversations.end(), std::make_move_iterator(learned.conversations.begin()),
                             std::make_move_iterator(learned.conversations.end()));
    sum.names.insert(sum.names.end(), std::make_move_iterator(learned.names.begin()),
                     std::make_move_iterator(learned.names.end()));
    sum.counters.add(learned.counters);
    sum.decoders.resize(trials_->decoders().size());
    for (std::size_t i = 0; i < sum.decoders.size(); ++i) {
        sum.decoders[i].recognised += learned.decoders[i].recognised;
        sum.decoders[i].malformed += learned.decoders[i].malformed;
        sum.decoders[i].not_this += learned.decoders[i].not_this;
    }
}

void CaptureRun::conclude(Sum& sum, Analysis& out) const {
    fold(out.conversations);
    // A name may make one of what were two.
    if (name_servers(out.conversations, sum.names)) fold(out.conversations);
    const auto row = [&](std::string_view asked, std::string outcome, std::uint64_t count) {
        if (count == 0) return;
        Coverage coverage;
        coverage.asked = asked;
        coverage.outcome = std::move(outcome);
        coverage.count = count;
        out.coverage.push_back(std::move(coverage));
    };
    // Of the shards and of all together.
    sum.counters.counts[static_cast<std::size_t>(Refusal::claims_dropped)] = out.observations.dropped_subjects();
    for (std::size_t i = 0; i < refusal_count; ++i)
        row("capture", std::string(name(static_cast<Refusal>(i))), sum.counters.counts[i]);
    for (const auto& [type, count] : sum.link_types) row("capture", "unknown link type " + std::to_string(type), count);
    for (std::size_t i = 0; i < sum.decoders.size(); ++i) {
        row(trials_->decoders()[i].name, "malformed", sum.decoders[i].malformed);
        row(trials_->decoders()[i].name, "not understood", sum.decoders[i].not_this);
    }
    std::sort(out.coverage.begin(), out.coverage.end(), [](const Coverage& x, const Coverage& y) {
        return std::tie(x.subject, x.asked, x.outcome) < std::tie(y.subject, y.asked, y.outcome);
    });
}

void CaptureRun::finish(Analysis& out) {
    for (const auto& worker : workers_) {
        worker->filling->what = Batch::What::Stop;
        send(*worker);
        worker->thread.join();
    }
    workers_.clear();
    // No plant has so many subjects; a flood of invented addresses does. What finds no room is counted.
    constexpr std::size_t subjects_most = 65'536;
    out.observations = ObservationSet(subjects_most);
    Sum sum;
    std::size_t conversations = 0;
    for (const auto& shard : shards_) conversations += shard->conversations();
    out.conversations.reserve(conversations);
    sum.counters = peeler_.counters();
    sum.link_types = peeler_.unknown_link_types();
    for (auto& shard : shards_) {
        add_up(shard->take(), sum, out);
        shard.reset();
    }
    conclude(sum, out);
}

void CaptureRun::begin(const std::string& source) {
    for (const auto& shard : shards_) shard->begin_source(source);
}

bool CaptureRun::take_live(const Packet& packet) {
    const bool got = peeler_.peel(packet, peeled_);
    for (const Peeled& carrier : peeler_.carriers()) shards_[Shard::of(carrier.hash)]->process(carrier);
    if (got) shards_[Shard::of(peeled_.hash)]->process(peeled_);
    while (peeler_.more()) {
        if (peeler_.next(peeled_)) shards_[Shard::of(peeled_.hash)]->process(peeled_);
    }
    return got;
}

void CaptureRun::take_interval(Analysis& out) {
    Sum sum;
    for (std::size_t i = 0; i < refusal_count; ++i) {
        sum.counters.counts[i] = peeler_.counters().counts[i] - told_.counts[i];
    }
    told_ = peeler_.counters();
    for (const auto& [type, count] : peeler_.unknown_link_types()) sum.link_types[type] = count - told_link_types_[type];
    told_link_types_ = peeler_.unknown_link_types();
    for (auto& shard : shards_) add_up(shard->take_interval(), sum, out);
    // Of months of names those of the interval's few servers.
    std::vector<IpAddress> servers;
    for (const Conversation& row : out.conversations) {
        if (row.b_name.empty() && row.b.ip.known()) servers.push_back(row.b.ip);
    }
    std::sort(servers.begin(), servers.end());
    for (const auto& shard : shards_) shard->add_names(servers, sum.names);
    conclude(sum, out);
}

void CaptureRun::end() {
    peeler_.finish();
    for (const auto& shard : shards_) shard->end_source();
}

std::size_t CaptureRun::rows() const {
    std::size_t sum = 0;
    for (const auto& shard : shards_) sum += shard->rows();
    return sum;
}

}  // namespace herkomst
