#include "register/redact.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "core/endpoint.h"
#include "core/text.h"
#include "identity/relations.h"

namespace herkomst {

namespace {

constexpr std::array kept_fields = {Field::brand,
                                    Field::maker,
                                    Field::nic_maker,
                                    Field::module_maker,
                                    Field::stack_maker,
                                    Field::cloud_operator,
                                    Field::product,
                                    Field::model,
                                    Field::hardware,
                                    Field::firmware,
                                    Field::software,
                                    Field::os,
                                    Field::category,
                                    Field::role,
                                    Field::function,
                                    Field::carries,
                                    Field::vendor_id,
                                    Field::device_type,
                                    Field::rated_power,
                                    Field::cellular,
                                    Field::remote_documented,
                                    Field::remote_exposed,
                                    Field::remote_observed,
                                    Field::remote_blocked};

// Facts in words that say nothing about this site; those that are numbers all stay.
constexpr std::array<std::string_view, 24> kept_facts = {"kind",
                                                         "category",
                                                         "brand",
                                                         "model",
                                                         "firmware",
                                                         "maker",
                                                         "maker_name",
                                                         "maker_strength",
                                                         "control_country",
                                                         "control_status",
                                                         "nic_maker",
                                                         "module_maker",
                                                         "module_country",
                                                         "stack_maker",
                                                         "stack_country",
                                                         "cloud_operator",
                                                         "cloud_country",
                                                         "remote_party",
                                                         "path_opened_by",
                                                         "function",
                                                         "offensive_programme",
                                                         "compelled_cooperation",
                                                         "strained_relation",
                                                         "state_control"};

constexpr std::array<std::string_view, 8> kept_work = {"status",        "response",    "closure_reason", "accepted_until",
                                                       "residual_band", "criticality", "purdue",         "retired"};

// Of what a list or a person says: what our data name, or what is a number or a yes or no. All else is somebody's own words.
bool ours(Field field, const Belief& belief) {
    if (belief.strength != Strength::Listed && belief.strength != Strength::Confirmed) return true;
    switch (field) {
        case Field::brand:
        case Field::maker:
        case Field::nic_maker:
        case Field::module_maker:
        case Field::stack_maker:
        case Field::cloud_operator:
            return !belief.vendor.empty();
        case Field::category:  // code and words are told apart where it is called by them
            return belief.value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
        case Field::function:
            return std::find(functions.begin(), functions.end(), belief.value) != functions.end();
        case Field::rated_power:
        case Field::carries:
            return belief.value.find_first_not_of("0123456789.") == std::string::npos;
        case Field::cellular:
        case Field::remote_documented:
        case Field::remote_exposed:
        case Field::remote_observed:
        case Field::remote_blocked:
            return belief.value == "yes" || belief.value == "no";
        default:
            return false;
    }
}

// A person may have answered these in his own words.
constexpr std::array<std::string_view, 9> worded_facts = {"category",     "brand",       "model",          "firmware",  "maker",
                                                          "module_maker", "stack_maker", "cloud_operator", "maker_name"};

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Each whole word `what` of `seen` (the text as it is, or in lower case) becomes `with` in the text.
void replace_words(std::string& text, std::string seen, const std::string& what, std::string_view with) {
    if (what.empty()) return;
    for (std::size_t at = 0; (at = seen.find(what, at)) != std::string::npos;) {
        const std::size_t end = at + what.size();
        const bool whole = (at == 0 || !in_word(seen[at - 1]) || !in_word(what.front())) &&
                           (end == seen.size() || !in_word(seen[end]) || !in_word(what.back()));
        if (!whole) {
            ++at;
            continue;
        }
        text.replace(at, what.size(), with);
        seen.replace(at, what.size(), with);
        at += with.size();
    }
}

class Scrub {
  public:
    void add(std::string_view text) {
        text = trimmed(text);
        if (text.size() >= 3) words_.insert(lower(text));
    }
    // Whatever its length; a short one only as it is written.
    void add_name(std::string_view text) {
        text = trimmed(text);
        if (text.size() >= 3) {
            add(text);
        } else if (!text.empty()) {
            short_names_.insert(std::string(text));
        }
    }
    // In somebody's own words, unless something that stays is called the same.
    void add_own(std::string_view text) {
        if (!kept_.contains(folded(text))) add_name(text);
    }
    void keep(std::string_view text) { kept_.insert(folded(text)); }

