// An Overview as the view that templates/report.mustache prints. Every key of a row is always set: a missing one would be
// looked for in the rows around it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

#include "core/text.h"
#include "exports/rows.h"
#include "report/charts.h"
#include "report/embedded.h"
#include "report/render.h"
#include "report/report.h"
#include "report/words.h"

namespace herkomst {

namespace {

constexpr std::array all_bands = {Band::Critical, Band::High, Band::Medium, Band::Low};
constexpr std::size_t top_most = 8;
constexpr std::size_t problems_most = 5;

bool open_now(const OverviewFinding& held) { return held.status == "open"; }

class Page {
  public:
    Page(const Overview& overview, const std::string& lang, Time now)
        : overview_(overview), words_(lang), now_(now), by_uid_(assets_by_uid(overview)) {
        for (const OverviewFinding& held : overview.findings) {
            if (held.finding.subject.kind == "asset") findings_of_[held.finding.subject.key].push_back(&held);
        }
        for (const OverviewFinding& held : overview.questions) {
            if (held.finding.subject.kind == "asset") ++questions_of_[held.finding.subject.key];
        }
        for (const OverviewAsset& asset : overview.assets) {
            if (!asset.country.empty()) countries_[asset.country] = asset.country_name;
            if (!asset.maker.empty()) makers_[asset.maker].push_back(&asset);
        }
        for (const Group& group : overview.groups) {
            if (group.kind == "jurisdiction") countries_.emplace(group.key, group.title);
        }
        for (const auto& [code, jurisdiction] : overview.jurisdictions) {
            const auto called = [&names = jurisdiction.names](const char* language) {
                const auto found = names.find(language);
                return found == names.end() ? std::string() : found->second;
            };
            countries_.emplace(code, Texts{called("nl"), called("en")});
        }
    }

    Json view() const {
        Json out = Json::object();
        out["t"] = words_.all();
        out["lang"] = words_.lang();
        out["style"] = embedded::style;
        out["site"] = overview_.site;
        out["run_at"] = words_.moment(overview_.run.at);
        out["run_number"] = overview_.run.run;
        out["generated"] = words_.moment(now_);
        out["program"] = overview_.run.program;
        out["vendordb"] = overview_.run.vendordb;
        out["rules"] = overview_.run.rules;
        out["has_assets"] = !overview_.assets.empty();
        summarise(out);
        out["control_chart"] = control_chart();
        powers(out);
        out["bands"] = bands();
        out["question_rules"] = question_rules();
        out["assets"] = assets();
        out["makers_list"] = makers();
        out["jurisdictions"] = jurisdictions();
        out["has_jurisdictions"] = !out["jurisdictions"].items().empty();
        out["has_unknown_names"] = !overview_.unknown_vendors.empty();
        out["unknown_names"] = strings(overview_.unknown_vendors);
        coverage(out);
        out["read_sources"] = read_sources();
        return out;
    }

  private:
    static Json strings(const auto& list) {
        Json out = Json::array();
        for (const std::string& each : list) out.push(each);
        return out;
    }
    static std::string anchor_of_asset(const std::string& uid) { return "a-" + uid; }
    static std::string anchor_of_maker(const std::string& slug) { return "m-" + slug; }
    // Only web addresses become links: a source's address is data.
    static std::string link(const std::string& address) {
        return address.starts_with("https://") || address.starts_with("http://") ? address : std::string();
    }
    static void mark_last(Json& list) {
        auto& items = list.items();
        for (std::size_t i = 0; i < items.size(); ++i) items[i]["last"] = i + 1 == items.size();
    }

