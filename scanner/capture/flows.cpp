#include "capture/flows.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "core/text.h"
#include "decoders/tunnel.h"

namespace herkomst {

namespace {

// Where systems take the ports of clients from (Linux from 32768, RFC 6335 from 49152).
constexpr std::uint16_t dynamic_ports = 32768;

// True when no router can have passed the packet on: its hop limit is one that senders start with (64 and 255 nearly all, 128
// Windows, 30 to 60 and 100 to 200 old and embedded stacks, 1 to 4 and 16 for neighbours and groups). A router counts down by
// one.
bool is_as_sent(std::uint8_t hop_limit) {
    static constexpr auto known = [] {
        std::array<bool, 256> starts{};
        for (const unsigned start : {0U, 1U, 2U, 4U, 16U, 30U, 32U, 60U, 64U, 100U, 128U, 150U, 200U, 254U, 255U})
            starts[start] = true;
        return starts;
    }();
    return known[hop_limit];
}

}  // namespace

// What a flow gets once a decoder has recognised it.
struct Shard::Recognised {
    FlowState state;
    std::string name;  // the server was addressed by
    Place name_place;  // where it was
    bool server_spoke = false;
    bool carries_others = false;  // the server is a proxy: what it says from now on is another's
};

struct Shard::Direction {
    // What the sender of this direction is, and how much it sent.
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    Mac mac;
    std::uint32_t address_offset = 0;
    std::uint64_t first_frame = 0;
    Time first{};
    Time last{};
    std::uint64_t counted = 0;  // packets since `mac` is what it is
    bool direct = false;        // one of these was not passed on by a router

    std::uint8_t looks = 0;
    std::uint8_t misses = 0;
    bool off = false;       // nothing more is looked at
    bool started = false;   // `next` is known
    bool doubtful = false;  // what waits was refused so far, perhaps for being short
    bool unsure = false;    // after a gap: the next byte may be in the middle of a message
    bool ended = false;
    bool saw_syn = false;
    std::uint32_t isn = 0;
    std::uint32_t next = 0;
    bool fin_known = false;
    std::uint32_t fin_at = 0;
    std::uint64_t skip = 0;  // bytes that the decoder does not want to see
    std::size_t wanted = 0;  // window the decoder waits for
    Time gap_since{};
    std::unique_ptr<Window> window;
    std::size_t accounted = 0;  // of the window, in the shard's budget
    TcpOffer offer;
    Time offered{};
    bool said = false;  // a byte at least
};

struct Shard::Entry {
    FlowKey key;
    std::uint32_t hash = 0;
    bool used = false;
    bool referenced = false;
    Kind kind = Kind::Frame;
    std::uint8_t protocol = 0;
    std::uint8_t opener = 0;  // side
    bool opening_seen = false;
    bool opener_sure = false;  // seen, or backed by a port that a decoder knows
    bool had_payload = false;
    bool folded = false;  // in an earlier interval; what is counted here came after that
    bool stacks_told = false;
    std::uint8_t second_looks = 0;
    std::uint16_t ethertype = 0;
    std::array<Party, 2> parties;  // the MAC as first seen, of a side that never spoke too
    Time first{};
    Time last{};
    const Decoder* decoder = nullptr;
    std::unique_ptr<Recognised> more;
    std::array<Direction, 2> sides;

    [[nodiscard]] Layer layer() const {
        return kind == Kind::Tcp       ? Layer::Tcp
               : kind == Kind::Udp     ? Layer::Udp
               : kind == Kind::OtherIp ? Layer::Ip
                                       : Layer::Link;
    }
    [[nodiscard]] unsigned server() const { return opener == 0 ? 1 : 0; }
};

namespace {

struct ConversationKey {
    Vlan vlan;
    Mac mac_a;
    Mac mac_b;
    IpAddress ip_a;
    IpAddress ip_b;
    const Decoder* decoder = nullptr;
    Kind kind = Kind::Frame;
    std::uint16_t number = 0;  // server port, protocol or EtherType; 0 when the decoder says it
    bool opener_known = false;
    std::string name;
    bool operator==(const ConversationKey&) const = default;
};

struct ConversationHash {
    std::size_t operator()(const ConversationKey& key) const {
        std::array<std::uint64_t, 6> words{};
        std::memcpy(words.data(), key.ip_a.bytes.data(), 16);
        std::memcpy(words.data() + 2, key.ip_b.bytes.data(), 16);
        std::memcpy(words.data() + 4, key.mac_a.bytes.data(), 6);
        std::memcpy(words.data() + 5, key.mac_b.bytes.data(), 6);
        words[4] |= std::uint64_t{key.number} << 48;
        words[5] |= std::uint64_t{key.vlan.outer} << 48;
        const std::uint64_t sides = mixed(mixed(words[0], words[1]), mixed(words[2], words[3]));
        return mixed(sides, mixed(words[4], words[5])) ^ std::hash<std::string_view>()(key.name);
    }
};

struct ConversationSum {
    std::uint64_t bytes_ab = 0;
    std::uint64_t bytes_ba = 0;
    Evidence name_from;
    Seen seen;
    Openings openings;
};

struct StationKey {
    Vlan vlan;
    Mac mac;
    IpAddress ip;  // unknown: frames without IP
    std::uint16_t ethertype = 0;
    bool operator==(const StationKey&) const = default;
};

struct StationHash {
    std::size_t operator()(const StationKey& key) const {
        std::array<std::uint64_t, 3> words{};
        std::memcpy(words.data(), key.ip.bytes.data(), 16);
        std::memcpy(words.data() + 2, key.mac.bytes.data(), 6);
        words[2] |= std::uint64_t{key.ethertype} << 48;
        return mixed(mixed(words[0], words[1]), mixed(words[2], key.vlan.outer));
    }
};

struct StationSum {
    std::uint64_t frame = 0;
    std::uint32_t offset = 0;
    bool direct = false;
    Seen seen;
};

}  // namespace

struct Shard::CachedClaim {
    bool used = false;
    std::uint64_t hash = 0;
    StagedClaim claim;
    Place place;
    Seen seen;
};

// Entries in blocks that stay where they are: a table that grows moves nothing, and is not held twice meanwhile.
class Shard::Entries {
  public:
    [[nodiscard]] std::size_t size() const { return size_; }
    Entry& operator[](std::size_t index) { return blocks_[index / per_block][index % per_block]; }
    void add() {
        if (size_ == blocks_.size() * per_block) blocks_.push_back(std::make_unique<Entry[]>(per_block));
        ++size_;
    }
    void clear() {
        blocks_.clear();
        size_ = 0;
    }
    // In order, only those that are in use.
    template <class Visit>
    void each_used(Visit&& visit) {
        for (std::size_t index = 0; index < size_; ++index) {
            if (Entry& entry = (*this)[index]; entry.used) visit(entry);
        }
    }