    [[nodiscard]] std::string operator()(std::string_view text) const { return numbers(mails(addresses(words(text)))); }

  private:
    // The longest first: a name that holds another one goes as a whole.
    struct Longest {
        bool operator()(const std::string& a, const std::string& b) const {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };

    [[nodiscard]] std::string words(std::string_view text) const {
        std::string out(text);
        for (const std::string& word : words_) replace_words(out, lower(out), word, gone);
        for (const std::string& name : short_names_) replace_words(out, out, name, gone);
        return out;
    }

    static bool in_mail(char c) { return in_word(c) || c == '.' || c == '-' || c == '+' || c == '%' || c < 0; }

    static std::string mails(std::string_view text) {
        std::string out;
        std::size_t done = 0;
        for (std::size_t at = 0; (at = text.find('@', at)) != std::string_view::npos; ++at) {
            std::size_t begin = at;
            while (begin > done && in_mail(text[begin - 1])) --begin;
            std::size_t end = at + 1;
            while (end < text.size() && in_mail(text[end])) ++end;
            while (end > at + 1 && text[end - 1] == '.') --end;
            if (begin == at || end == at + 1) continue;
            out.append(text.substr(done, begin - done)).append(gone);
            done = end;
        }
        return out.append(text.substr(done));
    }

    static bool digit(char c) { return c >= '0' && c <= '9'; }

    // Seven digits in a row are a serial number or a part of a telephone number; such a number in groups begins with 0 or +.
    static std::string numbers(std::string_view text) {
        std::string out;
        std::size_t at = 0;
        while (at < text.size()) {
            const bool start = at == 0 || !(in_word(text[at - 1]) || text[at - 1] == '.');
            std::size_t end = at;
            std::size_t digits = 0;
            std::size_t last = at;
            if (start && (text[at] == '+' || text[at] == '0')) {
                for (end = at + (text[at] == '+' ? 1 : 0); end < text.size(); ++end) {
                    if (digit(text[end])) {
                        ++digits;
                        last = end + 1;
                    } else if ((text[end] != ' ' && text[end] != '-') || (end > at && !digit(text[end - 1]))) {
                        break;
                    }
                }
                if (digits >= 9 && digits <= 15) {
                    out += gone;
                    at = last;
                    continue;
                }
            }
            for (end = at; end < text.size() && digit(text[end]);) ++end;
            if (end - at >= 7) {
                out += gone;
            } else {
                if (end == at) ++end;
                out += text.substr(at, end - at);
            }
            at = end;
        }
        return out;
    }

    // Whatever reads like an address, known or not.
    static std::string addresses(std::string_view text) {
        std::string out;
        std::size_t at = 0;
        const auto part = [](char c) {
            return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':' || c == '-';
        };
        while (at < text.size()) {
            if (!part(text[at]) || (at > 0 && in_word(text[at - 1]) && in_word(text[at]))) {
                out += text[at++];
                continue;
            }
            std::size_t end = at;
            while (end < text.size() && part(text[end])) ++end;
            std::string_view token = text.substr(at, end - at);
            while (!token.empty() && !in_word(token.back())) token.remove_suffix(1);
            const bool address =
                (token.find('.') != std::string_view::npos || token.find(':') != std::string_view::npos ||
                 std::count(token.begin(), token.end(), '-') == 5) &&
                (IpAddress::parse(token) || Mac::parse(token) ||
                 (token.rfind(':') != std::string_view::npos && IpAddress::parse(token.substr(0, token.rfind(':')))));
            if (address) {
                out += "[...]";
                at += token.size();
            } else {
                out += text.substr(at, end - at);
                at = end;
            }
        }
        return out;
    }