    std::string country(const std::string& code) const {
        const auto found = countries_.find(code);
        if (found == countries_.end() || found->second.in(words_.lang()).empty()) return code;
        return found->second.in(words_.lang()) + " (" + code + ")";
    }
    std::string subject(const OverviewFinding& held) const {
        if (const std::string& text = held.subject_texts.in(words_.lang()); !text.empty()) return text;
        return held.subject_label.empty() ? held.finding.subject.key : held.subject_label;
    }
    std::string anchor(const FindingSubject& of) const {
        if (of.kind == "asset" && by_uid_.contains(of.key)) return anchor_of_asset(of.key);
        if (of.kind == "vendor" && makers_.contains(of.key)) return anchor_of_maker(of.key);
        return {};
    }
    std::string control_words(const std::string& status) const {
        if (status == "verified" || status == "reported") return words_("status_" + status);
        return words_("control_" + (status.empty() ? std::string("none") : status));
    }

    static Json considerations(const std::string& text) {
        Json out = Json::array();
        for (const std::string_view each : split(text, ',')) {
            if (!trimmed(each).empty()) out.push(trimmed(each));
        }
        return out;
    }

    void summarise(Json& out) const {
        std::uint64_t devices = 0;
        std::uint64_t parts = 0;
        std::uint64_t without_maker = 0;
        std::uint64_t without_country = 0;
        std::set<std::string_view> countries;
        for (const OverviewAsset& asset : overview_.assets) {
            devices += asset.kind == "device" ? 1 : 0;
            parts += asset.kind == "part" ? 1 : 0;
            without_maker += asset.maker.empty() && value_of(asset, Field::maker).empty() ? 1 : 0;
            without_country += asset.country.empty() ? 1 : 0;
            if (!asset.country.empty()) countries.insert(asset.country);
        }
        std::map<Band, std::uint64_t> counts;
        std::uint64_t open = 0;
        for (const OverviewFinding& held : overview_.findings) {
            if (!open_now(held)) continue;
            ++open;
            ++counts[held.finding.band];
        }
        const auto open_questions =
            static_cast<std::uint64_t>(std::count_if(overview_.questions.begin(), overview_.questions.end(), open_now));
        Json cards = Json::array();
        const auto card = [&](const char* target, std::uint64_t figure, const char* what, std::string note) {
            Json each = Json::object();
            each["target"] = target;
            each["figure"] = words_.number(figure);
            each["what"] = words_(what);
            each["note"] = std::move(note);
            cards.push(std::move(each));
        };
        const std::uint64_t total = overview_.assets.size();
        card("#assets", total, "card_assets",
             words_("card_assets_note", {{"devices", words_.number(devices)},
                                         {"parts", words_.number(parts)},
                                         {"others", words_.number(total - devices - parts)}}));
        card("#makers", makers_.size(), "card_makers", words_("card_makers_note", {{"unknown", words_.number(without_maker)}}));
        card("#control", countries.size(), "card_countries",
             words_("card_countries_note", {{"unknown", words_.number(without_country)}}));
        card("#findings", open, "card_findings",
             words_("card_findings_note", {{"handled", words_.number(overview_.findings.size() - open)}}));
        card("#questions", open_questions, "card_questions", words_("card_questions_note"));
        card("#coverage", overview_.coverage.size(), "card_not_understood",
             words_("card_not_understood_note", {{"names", words_.number(overview_.unknown_vendors.size())}}));
        out["cards"] = std::move(cards);

        Json rows = Json::array();
        for (const Band band : all_bands) {
            Json each = Json::object();
            each["class"] = name(band);
            each["label"] = words_("band_" + std::string(name(band)));
            each["figure"] = words_.number(counts[band]);
            rows.push(std::move(each));
        }
        out["band_counts"] = std::move(rows);

        Json top = Json::array();
        std::uint64_t serious = 0;
        for (const OverviewFinding& held : overview_.findings) {
            if (!open_now(held) || held.finding.band < Band::High || ++serious > top_most) continue;
            Json each = Json::object();
            each["class"] = name(held.finding.band);
            each["label"] = words_("band_" + std::string(name(held.finding.band)));
            each["anchor"] = held.finding.id;
            each["title"] = held.finding.title.in(words_.lang());
            each["subject"] = subject(held);
            top.push(std::move(each));
        }
        out["has_top"] = serious > 0;
        out["top"] = std::move(top);
        out["top_more"] =
            serious > top_most ? words_("and_more", {{"count", words_.number(serious - top_most)}}) : std::string();
        out["people"] = overview_.people_devices == 0
                            ? std::string()
                            : words_("people_devices", {{"count", words_.number(overview_.people_devices)}});
    }