  private:
    static constexpr std::size_t per_block = 16;
    std::vector<std::unique_ptr<Entry[]>> blocks_;
    std::size_t size_ = 0;
};

struct Shard::Tables {
    Entries entries;
    std::unordered_map<ConversationKey, ConversationSum, ConversationHash> conversations;
    std::unordered_map<StationKey, StationSum, StationHash> stations;
    // Made with the first claim: most of the shards of a small run never see one.
    static constexpr std::size_t cache_size = 256;
    std::vector<CachedClaim> cache;
};

Shard::Shard(const Trials& trials, std::string site)
    : trials_(&trials), site_(std::move(site)), slots_(64), tables_(std::make_unique<Tables>()) {
    learned_.decoders.resize(trials.decoders().size());
}
Shard::~Shard() = default;

void Shard::begin_source(const std::string& id) { source_ = id; }

// ---- the flow table: open addressing with linear probing ----

inline Shard::Entry& Shard::entry_of(const Peeled& packet) {
    const auto hash = static_cast<std::uint32_t>(packet.hash);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash & mask; slots_[at].index != none; at = (at + 1) & mask) {
        if (slots_[at].hash != hash) continue;
        Entry& known = tables_->entries[slots_[at].index];
        if (known.key != packet.key) continue;
        known.referenced = true;
        return known;
    }
    return new_entry(packet);
}

Shard::Entry& Shard::new_entry(const Peeled& packet) {
    const auto hash = static_cast<std::uint32_t>(packet.hash);
    for (;;) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hash & mask;
        while (slots_[at].index != none) at = (at + 1) & mask;
        if (tables_->entries.size() - free_.size() >= flows_max) {
            evict_one();
            continue;
        }
        if ((tables_->entries.size() - free_.size() + 1) * 2 > slots_.size()) {
            grow();
            continue;
        }
        std::uint32_t index = 0;
        if (free_.empty()) {
            index = static_cast<std::uint32_t>(tables_->entries.size());
            tables_->entries.add();
        } else {
            index = free_.back();
            free_.pop_back();
        }
        slots_[at] = {hash, index};
        open(tables_->entries[index], packet);
        return tables_->entries[index];
    }
}

void Shard::grow() {
    std::vector<Slot> larger(slots_.size() * 2);
    const std::size_t mask = larger.size() - 1;
    for (const Slot& slot : slots_) {
        if (slot.index == none) continue;
        std::size_t at = slot.hash & mask;
        while (larger[at].index != none) at = (at + 1) & mask;
        larger[at] = slot;
    }
    slots_.swap(larger);
}

void Shard::remove(std::uint32_t index) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = tables_->entries[index].hash & mask;
    while (slots_[at].index != index) at = (at + 1) & mask;
    // Later slots of the same run move up, so that no search ends too early.
    std::size_t hole = at;
    for (;;) {
        at = (at + 1) & mask;
        if (slots_[at].index == none) break;
        const std::size_t home = slots_[at].hash & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            slots_[hole] = slots_[at];
            hole = at;
        }
    }
    slots_[hole] = {};
    tables_->entries[index] = Entry{};
    free_.push_back(index);
}

void Shard::evict_one() {
    for (;;) {
        hand_ = hand_ + 1 < tables_->entries.size() ? hand_ + 1 : 0;
        Entry& entry = tables_->entries[hand_];
        if (!entry.used) continue;
        if (entry.referenced) {
            entry.referenced = false;
            continue;
        }
        learned_.counters.count(Refusal::flow_evicted);
        end_flow(entry);
        remove(static_cast<std::uint32_t>(hand_));
        return;
    }
}

void Shard::open(Entry& entry, const Peeled& packet) {
    const unsigned sender = packet.low_to_high ? 0 : 1;
    const unsigned receiver = 1 - sender;
    entry.key = packet.key;
    entry.hash = static_cast<std::uint32_t>(packet.hash);
    entry.used = true;
    entry.referenced = true;
    entry.kind = packet.kind;
    entry.protocol = packet.protocol;
    entry.ethertype = packet.ethertype;
    entry.parties[0].vlan = entry.parties[1].vlan = packet.vlan;
    entry.first = entry.last = packet.at;
    entry.parties[sender].port = packet.source_port;
    entry.parties[receiver].port = packet.target_port;
    entry.parties[sender].ip = packet.source_ip;
    entry.parties[receiver].ip = packet.target_ip;
    entry.parties[sender].mac = packet.source_mac;
    entry.parties[receiver].mac = packet.target_mac;
    guess_opener(entry, packet);
}

// The same addresses and ports, another conversation.
void Shard::restart(Entry& entry, const Peeled& packet) {
    end_flow(entry);
    entry = Entry{};
    open(entry, packet);
}

void Shard::guess_opener(Entry& entry, const Peeled& packet) {
    const auto sender = static_cast<std::uint8_t>(packet.low_to_high ? 0 : 1);
    const auto receiver = static_cast<std::uint8_t>(1 - sender);
    entry.opener = sender;
    if (entry.kind != Kind::Tcp && entry.kind != Kind::Udp) return;
    if (entry.kind == Kind::Tcp && (packet.flags & tcp_flag::syn) != 0) {
        entry.opener = (packet.flags & tcp_flag::ack) != 0 ? receiver : sender;
        entry.opening_seen = entry.opener_sure = true;
        return;
    }
    const bool sender_known = trials_->knows(entry.layer(), packet.source_port);
    const bool receiver_known = trials_->knows(entry.layer(), packet.target_port);
    entry.opener_sure = sender_known != receiver_known;
    if (entry.opener_sure) {
        entry.opener = sender_known ? receiver : sender;
    } else if (entry.kind == Kind::Tcp) {
        // In the middle of a connection: servers listen on the lower port, mostly.
        entry.opener = packet.source_port < packet.target_port ? receiver : sender;
    } else if (packet.source_port < dynamic_ports && packet.target_port >= dynamic_ports) {
        entry.opener = receiver;  // the answer to a question that was not seen, or was asked by multicast
    } else {
        entry.opener_sure = true;  // a datagram has no middle: who speaks first asks
    }
}

