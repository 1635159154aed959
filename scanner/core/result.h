// The operator's input fails with sentences, all of them at once, each with its place.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace herkomst {

// "file:line" or "file: /json/pointer", and a sentence without a full stop at its end.
struct Problem {
    std::string place;
    std::string sentence;

    [[nodiscard]] std::string text() const { return place.empty() ? sentence : place + ": " + sentence; }
    auto operator<=>(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : held_(std::move(value)) {}                      // NOLINT: a value is a result
    Result(Problems problems) : held_(std::move(problems)) {}         // NOLINT: so are problems
    Result(Problem problem) : held_(Problems{std::move(problem)}) {}  // NOLINT

    [[nodiscard]] bool ok() const { return std::holds_alternative<T>(held_); }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] T& value() { return std::get<T>(held_); }
    [[nodiscard]] const T& value() const { return std::get<T>(held_); }
    [[nodiscard]] const Problems& problems() const { return std::get<Problems>(held_); }

  private:
    std::variant<T, Problems> held_;
};

}  // namespace herkomst