    Json control_chart() const {
        std::map<std::string, std::uint64_t> known;
        std::map<std::string, std::uint64_t> unknown;
        for (const OverviewAsset& asset : overview_.assets) {
            if (asset.country.empty()) {
                ++unknown[control_status(asset)];
            } else {
                ++known[asset.country];
            }
        }
        std::vector<Bar> bars;
        for (const auto& [code, count] : known) bars.push_back({country(code), static_cast<double>(count), "", false});
        std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
        for (const auto& [status, count] : unknown) {
            // A status that counts without a country: the register knows more than this chart, so it is not sourced here.
            const bool sourced = status == "verified" || status == "reported";
            bars.push_back(
                {words_("control_" + (sourced ? std::string("none") : status)), static_cast<double>(count), "", true});
        }
        for (Bar& bar : bars) bar.figure = words_.number(static_cast<std::uint64_t>(bar.value));
        return bar_chart(bars);
    }

    std::string power_figure(std::int64_t watts, std::uint64_t unknown, std::uint64_t maybe) const {
        std::string out = words_.power(watts);
        if (unknown + maybe > 0) out += " " + words_("plus_unknown", {{"count", words_.number(unknown + maybe)}});
        return out;
    }

    void powers(Json& out) const {
        std::vector<const Group*> groups;
        Group rest;
        bool any = false;
        for (const Group& group : overview_.groups) {
            if (group.power_assets == 0) continue;
            any = true;
            groups.push_back(&group);
            const bool site = group.kind == "site";
            if (!site && group.kind != "jurisdiction") continue;
            const int sign = site ? 1 : -1;
            rest.switchable_power += sign * group.switchable_power;
            rest.power_assets += static_cast<std::uint64_t>(sign) * group.power_assets;
            rest.switchable_power_unknown += static_cast<std::uint64_t>(sign) * group.switchable_power_unknown;
            rest.switchable_maybe += static_cast<std::uint64_t>(sign) * group.switchable_maybe;
        }
        std::vector<Bar> bars;
        for (const Group* group : groups) {
            if (group->kind != "jurisdiction") continue;
            bars.push_back({country(group->key), static_cast<double>(group->switchable_power),
                            power_figure(group->switchable_power, group->switchable_power_unknown, group->switchable_maybe),
                            false});
        }
        std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
        if (rest.power_assets > 0) {
            bars.push_back({words_("power_unknown_country"), static_cast<double>(rest.switchable_power),
                            power_figure(rest.switchable_power, rest.switchable_power_unknown, rest.switchable_maybe), true});
        }
        out["has_power"] = any;
        out["power_chart"] = bar_chart(bars);
        const auto rank = [](const Group& group) {
            return group.kind == "site" ? 0 : group.kind == "jurisdiction" ? 1 : group.kind == "vendor" ? 2 : 3;
        };
        std::stable_sort(groups.begin(), groups.end(), [&](const Group* a, const Group* b) {
            if (rank(*a) != rank(*b)) return rank(*a) < rank(*b);
            return a->switchable_power > b->switchable_power;
        });
        Json rows = Json::array();
        for (const Group* group : groups) {
            Json each = Json::object();
            const std::string& title = group->title.in(words_.lang());
            each["title"] = group->kind == "jurisdiction" ? country(group->key) : title.empty() ? group->key : title;
            each["kind"] = words_("kind_" + group->kind);
            each["power_assets"] = words_.number(group->power_assets);
            each["rated"] = words_.power(group->rated_power);
            each["switchable_assets"] = words_.number(group->switchable_assets);
            each["switchable"] = words_.power(group->switchable_power);
            each["unknown"] = words_.number(group->switchable_power_unknown);
            each["maybe"] = words_.number(group->switchable_maybe);
            rows.push(std::move(each));
        }
        out["power_groups"] = std::move(rows);
    }

