// The merge algebra: any order, duplicated, split. Everything downstream rests on it.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "core/lines.h"
#include "core/observation.h"

using namespace herkomst;

namespace merge_test {

TEST_SUITE_BEGIN("merge");

namespace {

std::string printed(const ObservationSet& set) {
    std::string out;
    for (const Observation& row : set.list()) out += write_json(to_json(row)) + "\n";
    for (const auto& row : set.others()) out += write_json(to_json(row)) + "\n";
    return out;
}

std::vector<Observation> many(std::mt19937& random, std::size_t count, unsigned values) {
    std::vector<Observation> rows;
    for (std::size_t i = 0; i < count; ++i) {
        Observation row;
        row.subject.ip = IpAddress::v4(0x0a000001U + static_cast<std::uint32_t>(random() % 3));
        row.field = random() % 2 == 0 ? Field::model : Field::dns_name;
        row.value = "value " + std::to_string(random() % values);
        row.strength = random() % 3 == 0 ? Strength::Hinted : Strength::Stated;
        row.method = random() % 2 == 0 ? "a" : "b";
        row.from = {"source " + std::to_string(random() % 3), 1 + random() % 1000, 10, 20};
        row.seen.first = row.seen.last = Time(std::chrono::seconds(random() % 100000));
        row.seen.count = 1 + random() % 3;
        rows.push_back(row);
    }
    return rows;
}

ObservationSet set_of(const std::vector<Observation>& rows) {
    ObservationSet set;
    for (const Observation& row : rows) set.add(row);
    return set;
}

}  // namespace

TEST_CASE("the order of claims does not matter, with few values and with more than stay") {
    std::mt19937 random(3);
    for (const unsigned values : {5U, 200U}) {
        for (int round = 0; round < 20; ++round) {
            std::vector<Observation> rows = many(random, 400, values);
            const std::string once = printed(set_of(rows));
            std::shuffle(rows.begin(), rows.end(), random);
            CHECK(printed(set_of(rows)) == once);
        }
    }
}

TEST_CASE("however a run is cut into parts, the parts add up to the whole") {
    std::mt19937 random(4);
    for (const unsigned values : {5U, 200U}) {
        for (int round = 0; round < 20; ++round) {
            const std::vector<Observation> rows = many(random, 400, values);
            const std::string whole = printed(set_of(rows));
            std::vector<std::vector<Observation>> parts(1 + random() % 7);
            for (const Observation& row : rows) parts[random() % parts.size()].push_back(row);
            std::shuffle(parts.begin(), parts.end(), random);
            ObservationSet left;
            for (const auto& part : parts) left.absorb_part(set_of(part));
            CHECK(printed(left) == whole);
            // ... and grouped the other way round.
            ObservationSet right;
            for (auto at = parts.rbegin(); at != parts.rend(); ++at) {
                ObservationSet next = set_of(*at);
                next.absorb_part(right);
                right = next;
            }
            CHECK(printed(right) == whole);
            CHECK(left.rows() == right.rows());
            CHECK(left.subjects() == right.subjects());
        }
    }
}

TEST_CASE("finished sets unite: in any order, and what is given twice counts once") {
    std::mt19937 random(5);
    for (const unsigned values : {5U, 200U}) {
        for (int round = 0; round < 20; ++round) {
            std::vector<Observation> rows = many(random, 400, values);
            std::vector<ObservationSet> sources;
            for (int s = 0; s < 3; ++s) {
                std::vector<Observation> own;
                for (const Observation& row : rows) {
                    if (row.from.source == "source " + std::to_string(s)) own.push_back(row);
                }
                sources.push_back(set_of(own));
            }
            const auto united = [&](std::vector<int> order) {
                ObservationSet set;
                for (const int s : order) set.merge(sources[static_cast<std::size_t>(s)]);
                return printed(set);
            };
            const std::string whole = united({0, 1, 2});
            CHECK(united({2, 0, 1}) == whole);
            CHECK(united({1, 1, 0, 2, 0, 1}) == whole);
            ObservationSet pair;
            pair.merge(sources[1]);
            pair.merge(sources[2]);
            ObservationSet grouped;
            grouped.merge(sources[0]);
            grouped.merge(pair);
            CHECK(printed(grouped) == whole);
        }
    }
}

TEST_CASE("bounds: the strongest values stay, the rest is counted, further subjects are counted") {
    ObservationSet set(2);
    Observation row;
    row.field = Field::model;
    row.method = "m";
    row.from.source = "s";
    for (unsigned subject = 1; subject <= 3; ++subject) {
        row.subject.ip = IpAddress::v4(subject);
        for (int i = 0; i < 40; ++i) {
            row.value = "v" + std::to_string(100 + i);
            row.strength = i == 39 ? Strength::Stated : Strength::Hinted;
            set.add(row);
        }
    }
    CHECK(set.subjects() == 2);
    CHECK(set.dropped_subjects() == 40);
    const auto rows = set.list();
    CHECK(rows.size() == 64);
    CHECK(rows[0].value == "v139");
    CHECK(set.others().at(0).count == 8);
}

TEST_SUITE_END();

}  // namespace merge_test
