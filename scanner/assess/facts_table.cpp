// Layout of a row: asset, number of facts, each fact (column, tag, value), number of lists of evidence, each list (length, each
// source, frame, begin, end), number of facts with evidence, each of them (column, list). Numbers are seven bits a byte.
#include "assess/facts_table.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <deque>
#include <unordered_map>

namespace herkomst {

namespace {

constexpr std::size_t rows_per_chunk = 1024;

enum class Tag : std::uint8_t { Null, No, Yes, Whole, Shared, Own, Other };

void put(std::string& out, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) out += static_cast<char>(number | 0x80);
    out += static_cast<char>(number);
}
void put(std::string& out, std::string_view text) {
    put(out, text.size());
    out += text;
}
// Small ones of either sign are short.
std::uint64_t folded_sign(std::int64_t number) {
    return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}
std::int64_t with_sign(std::uint64_t number) {
    return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

// Reads only what `put` wrote.
struct Reader {
    const char* at;
    std::uint64_t number() {
        std::uint64_t out = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(*at++);
            out |= std::uint64_t{byte & 0x7fU} << shift;
            if (byte < 0x80) return out;
        }
    }
    std::string_view text() {
        const auto size = static_cast<std::size_t>(number());
        const std::string_view out(at, size);
        at += size;
        return out;
    }
};

class Pool {
  public:
    std::uint64_t number(std::string_view text) {
        if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
        texts_.emplace_back(text);
        numbers_.emplace(texts_.back(), texts_.size() - 1);
        return texts_.size() - 1;
    }
    [[nodiscard]] const std::string& text(std::uint64_t number) const { return texts_[number]; }

  private:
    std::deque<std::string> texts_;
    std::unordered_map<std::string_view, std::uint64_t> numbers_;
};

// Texts that are each asset's own would only make the pool large.
bool is_own(std::string_view column) { return column == "asset" || column == "label"; }

}  // namespace

struct FactsTable::Packed {
    struct Chunk {
        std::string bytes;
        std::vector<std::uint32_t> starts;
    };
    std::vector<Chunk> chunks;
    std::size_t size = 0;
    Pool columns;
    Pool texts;
    std::vector<Json> others;  // values of kinds that facts do not have

    void put_value(std::string& out, std::string_view column, const Json& value) {
        const auto tag = [&](Tag which) { out += static_cast<char>(which); };
        if (value.is_null()) {
            tag(Tag::Null);
        } else if (value.is_bool()) {
            tag(value.boolean() ? Tag::Yes : Tag::No);
        } else if (value.is_integer()) {
            tag(Tag::Whole);
            put(out, folded_sign(value.integer()));
        } else if (value.is_string() && is_own(column)) {
            tag(Tag::Own);
            put(out, value.string());
        } else if (value.is_string()) {
            tag(Tag::Shared);
            put(out, texts.number(value.string()));
        } else {
            tag(Tag::Other);
            put(out, others.size());
            others.push_back(value);
        }
    }
    [[nodiscard]] Json value(Reader& reader) const {
        switch (static_cast<Tag>(*reader.at++)) {
            case Tag::Null:
                return {};
            case Tag::No:
                return false;
            case Tag::Yes:
                return true;
            case Tag::Whole:
                return with_sign(reader.number());
            case Tag::Shared:
                return texts.text(reader.number());
            case Tag::Own:
                return reader.text();
            case Tag::Other:
                return others[reader.number()];
        }
        return {};
    }
    [[nodiscard]] Reader reader(std::size_t row) const {
        assert(row < size);
        const Chunk& chunk = chunks[row / rows_per_chunk];
        return {chunk.bytes.data() + chunk.starts[row % rows_per_chunk]};
    }
};

FactsTable::FactsTable() : held_(std::make_shared<Packed>()) {}

void FactsTable::add(const FactsRow& row) {
    Packed& packed = *held_;
    if (packed.size % rows_per_chunk == 0) {
        if (!packed.chunks.empty()) packed.chunks.back().bytes.shrink_to_fit();
        packed.chunks.emplace_back().starts.reserve(rows_per_chunk);
    }
    Packed::Chunk& chunk = packed.chunks.back();
    chunk.starts.push_back(static_cast<std::uint32_t>(chunk.bytes.size()));
    std::string& out = chunk.bytes;
    put(out, row.asset);
    put(out, row.facts.size());
    for (const auto& [column, value] : row.facts) {
        put(out, packed.columns.number(column));
        packed.put_value(out, column, value);
    }
    // One claim is what several facts rest on.
    std::vector<const std::vector<Evidence>*> lists;
    std::vector<std::size_t> list_of;
    for (const auto& [column, evidence] : row.evidence) {
        const auto same =
            std::find_if(lists.begin(), lists.end(), [&](const std::vector<Evidence>* list) { return *list == evidence; });
        list_of.push_back(static_cast<std::size_t>(same - lists.begin()));
        if (same == lists.end()) lists.push_back(&evidence);
    }
    put(out, lists.size());
    for (const std::vector<Evidence>* list : lists) {
        put(out, list->size());
        for (const Evidence& one : *list) {
            put(out, packed.texts.number(one.source));
            put(out, one.frame);
            put(out, one.begin);
            put(out, one.end);
        }
    }
    put(out, row.evidence.size());
    std::size_t n = 0;
    for (const auto& [column, evidence] : row.evidence) {
        put(out, packed.columns.number(column));
        put(out, list_of[n++]);
    }
    ++packed.size;
}

std::size_t FactsTable::size() const { return held_->size; }

FactsRow FactsTable::operator[](std::size_t number) const {
    const Packed& packed = *held_;
    Reader reader = packed.reader(number);
    FactsRow row;
    row.asset = reader.text();
    for (std::uint64_t left = reader.number(); left > 0; --left) {
        const std::string& column = packed.columns.text(reader.number());
        row.facts.emplace_hint(row.facts.end(), column, packed.value(reader));
    }
    std::vector<std::vector<Evidence>> lists(reader.number());
    for (std::vector<Evidence>& list : lists) {
        list.resize(reader.number());
        for (Evidence& one : list) {
            one.source = packed.texts.text(reader.number());
            one.frame = reader.number();
            one.begin = static_cast<std::uint32_t>(reader.number());
            one.end = static_cast<std::uint32_t>(reader.number());
        }
    }
    for (std::uint64_t left = reader.number(); left > 0; --left) {
        const std::string& column = packed.columns.text(reader.number());
        row.evidence.emplace_hint(row.evidence.end(), column, lists[reader.number()]);
    }
    return row;
}

std::string FactsTable::asset(std::size_t row) const { return std::string(held_->reader(row).text()); }

std::optional<std::size_t> FactsTable::row_of(std::string_view asset) const {
    std::size_t low = 0;
    std::size_t high = size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (held_->reader(middle).text() < asset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == size() || held_->reader(low).text() != asset) return std::nullopt;
    return low;
}

}  // namespace herkomst