    std::string evidence(const Evidence& of) const {
        const std::string& path = source_name(of.source, overview_);
        bool inventory = false;
        for (const RunSource& source : overview_.run.sources)
            inventory = inventory || (source.id == of.source && source.kind == "inventory");
        std::string out = path.substr(path.find_last_of('/') + 1);
        if (of.frame != 0) out += ", " + words_(inventory ? "row" : "frame") + " " + std::to_string(of.frame);
        if (of.end > of.begin && !inventory) {
            out += ", " + words_("bytes", {{"first", std::to_string(of.begin)}, {"last", std::to_string(of.end - 1)}});
        }
        return out;
    }

    Json facts(const Finding& finding) const {
        Json out = Json::array();
        for (const auto& [fact, value] : finding.facts) {
            if (value.is_null() || !words_.has_fact(fact)) continue;
            Json each = Json::object();
            each["fact"] = words_.fact(fact);
            const bool code = fact.ends_with("country") && value.is_string();
            each["value"] = code ? country(value.string()) : words_.fact_value(fact, value);
            out.push(std::move(each));
        }
        mark_last(out);
        return out;
    }

    Json source(const Sourcing& sourcing) const {
        Json out = Json::object();
        std::vector<std::string> parts;
        for (const std::string* part : {&sourcing.publisher, &sourcing.title, &sourcing.date}) {
            if (!part->empty()) parts.push_back(*part);
        }
        out["text"] = join(parts, ", ");
        out["link"] = link(sourcing.address);
        out["quote"] = sourcing.quote;
        out["status"] = words_("status_" + std::string(name(sourcing.status)));
        out["as_of"] = sourcing.as_of;
        out["note"] = sourcing.note;
        return out;
    }

    // The sources of the claims that the finding's facts come from: ownership, origin, jurisdiction, capability.
    Json sources(const Finding& finding) const {
        Json out = Json::array();
        std::set<std::string> given;
        const auto give = [&](const Sourcing& sourcing) {
            if (!sourcing.counts() || sourcing.title.empty()) return;
            if (given.insert(sourcing.title + sourcing.address).second) out.push(source(sourcing));
        };
        const auto uses = [&](std::string_view fact) {
            const auto found = finding.facts.find(std::string(fact));
            return found != finding.facts.end() && !found->second.is_null();
        };
        const std::string slug = maker_of(finding.subject);
        const auto held = makers_.find(slug);
        if (held != makers_.end() && (uses("control_country") || uses("state_control") || uses("offensive_programme"))) {
            for (const ChainStep& step : held->second.front()->chain.steps) {
                give(step.sourcing);
                const auto vendor = overview_.vendors.find(step.vendor);
                if (vendor == overview_.vendors.end()) continue;
                for (const OriginClaim& claim : vendor->second.origin) {
                    const bool state = claim.claim == "state_control";
                    if (claim.claim != "legal_entity" && (!state || uses("state_control"))) give(claim.sourcing);
                }
            }
        }
        std::string code = finding.subject.kind == "jurisdiction" ? finding.subject.key : std::string();
        if (code.empty() && uses("control_country")) code = finding.facts.at("control_country").string();
        if (code.empty() && held != makers_.end()) code = held->second.front()->country;
        if (const auto found = overview_.jurisdictions.find(code); found != overview_.jurisdictions.end()) {
            for (const JurisdictionClaim& claim : found->second.claims) {
                if (uses(claim.claim == "strained_relation" ? "strained_relation" : claim.claim)) give(claim.sourcing);
            }
        }
        const auto vendor = overview_.vendors.find(slug);
        if (vendor != overview_.vendors.end() && (uses("remote_documented") || uses("firmware_push_documented"))) {
            for (const Capability& capability : vendor->second.capabilities) {
                if (uses(capability.capability == "firmware_push" ? "firmware_push_documented" : "remote_documented")) {
                    give(capability.sourcing);
                }
            }
        }
        return out;
    }