    static constexpr std::string_view gone = "[...]";
    std::set<std::string, Longest> words_;
    std::set<std::string> short_names_;
    std::set<std::string> kept_;
};

void keep_facts(auto& facts, const Scrub& scrub) {
    for (auto at = facts.begin(); at != facts.end();) {
        const bool named = std::find(kept_facts.begin(), kept_facts.end(), at->first) != kept_facts.end();
        const bool number = at->second.is_number() || at->second.is_bool() || at->second.is_null();
        if (!named && !number) {
            at = facts.erase(at);
            continue;
        }
        if (at->second.is_string()) at->second = Json(scrub(at->second.string()));
        ++at;
    }
}

void keep_work(std::map<std::string, std::string, std::less<>>& work) {
    std::erase_if(
        work, [](const auto& each) { return std::find(kept_work.begin(), kept_work.end(), each.first) == kept_work.end(); });
}

class Redaction {
  public:
    Redaction(Overview overview, const CalledInRedaction& called, const std::string& language)
        : all_(std::move(overview)), called_(called), language_(language) {}

    Overview made() {
        collect();
        assets();
        findings(all_.findings);
        findings(all_.questions);
        answers();
        for (std::size_t i = 0; i < all_.measures.size(); ++i) {
            OverviewMeasure& measure = all_.measures[i];
            measure.id = fmt::format("M-{}", i + 1);
            const auto id = ids_.find(measure.finding);
            measure.finding = id == ids_.end() ? std::string() : id->second;
            std::erase_if(measure.work, [](const auto& each) {
                return each.first != "kind" && each.first != "state" && each.first != "effect";
            });
        }
        for (Group& group : all_.groups) {
            if (group.kind == "site") {
                group.key = "site";
                group.title = {"locatie", "site"};
            }
            for (std::string& member : group.members) member = uid(member);
            std::sort(group.members.begin(), group.members.end());
            group.title = {scrub_(group.title.nl), scrub_(group.title.en)};
            keep_facts(group.facts, scrub_);
        }
        all_.site = "site";
        all_.organisation.clear();
        all_.unknown_vendors.clear();
        runs();
        return std::move(all_);
    }

  private:
    void collect() {
        keep_ours();
        scrub_.add_name(all_.site);
        scrub_.add_name(all_.organisation);
        for (const Group& group : all_.groups) {
            if (group.kind == "site") scrub_.add_name(group.key);
        }
        for (const RunSource& source : all_.run.sources) {
            scrub_.add(source.path);
            scrub_.add(source.path.substr(source.path.rfind('/') + 1));
            scrub_.add(source.id);
        }
        for (const OverviewAsset& asset : all_.assets) {
            for (const auto* list : {&asset.identifiers.mac, &asset.identifiers.ip, &asset.identifiers.hostname}) {
                for (const std::string& each : *list) scrub_.add(each);
            }
            for (const std::string& each : asset.strong) scrub_.add(each.substr(std::max(each.find(':'), each.rfind('/')) + 1));
            for (const auto& [field, value] : asset.work) {
                if (field == "owner" || field == "name" || field == "zone" || field == "process") scrub_.add_name(value);
                scrub_.add(value.size() > 3 && field != "purdue" && field != "criticality" ? value : "");
            }
            if (const auto site = asset.facts.find("site"); site != asset.facts.end()) scrub_.add_name(site->second.string());
            for (const auto& [field, held] : asset.beliefs) {
                if (std::find(kept_fields.begin(), kept_fields.end(), field) != kept_fields.end()) {
                    if (!is_ours(field, held.belief)) scrub_.add_own(held.belief.value);
                    if (!is_number(field)) {
                        for (const std::string& each : held.belief.dissent) scrub_.add_own(each);
                    }
                    continue;
                }
                scrub_.add(held.belief.value);
                for (const std::string& each : held.belief.dissent) scrub_.add(each);
            }
            for (const std::string_view fact : worded_facts) {
                if (answered(asset.facts, fact)) scrub_.add_own(text_of(asset.facts, fact));
            }
            scrub_.add(asset.uid);
            scrub_.add(asset.key);
        }
        for (const auto* list : {&all_.findings, &all_.questions}) {
            for (const OverviewFinding& one : *list) {
                for (const char* field : {"owner", "accepted_by", "requested_by"}) scrub_.add_name(one.work_at(field));
            }
        }
        for (const OverviewAnswer& one : all_.answers) scrub_.add_name(one.by);
        for (const OverviewMeasure& one : all_.measures) {
            if (const auto owner = one.work.find("owner"); owner != one.work.end()) scrub_.add_name(owner->second);
        }
    }

