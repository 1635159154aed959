#include "vendordb/pattern.h"

#include <re2/re2.h>

#include <mutex>

#include "core/text.h"

namespace herkomst {

namespace {

// Ruby's inline flags in RE2's letters: (?m) becomes (?s). An x that is switched on stays, and RE2 refuses it.
std::string from_ruby(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        if (text[i] == '\\' && i + 1 < text.size()) {
            out += text[++i];
            continue;
        }
        if (text.substr(i, 2) != "(?") continue;
        std::size_t end = i + 2;
        while (end < text.size() && std::string_view("imx-").find(text[end]) != std::string_view::npos) ++end;
        if (end == i + 2 || end >= text.size() || (text[end] != ')' && text[end] != ':')) continue;
        std::string on;
        std::string off;
        bool minus = false;
        for (const char c : text.substr(i + 2, end - i - 2)) {
            if (c == '-') {
                minus = true;
            } else if (!minus) {
                on += c == 'm' ? 's' : c;
            } else if (c != 'x') {
                off += c == 'm' ? 's' : c;
            }
        }
        if (on.empty() && off.empty() && text[end] == ')') {
            out.pop_back();
            i = end;
            continue;
        }
        out.append(1, '?').append(on);
        if (!off.empty()) out.append(1, '-').append(off);
        i = end - 1;
    }
    return out;
}

std::size_t after_class(std::string_view text, std::size_t at) {
    std::size_t i = at + 1;
    if (i < text.size() && text[i] == '^') ++i;
    if (i < text.size() && text[i] == ']') ++i;
    while (i < text.size() && text[i] != ']') {
        if (text.substr(i, 2) == "[:") {
            const std::size_t end = text.find(":]", i);
            if (end == std::string_view::npos) return text.size();
            i = end + 2;
        } else {
            i += text[i] == '\\' ? 2 : 1;
        }
    }
    return i + 1;
}

std::size_t after_group(std::string_view text, std::size_t at) {
    int depth = 0;
    for (std::size_t i = at; i < text.size();) {
        if (text[i] == '\\') {
            i += 2;
        } else if (text[i] == '[') {
            i = after_class(text, i);
        } else {
            if (text[i] == '(') ++depth;
            if (text[i] == ')' && --depth == 0) return i + 1;
            ++i;
        }
    }
    return text.size();
}

// The longest run of plain characters outside any group that every match must hold. Errs towards none.
std::string sure_literal(std::string_view text) {
    std::string best;
    std::string run;
    const auto end_run = [&] {
        if (run.size() > best.size()) best = run;
        run.clear();
    };
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '|') return {};
        if (c == '\\') {
            if (i + 1 >= text.size()) return {};
            const char escaped = text[i + 1];
            i += 2;
            const bool letter = (escaped >= '0' && escaped <= '9') || (escaped >= 'a' && escaped <= 'z') ||
                                (escaped >= 'A' && escaped <= 'Z') || static_cast<unsigned char>(escaped) >= 0x80;
            if (!letter) {
                run += escaped;
            } else if (std::string_view("dwsDWSbBAzfnrtv").find(escaped) != std::string_view::npos) {
                end_run();
            } else {
                return {};
            }
        } else if (c == '[') {
            end_run();
            i = after_class(text, i);
        } else if (c == '(') {
            end_run();
            i = after_group(text, i);
        } else if (c == '*' || c == '?' || c == '{') {
            if (!run.empty()) run.pop_back();
            end_run();
            if (c == '{') {
                const std::size_t close = text.find('}', i);
                if (close == std::string_view::npos) return {};
                i = close;
            }
            ++i;
        } else if (c == '+' || c == '.' || c == '^' || c == '$' || static_cast<unsigned char>(c) >= 0x80) {
            end_run();
            ++i;
        } else {
            run += c;
            ++i;
        }
    }
    end_run();
    return best.size() < 3 ? std::string() : lower(best);
}

}  // namespace

struct Pattern::Compiled {
    std::string text;
    std::string literal;
    std::once_flag once;
    std::unique_ptr<re2::RE2> re2;

    const re2::RE2& get() {
        std::call_once(once, [this] {
            re2::RE2::Options options;
            options.set_log_errors(false);
            re2 = std::make_unique<re2::RE2>(text, options);
        });
        return *re2;
    }
};

Pattern::Pattern(std::string_view text, Dialect dialect, std::string_view flags) : compiled_(std::make_unique<Compiled>()) {
    const std::string body = dialect == Dialect::Ruby ? from_ruby(text) : std::string(text);
    std::string all(flags);
    if (dialect == Dialect::Ruby) all.append(1, 'm');
    if (!all.empty()) compiled_->text.append("(?").append(all).append(1, ')');
    compiled_->text.append(body);
    compiled_->literal = sure_literal(body);
}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

std::string Pattern::problem() const {
    const re2::RE2& re2 = compiled_->get();
    return re2.ok() ? std::string() : re2.error();
}

std::optional<std::vector<std::string_view>> Pattern::match(std::string_view text) const {
    const re2::RE2& re2 = compiled_->get();
    if (!re2.ok()) return std::nullopt;
    std::vector<re2::StringPiece> found(groups() + 1);
    const re2::StringPiece all(text.data(), text.size());
    if (!re2.Match(all, 0, text.size(), re2::RE2::UNANCHORED, found.data(), static_cast<int>(found.size())))
        return std::nullopt;
    std::vector<std::string_view> out;
    out.reserve(found.size());
    for (const re2::StringPiece& piece : found)
        out.push_back(piece.data() == nullptr ? std::string_view() : std::string_view(piece.data(), piece.size()));
    return out;
}

std::optional<std::size_t> Pattern::group_named(const std::string& name) const {
    const re2::RE2& re2 = compiled_->get();
    if (!re2.ok()) return std::nullopt;
    const auto found = re2.NamedCapturingGroups().find(name);
    if (found == re2.NamedCapturingGroups().end()) return std::nullopt;
    return static_cast<std::size_t>(found->second);
}

std::size_t Pattern::groups() const {
    const re2::RE2& re2 = compiled_->get();
    return re2.ok() ? static_cast<std::size_t>(re2.NumberOfCapturingGroups()) : 0;
}

const std::string& Pattern::literal() const { return compiled_->literal; }

}  // namespace herkomst