void Shard::another_sender(Entry& entry, unsigned side, const Peeled& packet) {
    Direction& direction = entry.sides[side];
    if (direction.counted != 0) observe_station(entry, side);
    direction.mac = packet.source_mac;
    direction.address_offset = packet.joined ? 0 : packet.address_offset;
    direction.first_frame = packet.frame;
    direction.first = direction.last = packet.at;
    direction.counted = 0;
    direction.direct = false;
    if (direction.packets == 0) entry.parties[side].mac = packet.source_mac;
}

inline void Shard::count_in(Entry& entry, const Peeled& packet) {
    const unsigned side = packet.low_to_high ? 0 : 1;
    Direction& direction = entry.sides[side];
    entry.last = std::max(entry.last, packet.at);
    entry.first = std::min(entry.first, packet.at);
    if (direction.counted == 0 || direction.mac != packet.source_mac) [[unlikely]]
        another_sender(entry, side, packet);
    direction.first = std::min(direction.first, packet.at);
    direction.last = std::max(direction.last, packet.at);
    direction.direct = direction.direct || is_as_sent(packet.hop_limit);
    ++direction.counted;
    ++direction.packets;
    direction.bytes += packet.payload_claimed;
}

// ---- decoding ----

inline void Shard::fill_flow(const Entry& entry, unsigned side, Time at, bool ended) {
    flow_.layer = entry.layer();
    flow_.ethertype = entry.ethertype;
    flow_.protocol = entry.kind == Kind::OtherIp ? entry.protocol : std::uint8_t{0};
    flow_.sender = entry.parties[side];
    flow_.receiver = entry.parties[1 - side];
    if (entry.sides[side].counted != 0) flow_.sender.mac = entry.sides[side].mac;
    flow_.from_opener = entry.opener == side;
    flow_.opening_seen = entry.opening_seen;
    flow_.ended = ended;
    flow_.seen_at = at;
    flow_.state = nullptr;
}

const Decoder* Shard::look(const Entry& entry, Bytes message) {
    const Layer layer = entry.layer();
    std::uint16_t a = entry.parties[0].port;
    std::uint16_t b = entry.parties[1].port;
    if (layer == Layer::Link) a = b = entry.ethertype;
    if (layer == Layer::Ip) a = b = entry.protocol;
    return trials_->first(layer, a, b, message, [&](const Decoder& decoder) { return recognises(decoder, message, flow_); });
}

void Shard::recognised(Entry& entry, const Decoder* decoder) {
    entry.decoder = decoder;
    if (!entry.more) {
        while (states_ >= states_max) {
            // Make room: the flow with a state that the hand meets first goes without one.
            hand_ = hand_ + 1 < tables_->entries.size() ? hand_ + 1 : 0;
            Entry& other = tables_->entries[hand_];
            if (!other.used || !other.more || &other == &entry) continue;
            if (other.referenced) {
                other.referenced = false;
                continue;
            }
            learned_.counters.count(Refusal::state_evicted);
            forget_state(other);
            for (unsigned side : {0U, 1U}) give_up(other, side);
        }
        if (spare_.empty()) {
            entry.more = std::make_unique<Recognised>();
        } else {
            entry.more = std::move(spare_.back());
            spare_.pop_back();
            std::destroy_at(entry.more.get());
            std::construct_at(entry.more.get());
        }
        ++states_;
    } else {
        entry.more->state = FlowState{};
    }
    ++learned_.decoders[static_cast<std::size_t>(decoder - trials_->decoders().data())].recognised;
}

void Shard::datagram(Entry& entry, const Peeled& packet) {
    const unsigned side = packet.low_to_high ? 0 : 1;
    Direction& direction = entry.sides[side];
    if (packet.payload.empty()) return;
    entry.had_payload = true;
    if (direction.off) return;
    fill_flow(entry, side, packet.at, false);
    flow_.ended = true;
    if (entry.decoder == nullptr) {
        const Decoder* decoder = look(entry, packet.payload);
        if (decoder == nullptr) {
            if (++direction.looks >= looks_max) direction.off = true;
            return;
        }
        recognised(entry, decoder);
        // The other side may have been given up for something else that went before.
        Direction& other = entry.sides[1 - side];
        if (other.misses == 0) other.off = false;
    }
    Piece piece{0, packet.payload.size(), packet.frame, packet.payload_offset, packet.joined};
    for (int turn = 0; turn < 2; ++turn) {
        flow_.state = &entry.more->state;
        const Ran ran = run(*entry.decoder, packet.payload, flow_, claims_, &names_);
        auto& counts = learned_.decoders[static_cast<std::size_t>(entry.decoder - trials_->decoders().data())];
        if (ran.outcome == Outcome::Malformed || ran.outcome == Outcome::Need) ++counts.malformed;
        if (ran.outcome == Outcome::NotThis) {
            ++counts.not_this;
            if (turn == 0 && entry.second_looks < misses_max) {
                ++entry.second_looks;
                flow_.state = nullptr;
                const Decoder* other = look(entry, packet.payload);
                if (other != nullptr && other != entry.decoder) {
                    recognised(entry, other);
                    continue;
                }
            }
            if (++direction.misses >= looks_max) direction.off = true;
        } else {
            direction.misses = 0;
            spoke(entry, side, packet.frame, packet.at);
        }
        break;
    }
    if (!claims_.empty() || !names_.empty()) learn(entry, side, &piece, 1, 0, packet.at);
}

// The server of a recognised flow said something that its decoder understands: it offers that service.
void Shard::spoke(Entry& entry, unsigned side, std::uint64_t frame, Time at) {
    if (side == entry.opener || entry.more->server_spoke) return;
    if (entry.kind != Kind::Tcp && entry.kind != Kind::Udp) return;
    entry.more->server_spoke = true;
    const Party& server = flow_.sender;
    if (!server.ip.known() || server.ip.multicast() || server.ip.unspecified()) return;
    StagedClaim service;
    service.subject = server.subject();
    service.field = Field::service;
    service.strength = entry.opener_sure ? Strength::Stated : Strength::Hinted;
    service.value =
        std::string(entry.decoder->name) + (entry.kind == Kind::Tcp ? "/tcp/" : "/udp/") + std::to_string(server.port);
    service.method = "flow";
    claim(std::move(service), Place{frame, 0, 0}, at);
}

