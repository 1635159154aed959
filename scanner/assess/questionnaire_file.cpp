// A questionnaire from one JSON file, read strictly: every problem with its file and pointer.
#include <filesystem>
#include <set>

#include "assess/questionnaire.h"
#include "assess/reading.h"
#include "core/file.h"
#include "core/hash.h"

namespace herkomst {

namespace {

const FactColumn* asset_column(std::string_view fact) {
    for (const FactColumn& column : fact_columns()) {
        if (column.name == fact) return &column;
    }
    return nullptr;
}

bool settles(const FactColumn& column, const Json& value) {
    if (column.type == FactColumn::Type::Text) return value.is_string() && !value.string().empty();
    if (!value.is_integer()) return false;
    return column.type == FactColumn::Type::Integer || value.integer() == 0 || value.integer() == 1;
}

class QuestionnaireLoader {
  public:
    QuestionnaireLoader(std::string file, Problems& problems) : reader_(std::move(file), problems) {}

    Questionnaire read(const Json& json, const std::string& stem) {
        if (!reader_.object(
                json, "",
                {"id", "version", "title", "about", "considerations", "sections", "scales", "stands_for?", "questions"})) {
            return std::move(out_);
        }
        out_.id = reader_.id(json["id"], "/id");
        if (!stem.empty() && out_.id != stem) reader_.problem("/id", "the id is not the name of its file");
        out_.version = reader_.number(json["version"], "/version", 1, 1'000'000);
        out_.title = reader_.texts(json["title"], "/title");
        out_.about = reader_.texts(json["about"], "/about");
        considerations(json["considerations"]);
        sections(json["sections"]);
        if (!json["scales"].is_object()) reader_.problem("/scales", "this is not an object");
        for (const auto& [id, scale] : json["scales"].members()) read_scale(id, scale);
        if (json.has("stands_for")) stands_for(json["stands_for"]);
        if (reader_.list(json["questions"], "/questions", 1)) {
            for (std::size_t i = 0; i < json["questions"].items().size(); ++i) {
                question(json["questions"].at(i), fmt::format("/questions/{}", i));
            }
        }
        std::stable_sort(out_.questions.begin(), out_.questions.end(), [this](const Question& a, const Question& b) {
            return section_number(a.section) < section_number(b.section);
        });
        for (std::size_t i = 0; i < json["questions"].items().size(); ++i) {
            check_skips(json["questions"].at(i), fmt::format("/questions/{}", i));
        }
        return std::move(out_);
    }

  private:
    void considerations(const Json& json) {
        if (!reader_.list(json, "/considerations")) return;
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string at = fmt::format("/considerations/{}", i);
            if (!reader_.object(json.at(i), at, {"id", "nl", "en"})) continue;
            out_.considerations.emplace_back(json.at(i)["id"].string(), Texts{reader_.text(json.at(i)["nl"], at + "/nl"),
                                                                              reader_.text(json.at(i)["en"], at + "/en")});
        }
    }

    void sections(const Json& json) {
        if (!reader_.list(json, "/sections", 1)) return;
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string at = fmt::format("/sections/{}", i);
            const Json& one = json.at(i);
            if (!reader_.object(one, at, {"id", "nl", "en"})) continue;
            const std::string id = reader_.id(one["id"], at + "/id");
            if (section_number(id) < out_.sections.size()) reader_.problem(at + "/id", "another section has this id");
            out_.sections.push_back({id, {reader_.text(one["nl"], at + "/nl"), reader_.text(one["en"], at + "/en")}});
        }
    }

