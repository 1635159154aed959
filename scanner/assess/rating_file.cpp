// A criteria set from one JSON file, read strictly: every problem with its file and pointer.
#include <filesystem>
#include <set>

#include "assess/rating.h"
#include "assess/reading.h"
#include "core/hash.h"

namespace herkomst {

namespace {

constexpr std::array factors = {"compelled", "offensive",     "capability", "party",     "reach",    "consequence",
                                "chain",     "concentration", "measures",   "fallbacks", "controls", "critical_part"};

struct Bounds {
    int least;
    int most;
};
Bounds bounds_of(std::string_view factor) {
    if (factor == "consequence") return {1, 5};
    if (factor == "chain" || factor == "concentration") return {0, 1};
    if (factor == "compelled" || factor == "offensive" || factor == "critical_part" || factor == "controls") return {0, 2};
    return {0, 4};
}

std::optional<Band> band_named(std::string_view text) {
    for (const Band band : {Band::Low, Band::Medium, Band::High, Band::Critical}) {
        if (name(band) == text) return band;
    }
    return std::nullopt;
}

class CriteriaLoader {
  public:
    CriteriaLoader(std::string file, const Questionnaire& asked, Problems& problems)
        : file_(file), reader_(std::move(file), problems), asked_(asked) {}

    Criteria read(const Json& json, const std::string& stem) {
        if (!reader_.object(json, "",
                            {"id", "version", "title", "calibrated", "note", "inputs", "weights", "supplied_firmware", "bands",
                             "floor", "decisions", "references", "examples"})) {
            return std::move(out_);
        }
        out_.id = reader_.id(json["id"], "/id");
        if (!stem.empty() && out_.id != stem) reader_.problem("/id", "the id is not the name of its file");
        out_.version = reader_.number(json["version"], "/version", 1, 1'000'000);
        out_.title = reader_.texts(json["title"], "/title");
        out_.note = reader_.texts(json["note"], "/note");
        // A set that says it is calibrated would have to say by what: there is no place for that yet.
        if (!json["calibrated"].is_bool() || json["calibrated"].boolean())
            reader_.problem("/calibrated", "the weights are declared uncalibrated: this is false");
        if (!json["inputs"].is_object()) reader_.problem("/inputs", "this is not an object");
        for (const auto& [factor, list] : json["inputs"].members()) inputs(factor, list);
        for (const char* factor : factors) {
            if (!out_.inputs.contains(factor)) reader_.problem("/inputs", fmt::format("\"{}\" is missing", factor));
        }
        weights(json["weights"]);
        if (reader_.list(json["supplied_firmware"], "/supplied_firmware")) {
            for (const Json& rule : json["supplied_firmware"].items())
                out_.supplied_firmware.push_back(reader_.id(rule, "/supplied_firmware"));
        }
        bands(json["bands"]);
        out_.floor = band(json["floor"], "/floor");
        decisions(json["decisions"]);
        out_.references = reader_.references(json["references"], "/references");
        if (reader_.list(json["examples"], "/examples", 1)) {
            for (std::size_t i = 0; i < json["examples"].items().size(); ++i)
                example(json["examples"].at(i), fmt::format("/examples/{}", i));
        }
        return std::move(out_);
    }

  private:
    void inputs(const std::string& factor, const Json& list) {
        const std::string at = "/inputs/" + clean(factor);
        if (std::find(factors.begin(), factors.end(), factor) == factors.end()) {
            reader_.problem(at, "there is no such factor");
            return;
        }
        if (!reader_.list(list, at, 1)) return;
        const Bounds bounds = bounds_of(factor);
        for (std::size_t i = 0; i < list.items().size(); ++i) {
            const std::string place = fmt::format("{}/{}", at, i);
            const Json& one = list.at(i);
            if (!reader_.object(one, place, {"question", "scores", "unknown", "facts?"})) continue;
            const Question* question = asked_.question(one["question"].string());
            if (question == nullptr) {
                reader_.problem(place + "/question", "the questionnaire has no such question");
                continue;
            }
            const AnswerScale& scale = asked_.scale_of(*question);
            Criteria::Input input;
            input.question = question->id;
            input.unknown = reader_.number(one["unknown"], place + "/unknown", bounds.least, bounds.most);
            for (const auto& [answer, score] : one["scores"].members()) {
                if (scale.option(answer) == nullptr) reader_.problem(place + "/scores", "the question has no such answer");
                if (score.is_null()) {
                    input.scores[answer] = std::nullopt;
                } else {
                    input.scores[answer] = reader_.number(score, place + "/scores", bounds.least, bounds.most);
                }
            }
            check_scores(scale, input, factor, place);
            if (one.has("facts")) guesses(one["facts"], place + "/facts", scale, input);
            if (!used_.insert(input.question).second) reader_.problem(place + "/question", "this question already counts");
            out_.inputs[factor].push_back(std::move(input));
        }
    }