bool Shard::is_of_server(const Entry& entry, const Endpoint& subject) {
    const IpAddress& ip = entry.parties[entry.server()].ip;
    return subject.ip.known() ? subject.ip == ip : subject.mac == entry.parties[entry.server()].mac;
}

std::size_t Shard::NameHash::operator()(const ResolvedName& resolved) const {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), resolved.client.bytes.data(), 16);
    std::memcpy(words.data() + 2, resolved.ip.bytes.data(), 16);
    const std::uint64_t seed = mixed(mixed(words[0], words[1]), mixed(words[2], words[3] ^ resolved.vlan.outer));
    return std::hash<std::string_view>()(resolved.name) ^ seed;
}

bool Shard::NameEqual::operator()(std::uint32_t at, const ResolvedName& resolved) const {
    const ResolvedName& known = (*names)[at];
    return known.vlan == resolved.vlan && known.client == resolved.client && known.ip == resolved.ip &&
           known.name == resolved.name;
}

void Shard::learn(Entry& entry, unsigned side, const Piece* pieces, std::size_t piece_count, std::size_t base, Time at) {
    const bool carried = entry.more && entry.more->carries_others;
    for (StagedClaim& staged : claims_) {
        if (carried && is_of_server(entry, staged.subject)) continue;
        const Place place = place_of(pieces, piece_count, base, staged.begin, staged.end);
        claim(std::move(staged), place, at);
    }
    claims_.clear();
    for (Claims::Name& said : names_) {
        if (!said.ip.known()) {
            if (side == entry.opener && entry.more && entry.more->name.empty()) {
                entry.more->name = std::move(said.name);
                entry.more->name_place = place_of(pieces, piece_count, base, said.begin, said.end);
            }
            continue;
        }
        const Place place = place_of(pieces, piece_count, base, said.begin, said.end);
        ResolvedName resolved;
        resolved.vlan = entry.parties[0].vlan;
        const IpAddress& asker = entry.parties[1 - side].ip;
        if (!asker.multicast()) resolved.client = asker;
        resolved.ip = said.ip;
        resolved.name = std::move(said.name);
        resolved.at = at;
        const auto known = known_names_.find(resolved);
        if (known != known_names_.end()) {
            ResolvedName& first = learned_.names[*known];
            if (at > first.at) continue;
            resolved.from = {source_, place.frame, place.begin, place.end};
            if (std::tie(at, resolved.from) < std::tie(first.at, first.from)) {
                first.at = at;
                first.from = std::move(resolved.from);
            }
        } else if (learned_.names.size() < names_max) {
            resolved.from = {source_, place.frame, place.begin, place.end};
            learned_.names.push_back(std::move(resolved));
            known_names_.insert(static_cast<std::uint32_t>(learned_.names.size() - 1));
        } else {
            learned_.counters.count(Refusal::name_table_full);
        }
    }
    names_.clear();
}

// The same claim again and again costs a comparison, not a walk through the tree. Two claims have a place where their hash
// leads: the one that was said last stands first, and the other goes when a third comes.
void Shard::claim(StagedClaim&& staged, const Place& place, Time at) {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), staged.subject.ip.bytes.data(), 16);
    std::memcpy(words.data() + 2, staged.subject.mac.bytes.data(), 6);
    words[3] = std::hash<std::string_view>()(staged.value);
    const std::uint64_t hash =
        mixed(mixed(words[0], words[1]), mixed(words[2] << 8 | static_cast<std::uint8_t>(staged.field), words[3]));
    if (tables_->cache.empty()) tables_->cache.resize(Tables::cache_size);
    CachedClaim* const two = &tables_->cache[hash % (Tables::cache_size / 2) * 2];
    const auto is_known = [&](const CachedClaim& cached) {
        const StagedClaim& known = cached.claim;
        return cached.used && cached.hash == hash && known.field == staged.field && known.strength == staged.strength &&
               known.value == staged.value && known.method == staged.method && known.subject == staged.subject;
    };
    for (CachedClaim* cached : {two, two + 1}) {
        if (!is_known(*cached)) continue;
        cached->seen.first = std::min(cached->seen.first, at);
        cached->seen.last = std::max(cached->seen.last, at);
        ++cached->seen.count;
        if (std::tie(place.frame, place.begin, place.end) <
            std::tie(cached->place.frame, cached->place.begin, cached->place.end))
            cached->place = place;
        return;
    }
    flush(two[1]);
    std::swap(two[0], two[1]);
    two->used = true;
    two->hash = hash;
    two->claim = std::move(staged);
    two->place = place;
    two->seen = {at, at, 1};
}

void Shard::flush(CachedClaim& cached) {
    if (!cached.used) return;
    cached.used = false;
    Observation observation;
    observation.subject = std::move(cached.claim.subject);
    observation.subject.site = site_;
    observation.field = cached.claim.field;
    observation.value = std::move(cached.claim.value);
    observation.strength = cached.claim.strength;
    observation.method = std::move(cached.claim.method);
    observation.from = {source_, cached.place.frame, cached.place.begin, cached.place.end};
    observation.seen = cached.seen;
    learned_.observations.add(observation);
}

// ---- streams ----

Window& Shard::window_of(Direction& direction) {
    if (!direction.window) direction.window = std::make_unique<Window>();
    return *direction.window;
}

void Shard::account(Direction& direction) {
    const std::size_t kept = direction.window ? direction.window->kept() : 0;
    budget_ = budget_ - direction.accounted + kept;
    direction.accounted = kept;
}

void Shard::drop_window(Direction& direction) {
    direction.window.reset();
    direction.wanted = 0;
    account(direction);
}

void Shard::give_up(Entry& entry, unsigned side) {
    Direction& direction = entry.sides[side];
    direction.off = true;
    drop_window(direction);
}

