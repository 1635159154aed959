// The page's tables: assets, makers, jurisdictions, coverage, sources read.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "core/text.h"
#include "report/page.h"
#include "report/problem_words.h"

namespace herkomst {

namespace {
constexpr std::size_t problems_most = 5;
}

Json Page::source(const Sourcing& sourcing) const {
    Json out = Json::object();
    std::vector<std::string> parts;
    for (const std::string* part : {&sourcing.publisher, &sourcing.title, &sourcing.date}) {
        if (!part->empty()) parts.push_back(*part == "undated" ? words_("undated") : *part);
    }
    out["text"] = join(parts, ", ");
    out["link"] = link(sourcing.address);
    out["quote"] = sourcing.quote;
    out["status"] = words_("status_" + std::string(name(sourcing.status)));
    out["as_of"] = sourcing.as_of;
    out["note"] = sourcing.note;
    return out;
}

Json Page::belief_row(const OverviewAsset& asset, Field field, const std::string& called) const {
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

// The rated power, and where sources contradict each other what each of them says.
Json Page::power_row(const OverviewAsset& asset) const {
    const auto text = [&](const char* name) {
        const auto found = asset.facts.find(name);
        return found == asset.facts.end() ? Json() : found->second;
    };
    const Json power = text("rated_power");
    const bool contested = text("rated_power_contested").integer() == 1;
    if (!power.is_integer() && !contested) return {};
    Json each = Json::object();
    each["field"] = words_("rated");
    each["value"] = power.is_integer() ? words_.power(power.integer()) : std::string();
    for (const char* absent : {"strength", "contested", "dissent", "anchor"}) each[absent] = "";
    if (contested) each["contested"] = power_claims(text("rated_power_claims").string());
    return each;
}

// "50000 inventory csv.power 04b1...:3; ..." with the names of the files that those sources are.
std::string Page::power_claims(std::string_view claims) const {
    std::vector<std::string> out;
    for (const std::string_view claim : split(claims, ';')) {
        const std::vector<std::string_view> parts = split(trimmed(claim), ' ');
        std::int64_t watts = 0;
        std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), watts);
        std::string said = words_.power(watts);
        // An altered register may say what there is no word for.
        std::string from = parts.size() > 1 ? words_.all()["power_by_" + std::string(parts[1])].string() : std::string();
        if (parts.size() > 3 && parts[1] != "product_line") {
            const std::size_t colon = parts[3].find(':');
            const std::string_view source = parts[3].substr(0, colon);
            std::string file(source);
            for (const RunSource& each : overview_.run.sources) {
                if (each.id == source) file = each.path.substr(each.path.rfind('/') + 1);
            }
            if (!source.empty() && colon != std::string_view::npos)
                from += ", " + words_(parts[1] == "inventory" ? "power_source_row" : "power_source_frame",
                                      {{"file", file}, {"row", std::string(parts[3].substr(colon + 1))}});
        }
        out.push_back(said + (from.empty() ? "" : " (" + from + ")"));
    }
    return join(out, "; ");
}

Json Page::assets() const {
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
             {std::pair(Field::brand, "brand"), std::pair(Field::maker, "maker"), std::pair(Field::nic_maker, "network_card"),
              std::pair(Field::module_maker, "module"), std::pair(Field::stack_maker, "stack"),
              std::pair(Field::cloud_operator, "cloud")}) {
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
        for (const auto& [field, called, prefix] :
             {std::tuple(Field::function, "function", "function_"), std::tuple(Field::purdue_level, "level", "level_"),
              std::tuple(Field::carries, "carries", "")}) {
            Json each = belief_row(asset, field, words_(called));
            if (each.is_null()) continue;
            if (*prefix != 0 && !each["value"].string().empty()) each["value"] = word(prefix, each["value"].string());
            details.push(std::move(each));
        }
        if (Json each = power_row(asset); !each.is_null()) details.push(std::move(each));
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
                each["class"] = name(held->leading());
                each["label"] = words_("band_" + std::string(name(held->leading())));
                each["anchor"] = held->finding.id;
                each["title"] = held->finding.title.in(words_.lang());
                findings.push(std::move(each));
            }
        }
        row["findings"] = std::move(findings);
        const auto asked = questions_of_.find(asset.uid);
        row["questions"] =
            asked == questions_of_.end() ? std::string() : words_.count("question_short", "questions_short", asked->second);
        out.push(std::move(row));
    }
    return out;
}

Json Page::makers() const {
    Json out = Json::array();
    for (const auto& [slug, of] : makers_) {
        const OverviewAsset& asset = *of.front();
        Json each = Json::object();
        each["id"] = anchor_of_maker(slug);
        each["name"] = asset.maker_name.empty() ? slug : asset.maker_name;
        each["assets_text"] = words_.count("maker_asset", "maker_assets", of.size());
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
                if (!vendor->second.overlay.empty())
                    one["step"] = one["step"].string() + " (" + words_("own_vendor_data") + ")";
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

Json Page::claim(const std::string& called, const std::string& value, const Sourcing& sourcing) const {
    Json out = source(sourcing);
    out["called"] = called;
    out["value"] = value;
    return out;
}

Json Page::jurisdictions() const {
    Json out = Json::array();
    for (const auto& [code, jurisdiction] : overview_.jurisdictions) {
        if (jurisdiction.claims.empty()) continue;
        Json each = Json::object();
        each["name"] = country(code);
        Json claims = Json::array();
        for (const JurisdictionClaim& said : jurisdiction.claims) {
            claims.push(claim(words_.claim(said.claim), said.named_by.empty() ? said.article : said.named_by, said.sourcing));
        }
        each["claims"] = std::move(claims);
        out.push(std::move(each));
    }
    return out;
}

void Page::coverage(Json& out) const {
    Json rows = Json::array();
    for (const OverviewCoverage& row : overview_.coverage) {
        Json each = Json::object();
        each["asked"] = words_.asked(row.asked);
        each["outcome"] = words_.outcome(row.outcome);
        each["subjects"] = row.subjects == 0 ? std::string("-") : words_.number(row.subjects);
        each["times"] = words_.number(row.count);
        rows.push(std::move(each));
    }
    out["has_coverage"] = !rows.items().empty();
    out["coverage"] = std::move(rows);
}

Json Page::read_sources() const {
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
        for (std::size_t i = 0; i < read.problems.size() && i < problems_most; ++i)
            problems.push(problem_in(read.problems[i], words_.lang()));
        if (read.problems.size() > problems_most) {
            problems.push(words_("more_problems", {{"count", words_.number(read.problems.size() - problems_most)}}));
        }
        each["problems"] = std::move(problems);
        out.push(std::move(each));
    }
    return out;
}

}  // namespace herkomst