    // Every answer has a score; an ordered scale's scores go one way; what is unknown is as bad as the worst answer.
    void check_scores(const AnswerScale& scale, const Criteria::Input& input, std::string_view factor,
                      const std::string& place) {
        int last = bounds_of(factor).least;
        int least = bounds_of(factor).most;
        int most = bounds_of(factor).least;
        for (const auto& option : scale.options) {
            const auto found = input.scores.find(option.value);
            if (found == input.scores.end()) {
                reader_.problem(place + "/scores", fmt::format("the answer \"{}\" has no score", option.value));
                continue;
            }
            if (!found->second) continue;
            if (scale.ordered && *found->second < last)
                reader_.problem(place + "/scores",
                                fmt::format("the score of \"{}\" is below that of the answer before it", option.value));
            last = *found->second;
            least = std::min(least, *found->second);
            most = std::max(most, *found->second);
        }
        const bool lower = factor == "measures" || factor == "fallbacks" || factor == "controls";
        const bool cautious = lower ? input.unknown <= least : input.unknown >= most;
        if (!cautious) reader_.problem(place + "/unknown", "what is unknown counts as the worst answer of the scale");
    }

    void guesses(const Json& list, const std::string& at, const AnswerScale& scale, Criteria::Input& into) {
        if (!reader_.list(list, at, 1)) return;
        for (std::size_t i = 0; i < list.items().size(); ++i) {
            const std::string place = fmt::format("{}/{}", at, i);
            const Json& one = list.at(i);
            if (!reader_.object(one, place, {"fact", "is", "answer"})) continue;
            const auto columns = fact_columns();
            if (std::none_of(columns.begin(), columns.end(),
                             [&](const FactColumn& c) { return c.name == one["fact"].string(); }))
                reader_.problem(place + "/fact", fmt::format("there is no fact \"{}\"", clean(one["fact"].string())));
            if (scale.option(one["answer"].string()) == nullptr)
                reader_.problem(place + "/answer", "the question has no such answer");
            reader_.list(one["is"], place + "/is", 1);
            into.guesses.push_back({one["fact"].string(), one["is"].items(), one["answer"].string()});
        }
    }

    void weights(const Json& json) {
        if (!reader_.object(json, "/weights",
                            {"without_consideration", "per_consideration_point", "per_measure_point", "tested_fallback"})) {
            return;
        }
        RatingWeights& out = out_.weights;
        out.without_consideration = reader_.number(json["without_consideration"], "/weights/without_consideration", 0, 100);
        out.per_consideration_point =
            reader_.number(json["per_consideration_point"], "/weights/per_consideration_point", 0, 25);
        out.per_measure_point = reader_.number(json["per_measure_point"], "/weights/per_measure_point", 0, 25);
        out.tested_fallback = reader_.number(json["tested_fallback"], "/weights/tested_fallback", 0, 4);
        if (out.without_consideration + 4 * out.per_consideration_point > 100)
            reader_.problem("/weights", "the considerations cannot count for more than 100 per cent together");
    }

    Band band(const Json& json, const std::string& at) {
        const auto found = band_named(json.string());
        if (!found) reader_.problem(at, "this is not low, medium, high or critical");
        return found.value_or(Band::Critical);
    }

    void bands(const Json& json) {
        if (!reader_.list(json, "/bands")) return;
        if (json.items().size() != 5) reader_.problem("/bands", "there are five rows, for a likelihood of 1 to 5");
        for (std::size_t l = 0; l < std::min<std::size_t>(5, json.items().size()); ++l) {
            const std::string at = fmt::format("/bands/{}", l);
            const Json& row = json.at(l);
            if (!row.is_array() || row.items().size() != 5) {
                reader_.problem(at, "a row has five bands, for an impact of 1 to 5");
                continue;
            }
            for (std::size_t i = 0; i < 5; ++i) {
                Band& here = out_.bands[l][i];
                here = band(row.at(i), at);
                const bool falls = (i > 0 && here < out_.bands[l][i - 1]) || (l > 0 && here < out_.bands[l - 1][i]);
                if (falls)
                    reader_.problem(fmt::format("{}/{}", at, i), "a band is never below one of less likelihood or impact");
            }
        }
    }