// Hands contiguous bytes to the decoder, message after message. Returns how many are done with.
[[gnu::always_inline]] inline std::size_t Shard::feed_here(Entry& entry, unsigned side, Bytes view, const Piece* pieces,
                                                           std::size_t piece_count, std::size_t base, Time at, bool ended) {
    Direction& direction = entry.sides[side];
    std::size_t consumed = 0;
    while (consumed < view.size()) {
        const Bytes message = view.subspan(consumed);
        fill_flow(entry, side, at, ended);
        if (entry.decoder == nullptr) [[unlikely]] {
            const Decoder* decoder = look(entry, message);
            if (decoder == nullptr) {
                if (++direction.looks >= looks_max) {
                    give_up(entry, side);
                    return view.size();
                }
                return consumed;
            }
            recognised(entry, decoder);
            direction.unsure = false;
        }
        if (direction.unsure) [[unlikely]] {
            if (!recognises(*entry.decoder, message, flow_)) {
                if (++direction.looks >= looks_max) give_up(entry, side);
                return view.size();
            }
            direction.unsure = false;
        }
        flow_.state = &entry.more->state;
        const Ran ran = run(*entry.decoder, message, flow_, claims_, &names_);
        auto& counts = learned_.decoders[static_cast<std::size_t>(entry.decoder - trials_->decoders().data())];
        if (ran.outcome == Outcome::Need) [[unlikely]] {
            if (ran.bytes > Window::window_max) {
                learned_.counters.count(Refusal::message_too_long);
                direction.unsure = true;
                direction.wanted = 0;
                return view.size();
            }
            direction.wanted = ran.bytes;
            return consumed;
        }
        direction.wanted = 0;
        if (ran.outcome == Outcome::NotThis && message.size() < verdict_bytes && !ended) {
            direction.wanted = verdict_bytes;
            direction.doubtful = true;
            return consumed;
        }
        if (ran.outcome == Outcome::NotThis) [[unlikely]] {
            ++counts.not_this;
            entry.more->carries_others = entry.more->carries_others || tunnel_opened(entry.more->state);
            if (entry.second_looks < misses_max) {
                ++entry.second_looks;
                flow_.state = nullptr;
                const Decoder* other = look(entry, message);
                if (other != nullptr && other != entry.decoder) {
                    recognised(entry, other);
                    continue;
                }
            }
            if (++direction.misses >= misses_max) give_up(entry, side);
            return view.size();
        }
        if (ran.outcome == Outcome::Malformed) [[unlikely]] {
            ++counts.malformed;
        } else {
            direction.misses = 0;
        }
        if (side != entry.opener && !entry.more->server_spoke) [[unlikely]] {
            spoke(entry, side, piece_count == 0 ? 0 : place_of(pieces, piece_count, base, consumed, consumed).frame, at);
        }
        if (!claims_.empty() || !names_.empty()) [[unlikely]]
            learn(entry, side, pieces, piece_count, base + consumed, at);
        if (ran.outcome == Outcome::Malformed || ran.bytes == 0) return view.size();
        if (ran.bytes > message.size()) {
            direction.skip = ran.bytes - message.size();
            return view.size();
        }
        consumed += ran.bytes;
    }
    return consumed;
}

std::size_t Shard::feed(Entry& entry, unsigned side, Bytes view, const Piece* pieces, std::size_t piece_count, std::size_t base,
                        Time at, bool ended) {
    return feed_here(entry, side, view, pieces, piece_count, base, at, ended);
}

// `piece`: where the data stand; the caller's own, which is cut as they are.
[[gnu::always_inline]] inline void Shard::deliver_here(Entry& entry, unsigned side, Bytes data, Piece& piece, Time at,
                                                       bool ended) {
    Direction& direction = entry.sides[side];
    direction.next += static_cast<std::uint32_t>(data.size());
    piece.size = data.size();
    if (direction.skip != 0) [[unlikely]] {
        const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(direction.skip, data.size()));
        direction.skip -= skipped;
        data = data.subspan(skipped);
        piece.in_frame += static_cast<std::uint32_t>(skipped);
        piece.size = data.size();
        if (data.empty()) return;
    }
    if (direction.window && !direction.window->empty()) [[unlikely]] {
        deliver_on(entry, side, data, piece, at, ended);
        return;
    }
    const std::size_t consumed = feed_here(entry, side, data, &piece, 1, 0, at, ended);
    if (consumed < data.size() && !direction.off) [[unlikely]]
        keep(entry, side, data.subspan(consumed), piece);
}

void Shard::deliver(Entry& entry, unsigned side, Bytes data, Piece& piece, Time at, bool ended) {
    deliver_here(entry, side, data, piece, at, ended);
}

// Too early: something before it is missing, late or lost.
void Shard::early(Entry& entry, unsigned side, const Peeled& packet, std::uint32_t sequence) {
    Direction& direction = entry.sides[side];
    Bytes data = packet.payload;
    const auto lost = static_cast<std::uint32_t>(packet.payload_claimed - data.size());
    Piece piece{0, data.size(), packet.frame, packet.payload_offset, packet.joined};
    const auto ahead = static_cast<std::int32_t>(sequence - direction.next);
    Window& window = window_of(direction);
    if (window.early().empty()) direction.gap_since = packet.at;
    const bool plausible = ahead <= static_cast<std::int32_t>(8 * Window::window_max);
    const bool kept =
        plausible && budget_ + data.size() <= budget_max && window.keep_early(direction.next, sequence, data, lost, piece);
    account(direction);
    if (kept) return;
    // No room to wait: what is missing is given up, and what is here is read.
    drain(entry, side, Time::max());
    if (direction.off) return;
    const auto still = static_cast<std::int32_t>(sequence - direction.next);
    if (still > 0) gap(entry, side, static_cast<std::uint32_t>(still));
    if (still < 0) {
        const auto cut = std::min<std::size_t>(static_cast<std::size_t>(-static_cast<std::int64_t>(still)), data.size());
        data = data.subspan(cut);
        piece.in_frame += static_cast<std::uint32_t>(cut);
        piece.size -= cut;
    }
    if (!data.empty()) deliver(entry, side, data, piece, packet.at, false);
    if (lost != 0 && still >= 0) gap(entry, side, lost);
}

// A SYN: of another connection between the same two, or one more of this one.
void Shard::maybe_restart(Entry& entry, unsigned side, const Peeled& packet) {
    const Direction& was = entry.sides[side];
    const Direction& other = entry.sides[1 - side];
    const bool again = was.saw_syn && was.isn == packet.sequence;
    const bool begun = was.started || was.ended || other.ended || (other.started && (packet.flags & tcp_flag::ack) == 0);
    if (!again && begun) restart(entry, packet);
}