    // What a device says itself, and what our data call it, is said of many devices.
    void keep_ours() {
        for (const OverviewAsset& asset : all_.assets) {
            for (const auto& [field, held] : asset.beliefs) {
                scrub_.keep(held.vendor_name);
                const bool kept = std::find(kept_fields.begin(), kept_fields.end(), field) != kept_fields.end();
                if (kept && is_ours(field, held.belief)) scrub_.keep(held.belief.value);
            }
        }
    }

    // A person may have called it by a word that is no category.
    [[nodiscard]] bool is_ours(const Belief* category) const {
        if (category == nullptr || !ours(Field::category, *category)) return false;
        if (!called_ || category->strength != Strength::Confirmed) return true;
        return !called_(category->value).en.empty();
    }
    [[nodiscard]] bool is_ours(Field field, const Belief& belief) const {
        return field == Field::category ? is_ours(&belief) : ours(field, belief);
    }
    static bool is_number(Field field) { return field == Field::rated_power || field == Field::carries; }
    static bool answered(const Facts& facts, std::string_view fact) {
        const std::string filled = "," + text_of(facts, "answered") + ",";
        return filled.find("," + std::string(fact) + ",") != std::string::npos;
    }

    // What was answered stays, who said so and on what ground does not; nor what was said in anybody's own words.
    void answers() {
        for (OverviewAnswer& one : all_.answers) {
            const bool of_market = one.scope == "supplier" || one.scope == "operator" || one.scope == "product";
            if (!of_market) {
                one.key.clear();
                one.about = {};
            }
            one.key = scrub_(one.key);
            one.about = {scrub_(one.about.nl), scrub_(one.about.en)};
            if (one.free_text) {
                one.value.clear();
                one.shown = {};
            }
            one.by.clear();
            one.source.clear();
            one.note.clear();
        }
    }