    void read_scale(const std::string& id, const Json& json) {
        const std::string at = "/scales/" + clean(id);
        if (!good_name(id)) reader_.problem(at, "a name is made of a-z, 0-9 and -, at most 64 of them");
        if (!reader_.object(json, at, {"kind", "ordered?", "unit?", "options?"})) return;
        using Kind = AnswerScale::Kind;
        static const std::map<std::string, Kind, std::less<>> kinds = {
            {"choice", Kind::Choice}, {"choices", Kind::Choices}, {"text", Kind::Text},
            {"number", Kind::Number}, {"date", Kind::Date},       {"countries", Kind::Countries}};
        AnswerScale scale;
        scale.id = id;
        const auto kind = kinds.find(json["kind"].string());
        if (kind == kinds.end()) {
            reader_.problem(at + "/kind", "this is not choice, choices, text, number, date or countries");
            return;
        }
        scale.kind = kind->second;
        scale.ordered = reader_.flag(json["ordered"], at + "/ordered");
        if (json.has("unit")) scale.unit = reader_.text(json["unit"], at + "/unit");
        const bool chosen = scale.kind == Kind::Choice || scale.kind == Kind::Choices;
        if (json.has("options") != chosen) reader_.problem(at, "options belong to a choice, and a choice has some");
        for (std::size_t i = 0; i < json["options"].items().size(); ++i) {
            const std::string place = fmt::format("{}/options/{}", at, i);
            const Json& one = json["options"].at(i);
            if (!reader_.object(one, place, {"value", "nl", "en", "alone?"})) continue;
            const std::string value = reader_.id(one["value"], place + "/value");
            if (value == unknown_answer) reader_.problem(place, "\"unknown\" is an answer to every question");
            if (scale.option(value) != nullptr) reader_.problem(place, "another option has this value");
            const bool alone = reader_.flag(one["alone"], place + "/alone");
            if (alone && scale.kind != AnswerScale::Kind::Choices)
                reader_.problem(place + "/alone", "only one of several choices can stand alone");
            scale.options.push_back(
                {value, {reader_.text(one["nl"], place + "/nl"), reader_.text(one["en"], place + "/en")}, alone});
        }
        if (chosen && scale.options.size() < 2) reader_.problem(at, "a choice has at least two options");
        out_.scales[id] = std::move(scale);
    }