[[gnu::always_inline]] inline void Shard::segment(Entry& entry, const Peeled& packet) {
    const unsigned side = packet.low_to_high ? 0 : 1;
    const bool syn = (packet.flags & tcp_flag::syn) != 0;
    if (syn) [[unlikely]]
        maybe_restart(entry, side, packet);
    count_in(entry, packet);
    Direction& direction = entry.sides[side];
    const auto claimed = packet.payload_claimed;
    if (claimed != 0) entry.had_payload = direction.said = true;
    std::uint32_t sequence = packet.sequence;
    if (syn) [[unlikely]] {
        direction.saw_syn = true;
        direction.isn = sequence;
        if (!direction.offer.seen) {
            direction.offer = packet.offer;
            direction.offered = packet.at;
        }
        ++sequence;
        if (!direction.started) {
            direction.started = true;
            direction.next = sequence;
        }
    }
    if ((packet.flags & tcp_flag::rst) != 0) [[unlikely]] {
        for (unsigned which : {0U, 1U}) finish_stream(entry, which, packet.at);
        return;
    }
    if (direction.off || direction.ended) return;
    if (!direction.started) [[unlikely]] {
        if (claimed == 0) return;
        direction.started = true;
        direction.next = sequence;
    }
    if ((packet.flags & tcp_flag::fin) != 0 && !direction.fin_known) [[unlikely]] {
        direction.fin_known = true;
        direction.fin_at = sequence + claimed;
    }
    if (claimed != 0) {
        const std::uint32_t old = direction.next - sequence;
        if (static_cast<std::int32_t>(sequence - direction.next) > 0) [[unlikely]] {
            early(entry, side, packet, sequence);
        } else if (old >= claimed) {
            learned_.counters.count(Refusal::retransmission);
        } else {
            Bytes data = packet.payload;
            auto lost = static_cast<std::uint32_t>(claimed - data.size());
            Piece piece{0, data.size(), packet.frame, packet.payload_offset, packet.joined};
            if (old != 0) [[unlikely]] {
                const std::size_t cut = std::min<std::size_t>(old, data.size());
                if (old > data.size()) lost -= old - static_cast<std::uint32_t>(data.size());
                data = data.subspan(cut);
                piece.in_frame += static_cast<std::uint32_t>(cut);
                piece.size -= cut;
            }
            const bool last = direction.fin_known && direction.next + data.size() + lost == direction.fin_at && lost == 0;
            if (!data.empty()) deliver_here(entry, side, data, piece, packet.at, last);
            if (lost != 0) [[unlikely]]
                gap(entry, side, lost);
        }
    }
    if (!direction.off && direction.window && !direction.window->early().empty()) [[unlikely]]
        drain(entry, side, packet.at);
    if (direction.fin_known && !direction.ended && direction.next == direction.fin_at) [[unlikely]]
        finish_stream(entry, side, packet.at);
}

void Shard::process(const Peeled& packet) {
    Entry& entry = entry_of(packet);
    if (packet.kind == Kind::Tcp) {
        segment(entry, packet);
        return;
    }
    // Whoever talks again after that long is in another conversation.
    if (packet.kind != Kind::Frame && packet.at > entry.last + idle) restart(entry, packet);
    count_in(entry, packet);
    datagram(entry, packet);
}

// Segments that came early and now fit; a hole that stays open too long is given up.
void Shard::drain(Entry& entry, unsigned side, Time at) {
    Direction& direction = entry.sides[side];
    while (direction.window && !direction.window->early().empty() && !direction.off) {
        const Window::Early& first = direction.window->early().front();
        const auto ahead = static_cast<std::int32_t>(first.sequence - direction.next);
        if (ahead > 0) {
            if (at <= direction.gap_since + gap_patience) return;
            gap(entry, side, static_cast<std::uint32_t>(ahead));
            if (at != Time::max()) direction.gap_since = at;
            continue;
        }
        Window::Early early = direction.window->take_first_early();
        account(direction);
        const std::size_t old =
            std::min<std::size_t>(static_cast<std::size_t>(-static_cast<std::int64_t>(ahead)), early.bytes.size());
        early.piece.in_frame += static_cast<std::uint32_t>(old);
        const Bytes data = Bytes(early.bytes).subspan(old);
        const bool last = direction.fin_known && early.lost_after == 0 && direction.next + data.size() == direction.fin_at;
        if (!data.empty()) deliver(entry, side, data, early.piece, at == Time::max() ? entry.last : at, last);
        if (early.lost_after != 0 && !direction.off) gap(entry, side, early.lost_after);
    }
}

// Bytes that will never come. A message that is not wanted may hide them; else it is lost, and so is its end.
void Shard::gap(Entry& entry, unsigned side, std::uint64_t bytes) {
    Direction& direction = entry.sides[side];
    direction.next += static_cast<std::uint32_t>(bytes);
    if (direction.skip >= bytes) {
        direction.skip -= bytes;
        return;
    }
    direction.skip = 0;
    direction.unsure = true;
    direction.wanted = 0;
    if (direction.window) {
        direction.window->clear();
        account(direction);
    }
    learned_.counters.count(Refusal::stream_gap);
}

// The beginning of a message that is not whole: the end of `piece`.
void Shard::keep(Entry& entry, unsigned side, Bytes data, Piece& piece) {
    Direction& direction = entry.sides[side];
    piece.in_frame += static_cast<std::uint32_t>(piece.size - data.size());
    Window& window = window_of(direction);
    if (budget_ + data.size() > budget_max) {
        learned_.counters.count(Refusal::stream_budget);
        direction.unsure = true;
        direction.wanted = 0;
        return;
    }
    if (data.size() > Window::window_max) data = data.first(Window::window_max);
    window.append(data, piece);
    // What nobody recognised may be talk before the protocol that the other side is about to begin.
    if (entry.decoder == nullptr) direction.doubtful = true;
    account(direction);
}

