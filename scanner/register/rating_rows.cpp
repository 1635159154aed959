#include "register/rating_rows.h"

#include <algorithm>

#include "core/hash.h"
#include "core/json.h"

namespace herkomst {

using sql::Query;

namespace {

constexpr std::string_view columns =
    "finding, criteria, likelihood, impact, inherent, residual_likelihood, residual_impact, residual, inputs_known, "
    "inputs_all, considerations, decision, decision_nl, decision_en, inputs, event, measures";

Band worst_band_named(std::string_view text) {
    for (const Band band : {Band::Low, Band::Medium, Band::High}) {
        if (name(band) == text) return band;
    }
    return Band::Critical;
}

// Written by hand, as write_json would: of a million findings these texts are most of what recording them costs.
std::string considerations_json(const Rating& rating) {
    std::string out = "{";
    for (const auto& [consideration, answer] : rating.considerations) {
        if (out.size() > 1) out += ',';
        append_json_string(out, consideration);
        out += ':';
        append_json_string(out, answer);
    }
    return out + '}';
}

std::string inputs_json(const Rating& rating) {
    std::string out = "{";
    for (const auto& [question, input] : rating.inputs) {
        if (out.size() > 1) out += ',';
        append_json_string(out, question);
        out += ":{";
        if (input.also_answered) out += R"("also_answered":true,)";
        if (input.also_asked) out += R"("also_asked":true,)";
        out += R"("from":)";
        append_json_string(out, name(input.from));
        out += R"(,"value":)";
        append_json_string(out, input.value);
        out += '}';
    }
    return out + '}';
}

std::string measures_json(const Rating& rating) {
    std::string out = "{";
    for (const auto& [question, answer] : rating.by_measures) {
        if (out.size() > 1) out += ',';
        append_json_string(out, question);
        out += ':';
        append_json_string(out, answer);
    }
    return out + '}';
}

RatingRow row_at(const Query& row) {
    RatingRow out;
    Rating& rating = out.rating;
    rating.criteria = row.text(1);
    rating.likelihood = static_cast<int>(row.integer(2));
    rating.impact = static_cast<int>(row.integer(3));
    rating.inherent = worst_band_named(row.text(4));
    rating.residual_likelihood = static_cast<int>(row.integer(5));
    rating.residual_impact = static_cast<int>(row.integer(6));
    rating.residual = worst_band_named(row.text(7));
    rating.known = static_cast<unsigned>(row.integer(8));
    rating.of = static_cast<unsigned>(row.integer(9));
    if (const auto read = parse_json(row.text(10), "ratings")) {
        for (const auto& [consideration, answer] : read.value().members())
            rating.considerations[consideration] = answer.string();
    }
    rating.decision = row.text(11);
    rating.decision_text = {row.text(12), row.text(13)};
    if (const auto read = parse_json(row.text(14), "ratings")) {
        for (const auto& [question, input] : read.value().members()) {
            RatingInput& into = rating.inputs[question];
            into.value = input["value"].string();
            into.also_asked = input["also_asked"].boolean();
            into.also_answered = input["also_answered"].boolean();
            for (const auto from : {RatingInput::From::Nobody, RatingInput::From::Scan, RatingInput::From::Person}) {
                if (name(from) == input["from"].string()) into.from = from;
            }
        }
    }
    count_said(rating);
    out.event = row.integer(15);
    if (const auto read = parse_json(row.text(16), "ratings")) {
        for (const auto& [question, answer] : read.value().members()) rating.by_measures[question] = answer.string();
    }
    return out;
}

RatingInputs by_people(const Rating& rating) {
    RatingInputs out;
    for (const auto& [question, input] : rating.inputs) {
        if (input.asked()) out.emplace(question, input);
    }
    return out;
}

}  // namespace

std::string rating_digest(const Rating& rating) {
    std::string all = "[";
    for (const int step : {rating.likelihood, rating.impact, rating.residual_likelihood, rating.residual_impact,
                           static_cast<int>(rating.known), static_cast<int>(rating.of)})
        all += std::to_string(step) + ',';
    for (const std::string_view text :
         {std::string_view(rating.criteria), name(rating.inherent), name(rating.residual), std::string_view(rating.decision),
          std::string_view(rating.decision_text.nl), std::string_view(rating.decision_text.en)}) {
        append_json_string(all, text);
        all += ',';
    }
    all += considerations_json(rating) + ',' + inputs_json(rating);
    if (!rating.by_measures.empty()) all += ',' + measures_json(rating);
    all += ']';
    return sha256(all).substr(0, 16);
}

std::optional<RatingRow> rating_row(sql::Database& database, std::string_view finding) {
    Query row(database, "SELECT " + std::string(columns) + " FROM ratings WHERE finding = ?");
    row.bind(finding);
    if (!row.step()) return std::nullopt;
    return row_at(row);
}

void put_rating(sql::Database& database, std::string_view finding, const Rating& rating, std::int64_t run, std::int64_t event) {
    Query(database, "INSERT OR REPLACE INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(finding)
        .bind(rating.criteria)
        .bind(std::int64_t{rating.likelihood})
        .bind(std::int64_t{rating.impact})
        .bind(name(rating.inherent))
        .bind(std::int64_t{rating.residual_likelihood})
        .bind(std::int64_t{rating.residual_impact})
        .bind(name(rating.residual))
        .bind(std::int64_t{rating.known})
        .bind(std::int64_t{rating.of})
        .bind(considerations_json(rating))
        .bind(rating.decision)
        .bind(rating.decision_text.nl)
        .bind(rating.decision_text.en)
        .bind(inputs_json(rating))
        .bind(run)
        .bind(event)
        .bind(measures_json(rating))
        .run();
}

void take_rating(sql::Database& database, std::string_view finding) {
    Query(database, "DELETE FROM ratings WHERE finding = ?").bind(finding).run();
}

bool people_differ(const Rating& before, const Rating& now) { return by_people(before) != by_people(now); }

bool people_only_left(const Rating& before, const Rating& now) {
    const RatingInputs was = by_people(before);
    const RatingInputs is = by_people(now);
    return std::all_of(is.begin(), is.end(), [&](const auto& input) {
        const auto found = was.find(input.first);
        return !input.second.answered() || (found != was.end() && found->second == input.second);
    });
}

std::map<std::string, RatingRow, std::less<>> rating_rows(sql::Database& database) {
    std::map<std::string, RatingRow, std::less<>> out;
    Query rows(database, "SELECT " + std::string(columns) + " FROM ratings");
    while (rows.step()) out.emplace(rows.text(0), row_at(rows));
    return out;
}

}  // namespace herkomst