    std::string maker_of(const FindingSubject& of) const {
        if (of.kind == "vendor" || of.kind == "operator") return of.key;
        if (of.kind != "asset") return {};
        const auto found = by_uid_.find(of.key);
        return found == by_uid_.end() ? std::string() : found->second->maker;
    }

    Json finding(const OverviewFinding& held) const {
        const Finding& of = held.finding;
        Json out = Json::object();
        out["id"] = of.id;
        out["anchor"] = anchor(of.subject);
        out["subject"] = subject(held);
        out["kind"] = of.subject.kind == "asset" ? std::string() : words_("kind_" + of.subject.kind);
        out["because"] = of.because.in(words_.lang());
        out["likelihood"] = of.likelihood;
        out["impact"] = of.impact;
        out["status"] = words_.status(held.status);
        out["opened"] = words_.day(held.opened);
        out["not_seen"] = !held.seen_in_last_run;
        out["facts"] = facts(of);
        out["has_facts"] = !out["facts"].items().empty();
        Json seen = Json::array();
        for (const Evidence& each : of.evidence) seen.push(JsonObject{{"text", evidence(each)}});
        mark_last(seen);
        out["has_evidence"] = !seen.items().empty();
        out["evidence"] = std::move(seen);
        out["sources"] = sources(of);
        out["has_sources"] = !out["sources"].items().empty();
        const std::string maker = maker_of(of.subject);
        out["maker_anchor"] = makers_.contains(maker) ? anchor_of_maker(maker) : std::string();
        return out;
    }

    // Findings of one rule stand together: its advice is the same for all of them.
    template <class Each>
    Json rules_of(const std::vector<const OverviewFinding*>& list, Each&& each_rule) const {
        std::vector<std::pair<std::string, std::vector<const OverviewFinding*>>> rules;
        for (const OverviewFinding* held : list) {
            const std::string key = held->finding.rule + '\n' + held->finding.title.en + '\n' + held->finding.advice.en;
            const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.first == key; });
            if (found == rules.end()) {
                rules.push_back({key, {held}});
            } else {
                found->second.push_back(held);
            }
        }
        Json out = Json::array();
        for (const auto& [key, findings] : rules) {
            const Finding& first = findings.front()->finding;
            Json rule = Json::object();
            rule["title"] = first.title.in(words_.lang());
            rule["policy"] = first.policy;
            rule["rule"] = first.rule;
            rule["version"] = first.version;
            rule["considerations"] = considerations(first.consideration);
            rule["advice"] = first.advice.in(words_.lang());
            Json references = Json::array();
            for (const Reference& reference : first.references) {
                Json each = Json::object();
                each["title"] = reference.title.empty() ? reference.address : reference.title;
                each["link"] = link(reference.address);
                references.push(std::move(each));
            }
            mark_last(references);
            rule["has_references"] = !references.items().empty();
            rule["references"] = std::move(references);
            each_rule(rule, findings);
            out.push(std::move(rule));
        }
        return out;
    }