    void stands_for(const Json& json) {
        if (!reader_.list(json, "/stands_for")) return;
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string at = fmt::format("/stands_for/{}", i);
            if (!reader_.object(json.at(i), at, {"fact", "facts"})) continue;
            const std::string sum = json.at(i)["fact"].string();
            const auto columns = group_columns();
            if (std::none_of(columns.begin(), columns.end(), [&](const FactColumn& c) { return c.name == sum; }))
                reader_.problem(at + "/fact", "the table groups has no such fact");
            reader_.list(json.at(i)["facts"], at + "/facts", 1);
            for (const Json& fact : json.at(i)["facts"].items()) {
                if (asset_column(fact.string()) == nullptr) reader_.problem(at + "/facts", "the table facts has no such fact");
                out_.stands_for[sum].push_back(fact.string());
            }
        }
    }

    const FactColumn* fact_of(const Json& json, const std::string& at) {
        const FactColumn* column = asset_column(json["fact"].string());
        if (column == nullptr)
            reader_.problem(at + "/fact", fmt::format("there is no fact \"{}\"", clean(json["fact"].string())));
        return column;
    }
    void check_answer(const AnswerScale& scale, const std::string& answer, const std::string& at) {
        if (scale.options.empty() || scale.option(answer) != nullptr) return;
        reader_.problem(at, fmt::format("the scale has no answer \"{}\"", clean(answer)));
    }
    std::vector<Json> values_of(const Json& json, const FactColumn* column, const std::string& at) {
        reader_.list(json, at, 1);
        for (const Json& value : json.items()) {
            if (column != nullptr && !settles(*column, value))
                reader_.problem(at, fmt::format("this is no {}", name(column->type)));
        }
        return json.items();
    }

    void fills(const Json& json, const std::string& at, const AnswerScale& scale, Question& into) {
        reader_.list(json, at, 1);
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string place = fmt::format("{}/{}", at, i);
            const Json& one = json.at(i);
            if (!reader_.object(one, place, {"fact", "values?", "several?"})) continue;
            const FactColumn* column = fact_of(one, place);
            if (column != nullptr && column->always_known) reader_.problem(place + "/fact", "this fact is always known");
            Question::Fill fill;
            fill.fact = one["fact"].string();
            fill.as_it_is = !one.has("values");
            fill.worst_country = one.has("several");
            if (one.has("several") && (one["several"].string() != "worst" || scale.kind != AnswerScale::Kind::Countries))
                reader_.problem(place + "/several", "this is not \"worst\", or not of countries");
            using Kind = AnswerScale::Kind;
            if (fill.as_it_is && column != nullptr) {
                const auto wanted = scale.kind == Kind::Number ? FactColumn::Type::Integer : FactColumn::Type::Text;
                if (scale.kind == Kind::Choice || scale.kind == Kind::Choices || column->type != wanted)
                    reader_.problem(place, "an answer of this scale is no value of this fact: \"values\" says what it means");
            }
            if (one.has("values") && (!one["values"].is_object() || one["values"].members().empty()))
                reader_.problem(place + "/values", "this is not an object with answers");
            for (const auto& [answer, value] : one["values"].members()) {
                check_answer(scale, answer, place + "/values");
                if (scale.kind != Kind::Choice) reader_.problem(place + "/values", "only a choice has values");
                if (column != nullptr && !settles(*column, value))
                    reader_.problem(place + "/values/" + clean(answer), fmt::format("this is no {}", name(column->type)));
                fill.values[answer] = value;
            }
            into.fills.push_back(std::move(fill));
        }
    }

    void proposals(const Json& json, const std::string& at, const AnswerScale& scale, Question& into) {
        reader_.list(json, at, 1);
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string place = fmt::format("{}/{}", at, i);
            const Json& one = json.at(i);
            if (!reader_.object(one, place, {"fact", "is?", "answer?"})) continue;
            const FactColumn* column = fact_of(one, place);
            Question::Proposal proposal;
            proposal.fact = one["fact"].string();
            if (one.has("is") != one.has("answer")) reader_.problem(place, "\"is\" and \"answer\" belong together");
            if (one.has("is")) proposal.is = values_of(one["is"], column, place + "/is");
            if (one.has("answer")) {
                proposal.answer = reader_.text(one["answer"], place + "/answer");
                check_answer(scale, proposal.answer, place + "/answer");
            } else if (!scale.options.empty()) {
                reader_.problem(place, "a choice is proposed by \"is\" and \"answer\"");
            }
            into.proposes.push_back(std::move(proposal));
        }
    }

    void conflicts(const Json& json, const std::string& at, const AnswerScale& scale, Question& into) {
        reader_.list(json, at, 1);
        for (std::size_t i = 0; i < json.items().size(); ++i) {
            const std::string place = fmt::format("{}/{}", at, i);
            const Json& one = json.at(i);
            if (!reader_.object(one, place, {"answers", "fact", "is?", "later?", "wide?"})) continue;
            Question::Conflict conflict;
            conflict.fact = one["fact"].string();
            const FactColumn* column = fact_of(one, place);
            const bool later = one["later"].boolean();
            conflict.wide = reader_.flag(one["wide"], place + "/wide");
            if (one.has("is") == later) reader_.problem(place, "either \"is\" or \"later\": true");
            if (one.has("is")) conflict.is = values_of(one["is"], column, place + "/is");
            if (later && column != nullptr && !column->name.ends_with("_seen"))
                reader_.problem(place + "/fact", "\"later\" is for a fact that says when (..._seen)");
            reader_.list(one["answers"], place + "/answers", 1);
            for (const Json& answer : one["answers"].items()) {
                check_answer(scale, answer.string(), place + "/answers");
                conflict.answers.push_back(answer.string());
            }
            into.contradicted_by.push_back(std::move(conflict));
        }
    }

    void question(const Json& json, const std::string& at) {
        if (!reader_.object(json, at,
                            {"id", "section", "scope", "scale", "text", "help?", "evidence?", "consideration?", "required?",
                             "needs_source?", "only_when_missing?", "valid_days", "fills?", "proposes?", "contradicted_by?",
                             "skip_when?", "references"})) {
            return;
        }
        Question made;
        made.id = reader_.id(json["id"], at + "/id");
        if (made.id.starts_with("fact-")) reader_.problem(at + "/id", "fact-... is made for facts that no question fills");
        if (out_.question(made.id) != nullptr) reader_.problem(at + "/id", "another question has this id");
        made.section = json["section"].string();
        if (section_number(made.section) == out_.sections.size()) reader_.problem(at + "/section", "there is no such section");
        const auto scope = scope_named(json["scope"].string());
        if (!scope)
            reader_.problem(at + "/scope",
                            "this is not organisation, site, process, zone, supplier, operator, product or asset");
        made.scope = scope.value_or(AnswerScope::Asset);
        made.scale = json["scale"].string();
        made.text = reader_.texts(json["text"], at + "/text");
        if (json.has("help")) made.help = reader_.texts(json["help"], at + "/help");
        if (json.has("evidence")) made.evidence = reader_.texts(json["evidence"], at + "/evidence");
        made.consideration = json["consideration"].string();
        for (const std::string_view one : split(made.consideration, ',')) {
            if (!made.consideration.empty() && one != "1" && one != "2" && one != "3A" && one != "3B")
                reader_.problem(at + "/consideration", "this is not 1, 2, 3A or 3B, or several of them with commas");
        }
        made.required = reader_.flag(json["required"], at + "/required");
        made.needs_source = reader_.flag(json["needs_source"], at + "/needs_source");
        made.only_when_missing = reader_.flag(json["only_when_missing"], at + "/only_when_missing");
        made.valid_days = static_cast<unsigned>(reader_.number(json["valid_days"], at + "/valid_days", 1, 3660));
        made.references = reader_.references(json["references"], at + "/references");
        const auto scale = out_.scales.find(made.scale);
        if (scale == out_.scales.end()) {
            reader_.problem(at + "/scale", "there is no such scale");
            return;
        }
        if (json.has("fills")) fills(json["fills"], at + "/fills", scale->second, made);
        if (json.has("proposes")) proposals(json["proposes"], at + "/proposes", scale->second, made);
        if (json.has("contradicted_by")) conflicts(json["contradicted_by"], at + "/contradicted_by", scale->second, made);
        if (made.only_when_missing && made.fills.empty())
            reader_.problem(at, "a question that is asked when a fact is missing fills one");
        out_.questions.push_back(std::move(made));
    }

    // After all questions are there: one may only be skipped for what was asked before it.
    void check_skips(const Json& json, const std::string& at) {
        if (!json.has("skip_when")) return;
        const auto place_of = [this](std::string_view id) {
            return static_cast<std::size_t>(
                std::find_if(out_.questions.begin(), out_.questions.end(), [&](const Question& q) { return q.id == id; }) -
                out_.questions.begin());
        };
        const std::size_t mine = place_of(json["id"].string());
        if (mine == out_.questions.size()) return;
        reader_.list(json["skip_when"], at + "/skip_when", 1);
        for (std::size_t i = 0; i < json["skip_when"].items().size(); ++i) {
            const std::string place = fmt::format("{}/skip_when/{}", at, i);
            const Json& all = json["skip_when"].at(i);
            reader_.list(all, place, 1);
            std::vector<Question::Said> group;
            for (const Json& one : all.items()) {
                if (!reader_.object(one, place, {"question", "is"})) continue;
                const std::size_t other = place_of(one["question"].string());
                if (other >= mine) {
                    reader_.problem(place, fmt::format("\"{}\" is not asked before this one", clean(one["question"].string())));
                    continue;
                }
                Question::Said said{one["question"].string(), {}};
                reader_.list(one["is"], place, 1);
                for (const Json& answer : one["is"].items()) {
                    check_answer(out_.scale_of(out_.questions[other]), answer.string(), place);
                    said.is.push_back(answer.string());
                }
                group.push_back(std::move(said));
            }
            out_.questions[mine].skip_when.push_back(std::move(group));
        }
    }

    [[nodiscard]] std::size_t section_number(std::string_view id) const {
        return static_cast<std::size_t>(std::find_if(out_.sections.begin(), out_.sections.end(),
                                                     [&](const Questionnaire::Section& s) { return s.id == id; }) -
                                        out_.sections.begin());
    }

    StrictReader reader_;
    Questionnaire out_;
};

Result<Questionnaire> questionnaire_from(const Json& json, const std::string& file, const std::string& stem) {
    Problems problems;
    Questionnaire read = QuestionnaireLoader(file, problems).read(json, stem);
    if (!problems.empty()) return problems;
    read.hash = sha256(write_json(json)).substr(0, 12);
    return read;
}

}  // namespace

Result<Questionnaire> Questionnaire::load(const std::string& path) {
    const Result<Json> json = parse_json_file(path);
    if (!json) return json.problems();
    return questionnaire_from(json.value(), path, std::filesystem::path(path).stem().string());
}

Result<Questionnaire> Questionnaire::from_text(std::string_view text, std::string_view called) {
    const Result<Json> json = parse_json(text, called);
    if (!json) return json.problems();
    return questionnaire_from(json.value(), std::string(called), "");
}

}  // namespace herkomst
