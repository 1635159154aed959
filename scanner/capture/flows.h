// Flows: which packets belong together, who opened, which decoder understands them, and what follows from that.
//
// A Shard holds the flows whose symmetric hash leads to it, and everything that is learned from them. Shards share nothing, so
// that any number of threads gives the same result. All tables are bounded; when one is full the flow that was not used for
// longest (by the clock algorithm) goes, and is counted. Memory: flows_max records of about half a kilobyte, states_max of
// FlowState and budget_max bytes of windows per shard.
//
// Behind a proxy that agreed to connect on (decoders/tunnel.h) no claim about the server is kept: who speaks there is another.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "capture/peel.h"
#include "capture/streams.h"
#include "core/conversation.h"
#include "core/observation.h"
#include "decoders/decoder.h"
#include "decoders/run.h"
#include "decoders/trials.h"

namespace herkomst {

// Asked for a name, and got an address.
struct ResolvedName {
    Vlan vlan;
    IpAddress client;  // unknown: everybody on the link heard it
    IpAddress ip;
    Time at{};
    std::string name;
    Evidence from;  // the answer
    auto operator<=>(const ResolvedName&) const = default;
};

class Shard {
  public:
    static constexpr unsigned count = 64;
    static constexpr std::size_t flows_max = 4096;
    static constexpr std::size_t states_max = 1024;
    static constexpr std::size_t budget_max = std::size_t{1} << 20;  // bytes in windows
    static constexpr std::size_t conversations_max = 2048;
    static constexpr std::size_t stations_max = 4096;
    static constexpr std::size_t names_max = 4096;
    static constexpr std::size_t subjects_max = 2048;
    static constexpr unsigned looks_max = 8;   // messages per direction that are offered for recognition
    static constexpr unsigned misses_max = 4;  // messages in a row that a recognised flow's decoder does not know
    static constexpr std::size_t verdict_bytes =
        16;  // a refusal of fewer bytes of a stream waits for more: "HT" is no answer yet
    static constexpr std::size_t look_bytes_max = 8192;
    static constexpr std::chrono::seconds idle{60};         // datagrams after that are another conversation
    static constexpr std::chrono::seconds gap_patience{2};  // for a missing segment

    static unsigned of(std::uint64_t hash) { return static_cast<unsigned>(hash >> 58); }

    Shard(const Trials&, std::string site);
    ~Shard();
    Shard(const Shard&) = delete;
    Shard& operator=(const Shard&) = delete;

    void begin_source(const std::string& id);
    void process(const Peeled&);
    // Ends every flow.
    void end_source();

    struct Learned {
        ObservationSet observations{subjects_max};
        std::vector<Conversation> conversations;
        std::vector<ResolvedName> names;
        Counters counters;
        struct PerDecoder {
            std::uint64_t recognised = 0;  // flows
            std::uint64_t malformed = 0;   // messages
            std::uint64_t not_this = 0;    // messages
        };
        std::vector<PerDecoder> decoders;
    };
    // After the last end_source.
    Learned take();
    // What was learned since the last time, while the flows go on (live capture). Counts and bytes are differences; names that
    // were resolved are not in it, but stay for later times: the newest half of them once there are many.
    Learned take_interval();
    // Those of the names that stayed that were resolved to any of these (sorted).
    void add_names(const std::vector<IpAddress>& to, std::vector<ResolvedName>& into) const;
    // Rows that take_interval would give, about: not those of flows that were not folded yet.
    [[nodiscard]] std::size_t rows() const;
    // Conversations that take would give.
    [[nodiscard]] std::size_t conversations() const;

  private:
    struct Recognised;
    struct Direction;
    struct Entry;
    struct CachedClaim;
    class Entries;
    struct Tables;