    Json bands() const {
        Json out = Json::array();
        for (const Band band : all_bands) {
            std::vector<const OverviewFinding*> list;
            for (const OverviewFinding& held : overview_.findings) {
                if (held.finding.band == band) list.push_back(&held);
            }
            if (list.empty()) continue;
            Json each = Json::object();
            each["class"] = name(band);
            each["label"] = words_("band_" + std::string(name(band)));
            each["rules"] = rules_of(list, [&](Json& rule, const std::vector<const OverviewFinding*>& findings) {
                rule["class"] = name(band);
                Json subjects = Json::array();
                for (const OverviewFinding* held : findings) subjects.push(finding(*held));
                rule["subjects"] = std::move(subjects);
            });
            out.push(std::move(each));
        }
        return out;
    }

    Json question_rules() const {
        std::vector<const OverviewFinding*> list;
        for (const OverviewFinding& held : overview_.questions) {
            if (held.status != "closed" && held.status != "answered") list.push_back(&held);
        }
        return rules_of(list, [&](Json& rule, const std::vector<const OverviewFinding*>& questions) {
            std::map<std::vector<std::string>, std::vector<const OverviewFinding*>> by_missing;
            for (const OverviewFinding* held : questions) by_missing[held->finding.missing].push_back(held);
            Json parts = Json::array();
            for (const auto& [missing, held_by] : by_missing) {
                Json part = Json::object();
                Json needs = Json::array();
                for (const std::string& fact : missing) {
                    Json each = Json::object();
                    each["question"] = words_.question(fact, held_by.front()->finding.subject.kind != "asset");
                    each["fact"] = fact;
                    needs.push(std::move(each));
                }
                part["needs"] = std::move(needs);
                Json subjects = Json::array();
                for (const OverviewFinding* held : held_by) {
                    Json each = Json::object();
                    each["subject"] = subject(*held);
                    each["anchor"] = anchor(held->finding.subject);
                    each["band_label"] = words_("band_" + std::string(name(held->finding.band)));
                    subjects.push(std::move(each));
                }
                mark_last(subjects);
                part["subjects"] = std::move(subjects);
                parts.push(std::move(part));
            }
            rule["parts"] = std::move(parts);
        });
    }

    Json belief_row(const OverviewAsset& asset, Field field, const std::string& called) const {
        const Belief* belief = asset.belief(field);
        if (belief == nullptr || (belief->value.empty() && !belief->contested)) return {};
        Json out = Json::object();
        out["field"] = called;
        std::string value = belief->contested ? std::string() : belief->value;
        if (field == Field::maker && !belief->contested && !asset.maker_name.empty()) value = asset.maker_name;
        out["value"] = value;
        out["strength"] = belief->contested ? std::string() : words_("strength_" + std::string(name(belief->strength)));
        out["contested"] = belief->contested ? join(belief->dissent, " / ") : std::string();
        out["dissent"] = belief->contested ? std::string() : join(belief->dissent, " / ");
        out["anchor"] = field == Field::maker && makers_.contains(asset.maker) ? anchor_of_maker(asset.maker) : std::string();
        return out;
    }

