// Regular expressions (RE2: time linear in the text, whatever the pattern), compiled when first used. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace herkomst {

enum class Dialect : std::uint8_t {
    Re2,   // as it stands
    Ruby,  // ^ and $ match at lines; inline (?m) means that the dot matches a line end
};

class Pattern {
  public:
    // `flags`: "i" ignores case, "s" lets the dot match a line end.
    explicit Pattern(std::string_view text, Dialect dialect = Dialect::Re2, std::string_view flags = {});
    ~Pattern();
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;

    // Why it does not compile; empty when it does.
    [[nodiscard]] std::string problem() const;
    // The groups of the first match anywhere in the text, group 0 the whole; views into `text`, null data where a group took no
    // part. Nothing when it does not match, or does not compile.
    [[nodiscard]] std::optional<std::vector<std::string_view>> match(std::string_view text) const;
    [[nodiscard]] std::optional<std::size_t> group_named(const std::string& name) const;
    [[nodiscard]] std::size_t groups() const;
    // A text, lower case, that stands in every text that matches when both are compared without case; empty when none is sure.
    [[nodiscard]] const std::string& literal() const;

  private:
    struct Compiled;
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace herkomst
