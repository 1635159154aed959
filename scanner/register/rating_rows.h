// One row of table `ratings`. Internal to this folder; within a transaction of the caller.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "assess/rating.h"
#include "register/sql.h"

namespace herkomst {

// What an event says of a rating: a name of all that the row holds, so that `verify` sees an edit.
std::string rating_digest(const Rating&);

struct RatingRow {
    Rating rating;  // without `rule`
    std::int64_t event = 0;
};
std::optional<RatingRow> rating_row(sql::Database&, std::string_view finding);
void put_rating(sql::Database&, std::string_view finding, const Rating&, std::int64_t run, std::int64_t event);
void take_rating(sql::Database&, std::string_view finding);

// What people said of it is otherwise than before.
bool people_differ(const Rating& before, const Rating& now);
// Nothing is said of it now that was not said before.
bool people_only_left(const Rating& before, const Rating& now);

// All of them, by finding.
std::map<std::string, RatingRow, std::less<>> rating_rows(sql::Database&);

}  // namespace herkomst