    Json assets() const {
        // By name, parts below what they are part of.
        using Place = std::tuple<std::string, std::string_view, bool, std::string>;
        std::vector<std::pair<Place, const OverviewAsset*>> sorted;
        for (const OverviewAsset& asset : overview_.assets) {
            const auto above = by_uid_.find(asset.parent);
            const bool part = !asset.parent.empty() && above != by_uid_.end();
            const OverviewAsset& whole = part ? *above->second : asset;
            sorted.push_back({{lower(whole.label), whole.uid, part, lower(asset.label) + asset.uid}, &asset});
        }
        std::sort(sorted.begin(), sorted.end());
        Json out = Json::array();
        for (const auto& [place, listed_asset] : sorted) {
            const OverviewAsset& asset = *listed_asset;
            Json row = Json::object();
            row["id"] = anchor_of_asset(asset.uid);
            row["label"] = asset.label.empty() ? asset.uid : asset.label;
            row["kind"] = words_.kind(asset.kind);
            const std::string category = fact_text(asset, "category");
            row["category"] = words_.fact_value("category", category.empty() ? value_of(asset, Field::category) : category);
            const auto parent = by_uid_.find(asset.parent);
            const bool has_parent = !asset.parent.empty() && parent != by_uid_.end();
            row["parent"] = has_parent ? parent->second->label : std::string();
            row["parent_anchor"] = has_parent ? anchor_of_asset(asset.parent) : std::string();
            row["last_seen"] = words_.day(asset.last_seen);

            Json makers = Json::array();
            for (const auto& [field, called] :
                 {std::pair(Field::brand, "brand"), std::pair(Field::maker, "maker"),
                  std::pair(Field::nic_maker, "network_card"), std::pair(Field::module_maker, "module"),
                  std::pair(Field::stack_maker, "stack"), std::pair(Field::cloud_operator, "cloud")}) {
                if (Json each = belief_row(asset, field, words_(called)); !each.is_null()) makers.push(std::move(each));
            }
            row["makers"] = std::move(makers);
            Json details = Json::array();
            Json model = belief_row(asset, Field::model, "");
            if (model.is_null()) model = belief_row(asset, Field::product, "");
            if (!model.is_null()) details.push(std::move(model));
            for (const auto& [field, called] : {std::pair(Field::serial, "serial"), std::pair(Field::firmware, "firmware")}) {
                if (Json each = belief_row(asset, field, words_(called)); !each.is_null()) details.push(std::move(each));
            }
            if (const auto power = asset.facts.find("rated_power"); power != asset.facts.end() && power->second.is_integer()) {
                Json each = Json::object();
                each["field"] = words_("rated");
                each["value"] = words_.power(power->second.integer());
                for (const char* absent : {"strength", "contested", "dissent", "anchor"}) each[absent] = "";
                details.push(std::move(each));
            }
            row["details"] = std::move(details);
            row["country"] = asset.country.empty() ? std::string() : country(asset.country);
            row["control"] = control_words(control_status(asset));
            Json addresses = Json::array();
            for (const auto* set :
                 {&asset.identifiers.ip, &asset.identifiers.mac, &asset.identifiers.path, &asset.identifiers.hostname}) {
                for (const std::string& each : *set) addresses.push(each);
            }
            row["addresses"] = std::move(addresses);
            Json findings = Json::array();
            if (const auto found = findings_of_.find(asset.uid); found != findings_of_.end()) {
                for (const OverviewFinding* held : found->second) {
                    if (!open_now(*held)) continue;
                    Json each = Json::object();
                    each["class"] = name(held->finding.band);
                    each["label"] = words_("band_" + std::string(name(held->finding.band)));
                    each["anchor"] = held->finding.id;
                    each["title"] = held->finding.title.in(words_.lang());
                    findings.push(std::move(each));
                }
            }
            row["findings"] = std::move(findings);
            const auto asked = questions_of_.find(asset.uid);
            row["questions"] = asked == questions_of_.end() ? std::string()
                               : asked->second == 1         ? words_("question_short")
                                                    : words_("questions_short", {{"count", words_.number(asked->second)}});
            out.push(std::move(row));
        }
        return out;
    }