    void assets() {
        std::map<std::string, int> numbers;
        for (std::size_t i = 0; i < all_.assets.size(); ++i) {
            const OverviewAsset& asset = all_.assets[i];
            uids_[asset.uid] = fmt::format("asset-{:06}", i + 1);
            const Belief* category = asset.belief(Field::category);
            const std::string called = is_ours(category) && !category->value.empty() ? category->value : asset.kind;
            Texts words = called_ ? called_(called) : Texts{called, called};
            if (words.en.empty()) words = {called, called};
            const int number = ++numbers[called];
            labels_[asset.uid] = {asset.label,
                                  {fmt::format("{} {}", words.nl, number), fmt::format("{} {}", words.en, number)}};
        }
        for (OverviewAsset& asset : all_.assets) {
            asset.label = labels_.at(asset.uid).second.in(language_);
            asset.uid = uid(asset.uid);
            asset.key = asset.uid;
            asset.parent = uid(asset.parent);
            asset.identifiers = {};
            asset.strong.clear();
            asset.aliases.clear();
            for (const std::string_view fact : worded_facts) {
                const auto field = field_named(fact == "maker_name" ? "maker" : fact);
                const Belief* belief = field ? asset.belief(*field) : nullptr;
                const bool worded = belief != nullptr && !is_ours(*field, *belief);
                if (!worded && !answered(asset.facts, fact)) continue;
                if (const auto held = asset.facts.find(fact); held != asset.facts.end()) asset.facts.erase(held);
                if (fact == "maker_name" && scrub_(asset.maker_name) != asset.maker_name) asset.maker_name.clear();
            }
            std::erase_if(asset.beliefs, [&](const auto& each) {
                return std::find(kept_fields.begin(), kept_fields.end(), each.first) == kept_fields.end() ||
                       !is_ours(each.first, each.second.belief);
            });
            for (auto& [field, held] : asset.beliefs) {
                if (is_number(field)) continue;
                held.belief.value = scrub_(held.belief.value);
                for (std::string& each : held.belief.dissent) each = scrub_(each);
            }
            asset.maker_name = scrub_(asset.maker_name);
            keep_facts(asset.facts, scrub_);
            keep_work(asset.work);
        }
    }

    void findings(std::vector<OverviewFinding>& list) {
        for (OverviewFinding& one : list) {
            Finding& finding = one.finding;
            std::string& id = ids_[finding.id];
            if (id.empty()) id = fmt::format("F-{:06}", ids_.size());
            finding.id = id;
            if (finding.subject.kind == "asset") {
                const auto label = labels_.find(finding.subject.key);
                if (label != labels_.end()) {
                    for (Texts* texts : {&finding.because, &finding.title, &finding.advice, &one.subject_texts}) {
                        replace_words(texts->nl, texts->nl, label->second.first, label->second.second.nl);
                        replace_words(texts->en, texts->en, label->second.first, label->second.second.en);
                    }
                    one.subject_label = label->second.second.in(language_);
                    one.subject_texts = label->second.second;
                }
                finding.subject.key = uid(finding.subject.key);
            } else if (finding.subject.kind == "site") {
                finding.subject.key = "site";
                one.subject_label = "site";
                one.subject_texts = {"locatie", "site"};
            }
            for (Texts* texts : {&finding.because, &finding.title, &finding.advice, &one.subject_texts}) {
                texts->nl = scrub_(texts->nl);
                texts->en = scrub_(texts->en);
            }
            one.subject_label = scrub_(one.subject_label);
            finding.evidence.clear();
            if (one.rating) one.rating->inputs.clear();
            keep_facts(finding.facts, scrub_);
            keep_work(one.work);
        }
        std::sort(list.begin(), list.end(), [](const OverviewFinding& a, const OverviewFinding& b) {
            if (a.leading() != b.leading()) return a.leading() > b.leading();
            return std::tie(a.finding.rule, a.finding.subject) < std::tie(b.finding.rule, b.finding.subject);
        });
    }

    void runs() {
        std::size_t number = 0;
        for (RunSource& source : all_.run.sources) {
            source.id = std::to_string(++number);
            source.path = fmt::format("source {}", number);
            source.sha256.clear();
            source.problems.clear();
        }
        for (OverviewRun& run : all_.runs) run.sources.clear();
        all_.merged.clear();
    }

    [[nodiscard]] std::string uid(const std::string& from) const {
        const auto found = uids_.find(from);
        return found == uids_.end() ? std::string() : found->second;
    }

    Overview all_;
    const CalledInRedaction& called_;
    const std::string& language_;
    Scrub scrub_;
    std::map<std::string, std::string> uids_;
    std::map<std::string, std::pair<std::string, Texts>> labels_;  // uid -> what it was called, and is called now
    std::map<std::string, std::string> ids_;
};

}  // namespace

Overview redacted(Overview overview, const CalledInRedaction& called, const std::string& language) {
    return Redaction(std::move(overview), called, language).made();
}

}  // namespace herkomst
