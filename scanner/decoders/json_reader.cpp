#include "decoders/json_reader.h"

#include "core/bytes.h"

namespace herkomst {

namespace {

constexpr int deepest = 12;
constexpr std::size_t most_scalars = 512;
constexpr std::size_t longest_path = 128;
constexpr std::size_t longest_text = 512;

class Reader {
  public:
    Reader(ByteCursor text, JsonScalars& out) : at_(text), out_(out) {}

    bool read() {
        if (!value(0)) return false;
        blanks();
        return at_.done() && at_.ok();
    }

  private:
    // RFC 8259 section 2: insignificant white space.
    void blanks() {
        while (!at_.done() && (at_.peek() == ' ' || at_.peek() == '\t' || at_.peek() == '\n' || at_.peek() == '\r'))
            at_.skip(1);
    }

    bool expect(char c) {
        blanks();
        return !at_.done() && at_.u8() == static_cast<std::uint8_t>(c);
    }

    bool value(int depth) {
        blanks();
        switch (at_.peek()) {
            case '{':
                return depth < deepest && object(depth);
            case '[':
                return depth < deepest && array(depth);
            case '"': {
                std::string text;
                return string(text) && keep(std::move(text), true);
            }
            default:
                return plain();
        }
    }

    // Section 4: object.
    bool object(int depth) {
        at_.skip(1);
        blanks();
        if (at_.peek() == '}') return at_.u8() == '}';
        while (at_.ok()) {
            std::string name;
            blanks();
            if (at_.peek() != '"' || !string(name) || !expect(':')) return false;
            const std::size_t before = step_in(name);
            if (!value(depth + 1)) return false;
            step_out(before);
            blanks();
            const std::uint8_t next = at_.u8();
            if (next == '}') return true;
            if (next != ',') return false;
        }
        return false;
    }

    // Section 5: array.
    bool array(int depth) {
        at_.skip(1);
        blanks();
        if (at_.peek() == ']') return at_.u8() == ']';
        for (std::size_t place = 0; at_.ok(); ++place) {
            const std::size_t before = step_in(std::to_string(place));
            if (!value(depth + 1)) return false;
            step_out(before);
            blanks();
            const std::uint8_t next = at_.u8();
            if (next == ']') return true;
            if (next != ',') return false;
        }
        return false;
    }

    // Section 7: string. Surrogate pairs are joined, a lone one becomes U+FFFD.
    bool string(std::string& out) {
        at_.skip(1);
        std::uint32_t high = 0;
        while (!at_.done()) {
            const std::uint8_t c = at_.u8();
            if (c == '"') {
                if (high != 0) put(out, 0xfffd);
                return true;
            }
            if (c < 0x20) return false;
            std::uint32_t point = c;
            if (c == '\\') {
                const std::uint8_t kind = at_.u8();
                if (kind == 'u') {
                    if (!four_digits(point)) return false;
                    if (point >= 0xd800 && point < 0xdc00) {
                        if (high != 0) put(out, 0xfffd);
                        high = point;
                        continue;
                    }
                    if (point >= 0xdc00 && point < 0xe000) {
                        point = high != 0 ? 0x10000 + ((high - 0xd800) << 10) + (point - 0xdc00) : 0xfffd;
                        high = 0;
                    }
                } else if (!simple_escape(kind, point)) {
                    return false;
                }
                if (high != 0) put(out, 0xfffd);
                high = 0;
                put(out, point);
                continue;
            }
            if (high != 0) put(out, 0xfffd);
            high = 0;
            if (out.size() < longest_text) out.push_back(static_cast<char>(c));
        }
        return false;
    }

    static bool simple_escape(std::uint8_t kind, std::uint32_t& point) {
        constexpr std::string_view kinds = "\"\\/bfnrt";
        constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
        const std::size_t which = kinds.find(static_cast<char>(kind));
        if (which == std::string_view::npos) return false;
        point = static_cast<std::uint8_t>(meant[which]);
        return true;
    }

    bool four_digits(std::uint32_t& point) {
        point = 0;
        for (int i = 0; i < 4; ++i) {
            const std::uint8_t c = at_.u8();
            const std::uint8_t folded = c | 0x20;
            if (c >= '0' && c <= '9') {
                point = point * 16 + static_cast<std::uint32_t>(c - '0');
            } else if (folded >= 'a' && folded <= 'f') {
                point = point * 16 + static_cast<std::uint32_t>(folded - 'a' + 10);
            } else {
                return false;
            }
        }
        return at_.ok();
    }

    static void put(std::string& out, std::uint32_t point) {
        if (out.size() + 4 > longest_text) return;
        const auto byte = [&](std::uint32_t b) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(b))); };
        if (point < 0x80) {
            byte(point);
        } else if (point < 0x800) {
            byte(0xc0 | (point >> 6));
            byte(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            byte(0xe0 | (point >> 12));
            byte(0x80 | ((point >> 6) & 0x3f));
            byte(0x80 | (point & 0x3f));
        } else {
            byte(0xf0 | (point >> 18));
            byte(0x80 | ((point >> 12) & 0x3f));
            byte(0x80 | ((point >> 6) & 0x3f));
            byte(0x80 | (point & 0x3f));
        }
    }

    // Sections 3 and 6: numbers and the three names.
    bool plain() {
        std::string text;
        while (!at_.done() && text.size() < 64) {
            const char c = static_cast<char>(at_.peek());
            const bool part = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '+' || c == '-' || c == '.';
            if (!part) break;
            text.push_back(c);
            at_.skip(1);
        }
        if (text.empty()) return false;
        const bool number = text.find_first_not_of("0123456789+-.eE") == std::string::npos;
        if (!number && text != "true" && text != "false" && text != "null") return false;
        return keep(std::move(text), false);
    }

    bool keep(std::string&& text, bool is_string) {
        if (out_.all.size() >= most_scalars) return false;
        if (path_.size() <= longest_path) out_.all.push_back({path_, std::move(text), is_string});
        return at_.ok();
    }

    std::size_t step_in(const std::string& name) {
        const std::size_t before = path_.size();
        if (before <= longest_path) {
            if (before != 0) path_.push_back('/');
            path_ += name;
        }
        return before;
    }
    void step_out(std::size_t before) { path_.resize(before); }

    ByteCursor at_;
    JsonScalars& out_;
    std::string path_;
};

}  // namespace

std::string_view JsonScalars::at(std::string_view path) const {
    for (const JsonScalar& scalar : all) {
        if (scalar.path == path) return scalar.text;
    }
    return {};
}

std::string_view JsonScalars::string_at(std::string_view path) const {
    for (const JsonScalar& scalar : all) {
        if (scalar.is_string && scalar.path == path) return scalar.text;
    }
    return {};
}

JsonScalars read_json(std::string_view text) {
    JsonScalars scalars;
    Reading reading;
    scalars.whole = Reader(ByteCursor(bytes_in(text), reading), scalars).read();
    return scalars;
}

}  // namespace herkomst