// What follows such a beginning.
void Shard::deliver_on(Entry& entry, unsigned side, Bytes data, const Piece& piece, Time at, bool ended) {
    Direction& direction = entry.sides[side];
    Window& window = *direction.window;
    const std::size_t held = window.bytes().size();
    if (held + data.size() > Window::window_max || budget_ + data.size() > budget_max) {
        learned_.counters.count(held + data.size() > Window::window_max ? Refusal::message_too_long : Refusal::stream_budget);
        window.clear();
        account(direction);
        direction.unsure = true;
        direction.wanted = 0;
        return;
    }
    window.append(data, piece);
    if (direction.doubtful && entry.decoder != nullptr) {
        // A stray byte behind a message must not spoil the next one.
        direction.doubtful = false;
        fill_flow(entry, side, at, ended);
        if (!recognises(*entry.decoder, window.bytes(), flow_) && recognises(*entry.decoder, data, flow_)) {
            window.consume(held);
            direction.wanted = 0;
        }
    }
    if (entry.decoder != nullptr && !ended && window.bytes().size() < direction.wanted) {
        account(direction);
        return;
    }
    // Held by value: a decoder's first message may make room in the tables, this window stays where it is.
    std::size_t consumed =
        feed(entry, side, window.bytes(), window.pieces().data(), window.pieces().size(), window.base(), at, ended);
    if (direction.off) return;
    if (entry.decoder == nullptr && held != 0 && consumed == 0) {
        // Perhaps the protocol begins with this segment and what came before was something else.
        fill_flow(entry, side, at, ended);
        if (const Decoder* decoder = look(entry, data); decoder != nullptr) {
            recognised(entry, decoder);
            window.consume(held);
            consumed =
                feed(entry, side, window.bytes(), window.pieces().data(), window.pieces().size(), window.base(), at, ended);
        }
    }
    if (!direction.window) return;
    window.consume(consumed);
    if (entry.decoder == nullptr && window.bytes().size() > look_bytes_max) window.clear();
    account(direction);
}

// Nothing more comes from this side: holes are given up and the decoder sees what is left.
void Shard::finish_stream(Entry& entry, unsigned side, Time at) {
    Direction& direction = entry.sides[side];
    if (direction.ended) return;
    if (!direction.off) drain(entry, side, Time::max());
    direction.ended = true;
    if (!direction.off && direction.window && !direction.window->empty() && entry.decoder != nullptr) {
        Window& window = *direction.window;
        feed(entry, side, window.bytes(), window.pieces().data(), window.pieces().size(), window.base(), at, true);
    }
    drop_window(direction);
}

// ---- what remains of a flow ----

void Shard::observe_station(const Entry& entry, unsigned side) {
    const Direction& direction = entry.sides[side];
    if (!direction.mac.known() || direction.mac.group()) return;
    StationKey key;
    key.vlan = entry.parties[0].vlan;
    key.mac = direction.mac;
    if (entry.kind == Kind::Frame) {
        key.ethertype = entry.ethertype;
    } else {
        const IpAddress& ip = entry.parties[side].ip;
        if (!ip.known() || ip.unspecified() || ip.multicast() || ip.loopback()) return;
        key.ip = ip;
    }
    if (tables_->stations.size() >= stations_max && !tables_->stations.contains(key)) flush_stations();
    const auto [at, fresh] = tables_->stations.try_emplace(key);
    StationSum& sum = at->second;
    sum.direct = sum.direct || direction.direct;
    if (fresh) {
        sum.frame = direction.first_frame;
        sum.offset = direction.address_offset;
        sum.seen = {direction.first, direction.last, direction.counted};
        return;
    }
    if (direction.first_frame < sum.frame) {
        sum.frame = direction.first_frame;
        sum.offset = direction.address_offset;
    }
    sum.seen.first = std::min(sum.seen.first, direction.first);
    sum.seen.last = std::max(sum.seen.last, direction.last);
    sum.seen.count += direction.counted;
}

namespace {

std::string port_name(std::uint16_t port) { return port == 0 ? "dynamic" : std::to_string(port); }

std::string ethernet_name(std::uint16_t type) {
    if (type == 0) return "ethernet/llc";
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(type >> 8), static_cast<std::uint8_t>(type)};
    return "ethernet/0x" + hex(bytes, 2);
}

}  // namespace

void Shard::flush_stations() {
    for (const auto& [key, sum] : tables_->stations) {
        // ARP names its sender by itself; that somebody speaks it says nothing more.
        if (!key.ip.known() && key.ethertype == 0x0806) continue;
        Observation observation;
        observation.subject.site = site_;
        observation.subject.vlan = key.vlan;
        observation.subject.mac = key.mac;
        observation.strength = Strength::Hinted;
        std::uint32_t length = 6;
        if (key.ip.known()) {
            observation.field = Field::address;
            observation.value = key.ip.text();
            observation.method = sum.direct ? "ip" : "ip.routed";
            length = key.ip.version == 4 ? 4 : 16;
        } else {
            observation.field = Field::service;
            observation.value = ethernet_name(key.ethertype);
            observation.method = "ethernet";
        }
        observation.from = {source_, sum.frame, sum.offset, sum.offset == 0 ? 0 : sum.offset + length};
        observation.seen = sum.seen;
        learned_.observations.add(observation);
    }
    tables_->stations.clear();
}

// Told once both sides have said something: a flood of invented addresses gets no answer, a scan has nothing to say.
void Shard::observe_stack(const Entry& entry, unsigned side) {
    const TcpOffer& offer = entry.sides[side].offer;
    const IpAddress& ip = entry.parties[side].ip;
    // What the stack of a server outside is made of is no business of this site.
    if (!offer.seen || !ip.is_private()) return;
    StagedClaim shape;
    shape.subject.vlan = entry.parties[0].vlan;
    shape.subject.ip = ip;
    shape.field = Field::stack;
    shape.strength = Strength::Hinted;
    shape.value = text_of(offer);
    if (shape.value.empty()) return;
    shape.method = offer.answer ? "tcp.answer" : "tcp.syn";
    claim(std::move(shape), Place{offer.frame, offer.begin, offer.end}, entry.sides[side].offered);
}