    Json makers() const {
        Json out = Json::array();
        for (const auto& [slug, of] : makers_) {
            const OverviewAsset& asset = *of.front();
            Json each = Json::object();
            each["id"] = anchor_of_maker(slug);
            each["name"] = asset.maker_name.empty() ? slug : asset.maker_name;
            each["assets_text"] =
                of.size() == 1 ? words_("maker_asset") : words_("maker_assets", {{"count", words_.number(of.size())}});
            each["country"] = asset.country.empty() ? std::string() : country(asset.country);
            each["control"] = control_words(control_status(asset));
            Json steps = Json::array();
            for (const ChainStep& step : asset.chain.steps) {
                Json one = Json::object();
                one["relation"] = words_.relation(step.relation);
                one["step"] = step.name.empty() ? step.vendor : step.name;
                Json claims = Json::array();
                if (!step.sourcing.title.empty()) claims.push(claim(words_.relation(step.relation), "", step.sourcing));
                if (const auto vendor = overview_.vendors.find(step.vendor); vendor != overview_.vendors.end()) {
                    for (const OriginClaim& origin : vendor->second.origin) {
                        claims.push(claim(words_.claim(origin.claim),
                                          origin.country.empty() ? words_.claim_value(origin.value) : country(origin.country),
                                          origin.sourcing));
                    }
                }
                one["claims"] = std::move(claims);
                steps.push(std::move(one));
            }
            Json capabilities = Json::array();
            if (const auto vendor = overview_.vendors.find(slug); vendor != overview_.vendors.end()) {
                for (const Capability& capability : vendor->second.capabilities) {
                    std::string value = words_.claim(capability.capability);
                    if (!capability.party.empty()) value += " (" + words_.claim_value(capability.party) + ")";
                    capabilities.push(claim(words_("capability"), value, capability.sourcing));
                }
            }
            each["capabilities"] = std::move(capabilities);
            each["steps"] = std::move(steps);
            out.push(std::move(each));
        }
        return out;
    }

    Json claim(const std::string& called, const std::string& value, const Sourcing& sourcing) const {
        Json out = source(sourcing);
        out["called"] = called;
        out["value"] = value;
        return out;
    }

    Json jurisdictions() const {
        Json out = Json::array();
        for (const auto& [code, jurisdiction] : overview_.jurisdictions) {
            if (jurisdiction.claims.empty()) continue;
            Json each = Json::object();
            each["name"] = country(code);
            Json claims = Json::array();
            for (const JurisdictionClaim& said : jurisdiction.claims) {
                claims.push(
                    claim(words_.claim(said.claim), said.named_by.empty() ? said.article : said.named_by, said.sourcing));
            }
            each["claims"] = std::move(claims);
            out.push(std::move(each));
        }
        return out;
    }

    void coverage(Json& out) const {
        Json rows = Json::array();
        for (const OverviewCoverage& row : overview_.coverage) {
            Json each = Json::object();
            each["asked"] = row.asked;
            each["outcome"] = row.outcome;
            each["subjects"] = words_.number(row.subjects);
            each["times"] = words_.number(row.count);
            rows.push(std::move(each));
        }
        out["has_coverage"] = !rows.items().empty();
        out["coverage"] = std::move(rows);
    }

    Json read_sources() const {
        Json out = Json::array();
        for (const RunSource& read : overview_.run.sources) {
            Json each = Json::object();
            each["path"] = read.path;
            each["id"] = read.id;
            each["kind"] = words_.kind(read.kind);
            each["packets"] = words_.number(read.packets);
            each["first"] = words_.moment(read.first);
            each["last"] = words_.moment(read.last);
            each["usable"] = words_(read.usable ? "yes" : "no");
            Json problems = Json::array();
            for (std::size_t i = 0; i < read.problems.size() && i < problems_most; ++i) problems.push(read.problems[i]);
            if (read.problems.size() > problems_most) {
                problems.push(words_("more_problems", {{"count", words_.number(read.problems.size() - problems_most)}}));
            }
            each["problems"] = std::move(problems);
            out.push(std::move(each));
        }
        return out;
    }

    const Overview& overview_;
    Words words_;
    Time now_;
    AssetsByUid by_uid_;
    std::map<std::string, std::vector<const OverviewFinding*>, std::less<>> findings_of_;
    std::map<std::string, std::uint64_t, std::less<>> questions_of_;
    std::map<std::string, std::vector<const OverviewAsset*>, std::less<>> makers_;  // slug -> its assets
    std::map<std::string, Texts, std::less<>> countries_;
};

}  // namespace

std::string html_report(const Overview& overview, const std::string& lang, Time now) {
    return render(embedded::template_page, Page(overview, lang, now).view());
}

}  // namespace herkomst