    void decisions(const Json& json) {
        if (!reader_.list(json, "/decisions", 1)) return;
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string at = fmt::format("/decisions/{}", i);
            const Json& one = json.at(i);
            if (!reader_.object(one, at, {"id", "when", "nl", "en"})) continue;
            Criteria::Decision made;
            made.id = reader_.id(one["id"], at + "/id");
            made.text = {reader_.text(one["nl"], at + "/nl"), reader_.text(one["en"], at + "/en")};
            if (reader_.object(one["when"], at + "/when", {"1?", "2?", "3A?", "3B?"})) {
                for (const auto& [consideration, answers] : one["when"].members()) {
                    for (const Json& answer : answers.items()) {
                        const bool fits = answer.string() == "yes" || answer.string() == "no" ||
                                          (answer.string() == unknown_answer && consideration == "3B");
                        if (!fits) reader_.problem(at + "/when", "this is not yes or no, or unknown for 3B");
                        made.when[consideration].push_back(answer.string());
                    }
                }
            }
            out_.decisions.push_back(std::move(made));
        }
    }

    void example(const Json& json, const std::string& at) {
        if (!reader_.object(json, at, {"why", "answers", "rule?", "inherent", "residual", "decision"})) return;
        Criteria::Example made;
        made.place = fmt::format("{}: {}", file_, at);
        reader_.text(json["why"], at + "/why");
        if (!json["answers"].is_object()) reader_.problem(at + "/answers", "this is not an object");
        for (const auto& [question, answer] : json["answers"].members()) {
            const Question* found = asked_.question(question);
            if (found == nullptr || !used_.contains(question)) {
                reader_.problem(at + "/answers", fmt::format("\"{}\" is no input of these criteria", clean(question)));
            } else if (answer.string() != unknown_answer && asked_.scale_of(*found).option(answer.string()) == nullptr) {
                reader_.problem(at + "/answers/" + question, "the question has no such answer");
            }
            made.inputs[question] = {answer.string(), RatingInput::From::Person};
        }
        if (json.has("rule")) made.rule = reader_.text(json["rule"], at + "/rule");
        made.inherent = name(band(json["inherent"], at + "/inherent"));
        made.residual = name(band(json["residual"], at + "/residual"));
        made.decision = reader_.text(json["decision"], at + "/decision");
        out_.examples.push_back(std::move(made));
    }

    std::string file_;
    StrictReader reader_;
    const Questionnaire& asked_;
    std::set<std::string, std::less<>> used_;
    Criteria out_;
};

Result<Criteria> criteria_from(const Json& json, const std::string& file, const std::string& stem, const Questionnaire& asked) {
    Problems problems;
    Criteria read = CriteriaLoader(file, asked, problems).read(json, stem);
    if (!problems.empty()) return problems;
    read.hash = sha256(write_json(json)).substr(0, 12);
    return read;
}

}  // namespace

Result<Criteria> Criteria::load(const std::string& path, const Questionnaire& asked) {
    const Result<Json> json = parse_json_file(path);
    if (!json) return json.problems();
    return criteria_from(json.value(), path, std::filesystem::path(path).stem().string(), asked);
}

Result<Criteria> Criteria::from_text(std::string_view text, std::string_view called, const Questionnaire& asked) {
    const Result<Json> json = parse_json(text, called);
    if (!json) return json.problems();
    return criteria_from(json.value(), std::string(called), "", asked);
}

std::string Criteria::named() const { return fmt::format("{} {} sha256:{}", id, version, hash); }

Problems Criteria::check_examples() const {
    Problems problems;
    for (const Example& example : examples) {
        const Rating rating = rate(*this, example.inputs, example.rule);
        const auto check = [&](const char* member, std::string_view came, const std::string& wanted) {
            if (came != wanted)
                problems.push_back({example.place + "/" + member, fmt::format("this should be {} but is {}", wanted, came)});
        };
        check("inherent", herkomst::name(rating.inherent), example.inherent);
        check("residual", herkomst::name(rating.residual), example.residual);
        check("decision", rating.decision, example.decision);
    }
    return problems;
}

}  // namespace herkomst
