#include "cli/vendor_assess.h"

#include <algorithm>
#include <array>
#include <set>

#include "assess/told.h"
#include "cli/vendor_pages.h"
#include "cli/vendor_text.h"
#include "core/text.h"
#include "identity/asset.h"

namespace herkomst {

namespace {

Belief belief_of(std::string value, std::string vendor) {
    Belief belief;
    belief.value = std::move(value);
    belief.vendor = std::move(vendor);
    belief.strength = Strength::Listed;
    belief.methods = {"vendors.assess"};
    return belief;
}

Facts the_facts(const Assessment& assessment) { return assessment.facts.empty() ? Facts() : assessment.facts[0].facts; }

// What an answer alone can tell and the seller is the one to tell it. The rest is about the buyer's own site.
bool seller_knows(const FactColumn& column) {
    static constexpr std::array<std::string_view, 6> answers = {"maintenance_country", "development_country",
                                                                "security_updates",    "red_declaration",
                                                                "cra_declaration",     "works_offline"};
    if (column.per != "asset" && column.per != "supplier" && column.per != "operator") return false;
    return column.from != "answer" || std::find(answers.begin(), answers.end(), column.name) != answers.end();
}

// The facts that a person could find out, that are unknown, and that some rule reads: what to ask the seller.
std::vector<const FactColumn*> asked(const Assessment& assessment, const PolicyPacks& packs) {
    std::set<std::string> used;
    for (const PolicyPacks::RuleSummary& rule : packs.rules()) used.insert(rule.uses.begin(), rule.uses.end());
    std::vector<const FactColumn*> out;
    const Facts facts = the_facts(assessment);
    for (const FactColumn& column : fact_columns()) {
        if (!seller_knows(column) || !used.contains(std::string(column.name))) continue;
        const auto found = facts.find(column.name);
        if (found == facts.end() || found->second.is_null()) out.push_back(&column);
    }
    return out;
}

// Findings and questions about the asset itself; sums over a site of one device say nothing more.
std::vector<Finding> about_it(const Assessment& assessment, const PolicyPacks& packs) {
    std::vector<Finding> out;
    for (const Finding& finding : assessment.findings) {
        const PolicyPacks::RuleSummary* rule = packs.rule(finding.rule);
        if (rule != nullptr && rule->over == "facts") out.push_back(finding);
    }
    return out;
}

std::string rule_lines(const VendorText& text, const Assessment& assessment, const PolicyPacks& packs) {
    std::string out;
    const std::string language(text.language());
    for (const Finding& finding : about_it(assessment, packs)) {
        const bool question = finding.verdict == Ruling::Question;
        out +=
            fmt::format("  {} [{}] {} ({}/{})\n", question ? text.say("VRAAG", "QUESTION") : text.say("BEVINDING", "FINDING"),
                        text.word(name(finding.band)), finding.title.in(language), finding.policy, finding.rule);
        out += fmt::format("    {}\n", told_because(finding, language));
        if (question)
            out += fmt::format("    {}: {}\n", text.say("nodig om te beslissen", "missing to decide"),
                               join(finding.missing, ", "));
    }
    if (out.empty()) out = fmt::format("  {}\n", text.say("geen bevinding en geen vraag", "no finding and no question"));
    const auto open = asked(assessment, packs);
    if (!open.empty()) out += fmt::format("\n{}\n", text.say("VRAAG DE LEVERANCIER", "ASK THE SUPPLIER"));
    for (const FactColumn* column : open)
        out += fmt::format("  {} ({})\n", text.say(column->asks_nl, column->asks_en), column->name);
    return out;
}

}  // namespace

Meant meant_by(const VendorDb& db, const std::string& text) {
    Meant meant;
    meant.vendor = db.vendor(text);
    if (meant.vendor == nullptr) meant.vendor = db.named(text);
    // The longest run of first words that is a name; what follows is the model.
    for (std::size_t end = text.rfind(' '); meant.vendor == nullptr && end != std::string::npos && end > 0;
         end = text.rfind(' ', end - 1)) {
        meant.vendor = db.named(std::string_view(text).substr(0, end));
        if (meant.vendor != nullptr) meant.model = std::string(trimmed(std::string_view(text).substr(end)));
    }
    if (meant.vendor != nullptr) {
        if (!meant.model.empty()) meant.product = db.product(meant.vendor->slug, meant.model);
        return meant;
    }
    const auto makers = db.makers_of_model(text);
    if (makers.empty()) {
        meant.unknown = text;
    } else if (makers.size() > 1) {
        for (const auto& [vendor, hit] : makers) meant.several.push_back(vendor);
    } else {
        meant.vendor = makers.front().first;
        meant.product = makers.front().second;
        meant.model = text;
    }
    return meant;
}

Assessment assess_one(const VendorDb& db, const Meant& meant, const PolicyPacks& packs) {
    Identified identified;
    Asset asset;
    asset.key = "assessed";
    asset.kind = "device";
    if (meant.vendor != nullptr) {
        const Vendor& vendor = *meant.vendor;
        const Field part = vendor.kind == "module"  ? Field::module_maker
                           : vendor.kind == "stack" ? Field::stack_maker
                                                    : Field::maker;
        asset.beliefs[part] = belief_of(vendor.name, vendor.slug);
        if (part == Field::maker) asset.beliefs[Field::brand] = belief_of(vendor.name, vendor.slug);
        // A maker of one kind of device is asked about that kind; of several, the category stays open.
        if (!meant.product && vendor.categories.size() == 1)
            asset.beliefs[Field::category] = belief_of(vendor.categories.front(), {});
    }
    if (!meant.model.empty()) asset.beliefs[Field::model] = belief_of(meant.model, {});
    if (meant.product && meant.product->product != nullptr) {
        asset.beliefs[Field::category] = belief_of(meant.product->product->category, {});
        if (!meant.product->rated_power.empty()) asset.beliefs[Field::rated_power] = belief_of(meant.product->rated_power, {});
    }
    identified.assets.push_back(std::move(asset));
    return assess(identified, db, packs, {});
}

std::string assessment_page(const VendorDb& db, const Meant& meant, const PolicyPacks* packs, std::string_view language) {
    const VendorText text(db, language);
    if (meant.vendor == nullptr) return {};
    const Vendor& vendor = *meant.vendor;
    std::string out = fmt::format("{}{}  ({}, {})\n", vendor.name, meant.model.empty() ? "" : " " + meant.model, vendor.slug,
                                  text.word(vendor.kind));
    out += fmt::format("  {}\n", text.say("alleen uit leveranciersgegevens; er is niets opgenomen of bevraagd",
                                          "from vendor data alone; nothing was captured or asked"));
    out += text.overlay(vendor.overlay, vendor.overrides, "  ");
    std::string category;
    if (!meant.model.empty()) {
        if (meant.product && meant.product->product != nullptr) {
            category = meant.product->product->category;
            const std::string power = text.power(meant.product->rated_power);
            out += fmt::format("  {}: {}, {}\n{}", text.say("productlijn", "product line"), text.category(category),
                               power.empty() ? std::string(text.say("vermogen onbekend", "rated power unknown")) : power,
                               text.sourcing(meant.product->product->sourcing, "    "));
        } else {
            out += fmt::format("  {}\n", text.say("dit type is hier niet bekend: wat hieronder staat, gaat over de fabrikant",
                                                  "this model is not known here: what follows is about the maker"));
        }
    }
    out += fmt::format("\n{}\n{}", text.say("WIE DE ZEGGENSCHAP HEEFT", "WHO CONTROLS IT"), chain_lines(db, vendor, language));
    const Chain chain = db.chain(vendor.slug);
    if (!chain.country.empty())
        out += fmt::format("\n{}\n{}", text.say("LAND VAN ZEGGENSCHAP", "JURISDICTION"),
                           jurisdiction_lines(db, chain.country, language));
    out += fmt::format("\n{}\n{}", text.say("LIJSTEN", "LISTS"), list_lines(db, vendor, language));
    out += fmt::format("\n{}\n{}", text.say("WAT OP AFSTAND KAN", "WHAT CAN BE DONE REMOTELY"),
                       capability_lines(db, vendor, category, language));
    for (const Cloud& cloud : vendor.clouds) {
        const Vendor* runs = db.vendor(cloud.operator_slug);
        out += fmt::format("  cloud {}: {}; {} {} [{}]\n", text_of(cloud), cloud.purpose, text.say("beheerd door", "run by"),
                           runs == nullptr ? std::string(text.word("unknown")) : runs->name,
                           text.word(name(cloud.sourcing.status)));
    }
    out += fmt::format(
        "\n{}\n", text.say("WAT DE REGELS ZOUDEN ZEGGEN OVER ZO'N APPARAAT", "WHAT THE RULES WOULD SAY OF ONE SUCH DEVICE"));
    out += packs == nullptr ? fmt::format("  {}\n", text.say("er zijn geen regels gevonden", "no rules were found"))
                            : rule_lines(text, assess_one(db, meant, *packs), *packs);
    return out + fmt::format("\n{}\n", disclaimer(language));
}

std::vector<Json> assessment_rows(const VendorDb& db, const Meant& meant, const PolicyPacks* packs) {
    std::vector<Json> rows;
    if (meant.vendor == nullptr) return rows;
    Json head = Json::object();
    head["type"] = "assessment";
    head["vendor"] = meant.vendor->slug;
    head["name"] = meant.vendor->name;
    if (!meant.model.empty()) head["model"] = meant.model;
    if (meant.product && meant.product->product != nullptr) {
        head["category"] = meant.product->product->category;
        if (!meant.product->rated_power.empty()) head["rated_power"] = meant.product->rated_power;
        head["product_status"] = name(meant.product->product->sourcing.status);
    }
    std::optional<Assessment> assessment;
    if (packs != nullptr) {
        assessment = assess_one(db, meant, *packs);
        head["rules"] = assessment->rules;
        for (const FactColumn* column : asked(*assessment, *packs)) head["unknown"].push(column->name);
    }
    rows.push_back(std::move(head));
    for (Json& row : chain_rows(db, *meant.vendor)) rows.push_back(std::move(row));
    for (Json& row : vendor_rows(db, *meant.vendor)) {
        const std::string& type = row["type"].string();
        if (type == "capability" || type == "cloud" || type == "list_entry") rows.push_back(std::move(row));
    }
    if (assessment)
        for (const Finding& finding : about_it(*assessment, *packs)) rows.push_back(to_json(finding));
    return rows;
}

}  // namespace herkomst
