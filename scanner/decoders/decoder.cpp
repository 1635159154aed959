#include "decoders/decoder.h"

#include "core/text.h"
#include "decoders/http_message.h"
#include "decoders/run.h"

namespace herkomst {

Endpoint Party::subject() const {
    Endpoint endpoint;
    endpoint.vlan = vlan;
    if (ip.known() && !ip.unspecified()) {
        endpoint.ip = ip;
    } else {
        endpoint.mac = mac;
    }
    return endpoint;
}

Endpoint Party::station() const {
    Endpoint endpoint;
    endpoint.vlan = vlan;
    endpoint.mac = mac;
    return endpoint;
}

void FlowState::ask(std::uint32_t key, std::uint64_t what) {
    if (waiting_ != 0) {
        for (Pending& pending : pending_) {
            if (pending.waiting && pending.key == key) {
                pending.what = what;
                return;
            }
        }
    }
    Pending& oldest = pending_[next_];
    if (!oldest.waiting) ++waiting_;
    oldest = {what, key, true};
    next_ = (next_ + 1) % static_cast<std::uint32_t>(pending_.size());
}

// None: past the end.
std::size_t FlowState::place_of(std::uint32_t key) const {
    // The last that was asked is mostly the one.
    const std::size_t size = pending_.size();
    for (std::size_t back = 1; waiting_ != 0 && back <= size; ++back) {
        const std::size_t place = (next_ + size - back) % size;
        if (pending_[place].waiting && pending_[place].key == key) return place;
    }
    return size;
}

bool FlowState::answered(std::uint32_t key, std::uint64_t& what) {
    const std::size_t place = place_of(key);
    if (place == pending_.size()) return false;
    what = pending_[place].what;
    pending_[place].waiting = false;
    --waiting_;
    return true;
}

bool FlowState::asked(std::uint32_t key, std::uint64_t& what) const {
    const std::size_t place = place_of(key);
    if (place == pending_.size()) return false;
    what = pending_[place].what;
    return true;
}

Claims::Claims(std::string_view decoder, const Flow& flow, const Reading& reading, std::vector<StagedClaim>& out)
    : decoder_(decoder), sender_(&flow.sender), reading_(&reading), out_(&out) {}

Claims Claims::about(const Endpoint& subject) const {
    Claims other = *this;
    other.subject_ = subject;
    return other;
}

Claims Claims::part(std::string_view step) const {
    Claims other = about(subject());
    other.subject_->path.emplace_back(clean(step, 64));
    return other;
}

void Claims::addressed_as(std::string_view name, const Slice& witness) {
    if (names == nullptr || !reading_->ok || names->size() >= per_message || name.empty()) return;
    names->push_back({lower(clean(name, 253)), {}, witness.offset, witness.offset + witness.size()});
}

void Claims::resolved(std::string_view name, const IpAddress& ip, const Slice& witness) {
    if (names == nullptr || !reading_->ok || names->size() >= per_message || name.empty() || !ip.known()) return;
    names->push_back({lower(clean(name, 253)), ip, witness.offset, witness.offset + witness.size()});
}

void Claims::put(Strength strength, Field field, std::string_view value, const Slice& witness, std::string_view what) {
    if (!reading_->ok || out_->size() >= per_message || !subject().known() || subject().mac.group()) return;
    const bool long_text = field == Field::description || field == Field::certificate || field == Field::banner;
    std::string text = clean(value, long_text ? 512 : 256);
    // Nobody's mail address is kept, whatever field it stands in; nor are its bytes pointed at, or explain would show them.
    std::size_t shown = witness.size();
    if (text.find('@') != std::string::npos) {
        const std::string without = clean(without_mail(text), 512);
        if (without != text) shown = 0;
        text = without;
    }
    // A part of a text may be clean while the rest, which is the witness too, is not.
    if (shown > 0 && holds_mail(witness.text())) shown = 0;
    if (text.empty()) return;
    StagedClaim claim;
    claim.subject = subject();
    claim.field = field;
    claim.strength = strength;
    claim.value = std::move(text);
    claim.method.reserve(decoder_.size() + what.size() + 1);
    claim.method.append(decoder_).append(what.empty() ? "" : ".").append(what);
    claim.begin = witness.offset;
    claim.end = witness.offset + shown;
    out_->push_back(std::move(claim));
}

const Decoder* decoder_named(std::string_view name) {
    for (const Decoder& decoder : all_decoders()) {
        if (decoder.name == name) return &decoder;
    }
    return nullptr;
}

}  // namespace herkomst
