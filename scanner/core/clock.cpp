#include "core/clock.h"

#include <fmt/core.h>

#include "core/text.h"

namespace herkomst {

std::string rfc3339(Time time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    std::string text =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) {
        text += fmt::format(".{:09}", clock.subseconds().count());
        while (text.back() == '0') text.pop_back();
    }
    return text + "Z";
}

namespace {

bool digits(std::string_view text, std::size_t at, std::size_t count, int& value) {
    if (at + count > text.size()) return false;
    value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

}  // namespace

std::optional<Time> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    int year = 0;
    int month = 0;
    int day = 0;
    if (!digits(text, 0, 4, year) || text.size() < 10 || text[4] != '-' || !digits(text, 5, 2, month) || text[7] != '-' ||
        !digits(text, 8, 2, day)) {
        return std::nullopt;
    }
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    // Time counts nanoseconds in 64 bits: from 1677-09-21 to 2262-04-11.
    if (!date.ok() || year < 1678 || year > 2261) return std::nullopt;
    Time time = sys_days(date);
    if (text.size() == 10) return time;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if ((text[10] != 'T' && text[10] != 't' && text[10] != ' ') || !digits(text, 11, 2, hour) || text.size() < 19 ||
        text[13] != ':' || !digits(text, 14, 2, minute) || text[16] != ':' || !digits(text, 17, 2, second) || hour > 23 ||
        minute > 59 || second > 60) {
        return std::nullopt;
    }
    time += hours(hour) + minutes(minute) + seconds(second);
    std::size_t at = 19;
    if (at < text.size() && text[at] == '.') {
        std::int64_t fraction = 0;
        std::int64_t scale = 1'000'000'000;
        std::size_t count = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
            if (scale > 1) {
                scale /= 10;
                fraction += (text[at] - '0') * scale;
            }
        }
        if (count == 0) return std::nullopt;
        time += nanoseconds(fraction);
    }
    const std::string_view zone = text.substr(at);
    if (zone == "Z" || zone == "z") return time;
    int zone_hour = 0;
    int zone_minute = 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || !digits(zone, 1, 2, zone_hour) ||
        !digits(zone, 4, 2, zone_minute) || zone_hour > 23 || zone_minute > 59) {
        return std::nullopt;
    }
    const auto offset = hours(zone_hour) + minutes(zone_minute);
    return zone[0] == '+' ? time - offset : time + offset;
}

}  // namespace herkomst