void Shard::fold_conversation(Entry& entry) {
    const unsigned a = entry.opener;
    const unsigned b = entry.server();
    if (!entry.stacks_told && entry.sides[a].said && entry.sides[b].said) {
        entry.stacks_told = true;
        observe_stack(entry, a);
        observe_stack(entry, b);
    }
    ConversationKey key;
    key.vlan = entry.parties[0].vlan;
    key.mac_a = entry.parties[a].mac;
    key.mac_b = entry.parties[b].mac;
    key.ip_a = entry.parties[a].ip;
    key.ip_b = entry.parties[b].ip;
    key.decoder = entry.decoder;
    key.kind = entry.kind;
    key.opener_known = entry.kind != Kind::Tcp || entry.opening_seen;
    if (entry.more) key.name = entry.more->name;
    if (entry.decoder == nullptr) {
        key.number = entry.kind == Kind::Frame     ? entry.ethertype
                     : entry.kind == Kind::OtherIp ? entry.protocol
                                                   : entry.parties[b].port;
        // Which of two dynamic ports is the server's is known only when the opening was seen.
        const bool ports = entry.kind == Kind::Tcp || entry.kind == Kind::Udp;
        if (ports && !entry.opening_seen && key.number >= dynamic_ports) key.number = 0;
    }
    if (tables_->conversations.size() >= conversations_max && !tables_->conversations.contains(key)) {
        learned_.counters.count(Refusal::conversation_table_full);
        return;
    }
    const auto [at, fresh] = tables_->conversations.try_emplace(std::move(key));
    ConversationSum& sum = at->second;
    if (entry.more && !entry.more->name.empty()) {
        const Place& place = entry.more->name_place;
        Evidence from{source_, place.frame, place.begin, place.end};
        if (sum.name_from.source.empty() || from < sum.name_from) sum.name_from = std::move(from);
    }
    sum.bytes_ab += entry.sides[a].bytes;
    sum.bytes_ba += entry.sides[b].bytes;
    const std::uint64_t new_ones = entry.folded ? 0 : 1;
    if (!entry.folded && at->first.opener_known) sum.openings.add(entry.first);
    if (fresh) {
        sum.seen = {entry.first, entry.last, new_ones};
        return;
    }
    sum.seen.first = std::min(sum.seen.first, entry.first);
    sum.seen.last = std::max(sum.seen.last, entry.last);
    sum.seen.count += new_ones;
}

void Shard::end_flow(Entry& entry) {
    if (entry.kind == Kind::Tcp) {
        for (unsigned side : {0U, 1U}) {
            finish_stream(entry, side, entry.last);
        }
    }
    for (unsigned side : {0U, 1U}) {
        if (entry.sides[side].counted != 0) observe_station(entry, side);
    }
    if (entry.decoder == nullptr && entry.had_payload && entry.kind != Kind::OtherIp)
        learned_.counters.count(Refusal::unrecognised_flow);
    if (!entry.folded || entry.sides[0].counted + entry.sides[1].counted != 0) fold_conversation(entry);
    forget_state(entry);
}

void Shard::forget_state(Entry& entry) {
    if (!entry.more) return;
    --states_;
    if (spare_.size() < spare_max) {
        spare_.push_back(std::move(entry.more));
    } else {
        entry.more.reset();
    }
}

void Shard::end_source() {
    tables_->entries.each_used([this](Entry& entry) { end_flow(entry); });
    tables_->entries.clear();
    free_.clear();
    hand_ = 0;
    std::fill(slots_.begin(), slots_.end(), Slot{});
    for (CachedClaim& cached : tables_->cache) flush(cached);
    flush_stations();
}

std::size_t Shard::rows() const { return learned_.observations.rows() + tables_->conversations.size(); }

std::size_t Shard::conversations() const { return tables_->conversations.size(); }

void Shard::forget_old_names() {
    if (learned_.names.size() <= names_max / 2) return;
    std::sort(learned_.names.begin(), learned_.names.end(),
              [](const ResolvedName& a, const ResolvedName& b) { return std::tie(b.at, a) < std::tie(a.at, b); });
    learned_.names.resize(names_max / 2);
    known_names_.clear();
    for (std::size_t i = 0; i < learned_.names.size(); ++i) known_names_.insert(static_cast<std::uint32_t>(i));
}

Shard::Learned Shard::take_interval() {
    tables_->entries.each_used([this](Entry& entry) {
        if (entry.sides[0].counted + entry.sides[1].counted == 0) return;
        for (unsigned side : {0U, 1U}) {
            if (entry.sides[side].counted != 0) observe_station(entry, side);
        }
        fold_conversation(entry);
        entry.folded = true;
        for (Direction& direction : entry.sides) direction.counted = direction.bytes = 0;
    });
    for (CachedClaim& cached : tables_->cache) flush(cached);
    flush_stations();
    forget_old_names();
    std::vector<ResolvedName> names = std::move(learned_.names);
    learned_.names.clear();
    Learned out = take();
    learned_ = Learned{};
    learned_.decoders.resize(trials_->decoders().size());
    learned_.names = std::move(names);
    return out;
}

void Shard::add_names(const std::vector<IpAddress>& to, std::vector<ResolvedName>& into) const {
    std::copy_if(learned_.names.begin(), learned_.names.end(), std::back_inserter(into),
                 [&](const ResolvedName& each) { return std::binary_search(to.begin(), to.end(), each.ip); });
}

Shard::Learned Shard::take() {
    learned_.conversations.reserve(tables_->conversations.size());
    learned_.counters.count(Refusal::claims_dropped, learned_.observations.dropped_subjects());
    for (const auto& [key, sum] : tables_->conversations) {
        Conversation row;
        row.a.site = row.b.site = site_;
        row.a.vlan = row.b.vlan = key.vlan;
        row.a.mac = key.mac_a;
        row.a.ip = key.ip_a;
        row.b.mac = key.mac_b;
        row.b.ip = key.ip_b;
        row.b_name = key.name;
        row.b_name_from = sum.name_from;
        if (key.decoder != nullptr) {
            row.service = key.decoder->name;
        } else {
            switch (key.kind) {
                case Kind::Frame:
                    row.service = ethernet_name(key.number);
                    break;
                case Kind::OtherIp:
                    row.service = "ip/" + std::to_string(key.number);
                    break;
                case Kind::Udp:
                    row.service = "udp/" + port_name(key.number);
                    break;
                case Kind::Tcp:
                    row.service = "tcp/" + port_name(key.number);
                    break;
            }
        }
        row.opened_by = key.opener_known ? "a" : "unknown";
        row.bytes_ab = sum.bytes_ab;
        row.bytes_ba = sum.bytes_ba;
        row.seen = sum.seen;
        row.openings = sum.openings;
        learned_.conversations.push_back(std::move(row));
    }
    tables_->conversations.clear();
    return std::move(learned_);
}

}  // namespace herkomst