    Entry& entry_of(const Peeled&);
    Entry& new_entry(const Peeled&);
    void open(Entry&, const Peeled&);
    void restart(Entry&, const Peeled&);
    void end_flow(Entry&);
    void remove(std::uint32_t index);
    void evict_one();
    void grow();
    void count_in(Entry&, const Peeled&);
    void another_sender(Entry&, unsigned side, const Peeled&);

    void guess_opener(Entry&, const Peeled&);
    void datagram(Entry&, const Peeled&);
    void segment(Entry&, const Peeled&);
    void maybe_restart(Entry&, unsigned side, const Peeled&);
    void early(Entry&, unsigned side, const Peeled&, std::uint32_t sequence);
    void deliver(Entry&, unsigned side, Bytes, Piece&, Time, bool ended);
    void deliver_here(Entry&, unsigned side, Bytes, Piece&, Time, bool ended);
    void deliver_on(Entry&, unsigned side, Bytes, const Piece&, Time, bool ended);
    void keep(Entry&, unsigned side, Bytes, Piece&);
    void drain(Entry&, unsigned side, Time);
    void gap(Entry&, unsigned side, std::uint64_t bytes);
    void give_up(Entry&, unsigned side);
    void drop_window(Direction&);
    void finish_stream(Entry&, unsigned side, Time);
    std::size_t feed(Entry&, unsigned side, Bytes, const Piece* pieces, std::size_t piece_count, std::size_t base, Time,
                     bool ended);
    std::size_t feed_here(Entry&, unsigned side, Bytes, const Piece* pieces, std::size_t piece_count, std::size_t base, Time,
                          bool ended);
    Window& window_of(Direction&);
    void account(Direction&);

    void fill_flow(const Entry&, unsigned side, Time, bool ended);
    const Decoder* look(const Entry&, Bytes);
    void recognised(Entry&, const Decoder*);
    void forget_state(Entry&);
    static bool is_of_server(const Entry&, const Endpoint& subject);
    void learn(Entry&, unsigned side, const Piece* pieces, std::size_t piece_count, std::size_t base, Time);
    void spoke(Entry&, unsigned side, std::uint64_t frame, Time);
    void claim(StagedClaim&&, const Place&, Time);
    void flush(CachedClaim&);
    void flush_stations();
    void forget_old_names();
    void fold_conversation(Entry&);
    void observe_station(const Entry&, unsigned side);
    void observe_stack(const Entry&, unsigned side);

    const Trials* trials_;
    std::string site_;
    std::string source_;

    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t index = none;
    };
    static constexpr std::uint32_t none = UINT32_MAX;
    std::vector<Slot> slots_;
    std::unique_ptr<Tables> tables_;
    std::vector<std::uint32_t> free_;
    std::size_t hand_ = 0;
    std::size_t states_ = 0;
    // States of flows that ended, for the next ones: they are too large for the allocator to give back and hand out cheaply.
    static constexpr std::size_t spare_max = 16;
    std::vector<std::unique_ptr<Recognised>> spare_;
    std::size_t budget_ = 0;

    Learned learned_;
    // Where in learned_.names a name stands: found by what it is, whenever and wherever it was said.
    struct NameHash {
        using is_transparent = void;
        const std::vector<ResolvedName>* names;
        std::size_t operator()(const ResolvedName&) const;
        std::size_t operator()(std::uint32_t at) const { return (*this)((*names)[at]); }
    };
    struct NameEqual {
        using is_transparent = void;
        const std::vector<ResolvedName>* names;
        bool operator()(std::uint32_t at, const ResolvedName&) const;
        bool operator()(const ResolvedName& name, std::uint32_t at) const { return (*this)(at, name); }
        bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
    };
    std::unordered_set<std::uint32_t, NameHash, NameEqual> known_names_{0, NameHash{&learned_.names},
                                                                        NameEqual{&learned_.names}};
    Flow flow_;  // the decoder's view, filled anew for each call
    std::vector<StagedClaim> claims_;
    std::vector<Claims::Name> names_;
};

}  // namespace herkomst
