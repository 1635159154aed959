#include "register/overview.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "assess/rated.h"
#include "core/text.h"
#include "register/acts.h"
#include "register/open.h"
#include "register/rating_rows.h"

namespace herkomst {

namespace {

using sql::Query;

Json parsed(const std::string& text) {
    Result<Json> json = parse_json(text, "register");
    return json ? std::move(json.value()) : Json();
}

std::vector<std::string> texts_of(const std::string& json) {
    std::vector<std::string> out;
    const Json list = parsed(json);
    for (const Json& text : list.items()) out.push_back(text.string());
    return out;
}

Facts facts_from(const std::string& json) {
    Facts out;
    const Json object = parsed(json);
    for (const auto& [key, value] : object.members()) out[key] = value;
    return out;
}

Time time_of(const std::string& text) { return parse_rfc3339(text).value_or(Time{}); }
std::uint64_t natural(std::int64_t number) { return number < 0 ? 0 : static_cast<std::uint64_t>(number); }

Band band_named(std::string_view text) {
    for (const Band band : {Band::Critical, Band::High, Band::Medium}) {
        if (name(band) == text) return band;
    }
    return Band::Low;
}

RunSource source_at(const Query& row) {
    return {row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            natural(row.integer(4)),
            natural(row.integer(5)),
            time_of(row.text(6)),
            time_of(row.text(7)),
            row.integer(8) != 0,
            texts_of(row.text(9))};
}

void read_runs(sql::Database& database, Overview& out) {
    Query runs(database,
               "SELECT run, at, site, program, vendordb, rules, people_devices, unknown_vendors FROM runs ORDER BY run");
    while (runs.step()) {
        OverviewRun run;
        run.run = runs.integer(0);
        run.at = time_of(runs.text(1));
        run.program = runs.text(3);
        run.vendordb = runs.text(4);
        run.rules = runs.text(5);
        out.site = runs.text(2);
        out.people_devices = natural(runs.integer(6));
        out.unknown_vendors = texts_of(runs.text(7));
        out.runs.push_back(std::move(run));
    }
    if (out.runs.empty()) throw std::runtime_error(fmt::format("{}: this register holds no run yet", database.path()));
    out.run = out.runs.back();
    Query sources(
        database,
        "SELECT id, path, kind, sha256, packets, bytes, first, last, usable, problems FROM sources WHERE run = ? ORDER BY "
        "position");
    sources.bind(out.run.run);
    while (sources.step()) {
        out.run.sources.push_back(source_at(sources));
    }
}

void read_assets(sql::Database& database, const VendorDb* db, Overview& out) {
    std::map<std::string, OverviewAsset> assets;
    Query rows(database,
               "SELECT uid, derived_key, label, kind, parent, first_seen, last_seen, first_run, last_run, facts, missed, "
               "observation FROM "
               "asset_state");
    while (rows.step()) {
        OverviewAsset asset;
        asset.uid = rows.text(0);
        asset.key = rows.text(1);
        asset.label = rows.text(2);
        asset.kind = rows.text(3);
        asset.parent = rows.text(4);
        asset.first_seen = time_of(rows.text(5));
        asset.last_seen = time_of(rows.text(6));
        asset.first_run = rows.integer(7);
        asset.last_run = rows.integer(8);
        asset.facts = facts_from(rows.text(9));
        asset.missed = rows.integer(10);
        asset.observation = rows.text(11);
        assets.emplace(asset.uid, std::move(asset));
    }
    Query aliases(database, "SELECT uid, merged_into FROM assets WHERE merged_into IS NOT NULL ORDER BY uid");
    while (aliases.step()) {
        if (const auto found = assets.find(aliases.text(1)); found != assets.end()) {
            found->second.aliases.push_back(aliases.text(0));
        }
    }
    Query work(database, "SELECT subject, field, value FROM work WHERE subject_kind = 'asset'");
    while (work.step()) {
        const auto found = assets.find(work.text(0));
        if (found != assets.end()) found->second.work[work.text(1)] = work.text(2);
    }
    Query identifiers(database, "SELECT uid, kind, value FROM identifiers ORDER BY uid, kind, value");
    while (identifiers.step()) {
        const auto found = assets.find(identifiers.text(0));
        if (found == assets.end()) continue;
        const std::string kind = identifiers.text(1);
        Identifiers& held = found->second.identifiers;
        if (kind == "strong") found->second.strong.push_back(identifiers.text(2));
        if (kind == "mac") held.mac.insert(identifiers.text(2));
        if (kind == "ip") held.ip.insert(identifiers.text(2));
        if (kind == "hostname") held.hostname.insert(identifiers.text(2));
        if (kind == "path") held.path.insert(identifiers.text(2));
    }
    Query beliefs(database,
                  "SELECT uid, field, value, vendor, vendor_name, strength, methods, dissent, contested, run FROM beliefs");
    while (beliefs.step()) {
        const auto found = assets.find(beliefs.text(0));
        const auto field = field_named(beliefs.text(1));
        if (found == assets.end() || !field) continue;
        OverviewBelief& held = found->second.beliefs[*field];
        held.belief.value = beliefs.text(2);
        held.belief.vendor = beliefs.text(3);
        held.vendor_name = beliefs.text(4);
        held.belief.strength = strength_named(beliefs.text(5)).value_or(Strength::Hinted);
        held.belief.methods = texts_of(beliefs.text(6));
        held.belief.dissent = texts_of(beliefs.text(7));
        held.belief.contested = beliefs.integer(8) != 0;
        held.run = beliefs.integer(9);
    }
    for (auto& [uid, asset] : assets) {
        // What a person calls it goes before what it calls itself.
        if (const auto called = asset.work.find("name"); called != asset.work.end()) asset.label = called->second;
        const auto fact = [&](std::string_view what) -> std::string {
            const auto found = asset.facts.find(what);
            return found == asset.facts.end() ? std::string() : found->second.string();
        };
        asset.maker = fact("maker");
        asset.maker_name = fact("maker_name");
        asset.country = fact("control_country");
        asset.country_name = {asset.country, asset.country};
        if (db != nullptr) {
            if (!asset.maker.empty()) asset.chain = db->chain(asset.maker);
            if (const Jurisdiction* jurisdiction = db->jurisdiction(asset.country); jurisdiction != nullptr) {
                const auto called = [&](const char* language) {
                    const auto found = jurisdiction->names.find(language);
                    return found == jurisdiction->names.end() ? asset.country : found->second;
                };
                asset.country_name = {called("nl"), called("en")};
            }
        }
        out.assets.push_back(std::move(asset));
    }
}

OverviewFinding finding_at(const Query& row) {
    OverviewFinding out;
    Finding& finding = out.finding;
    finding.id = row.text(0);
    finding.policy = row.text(1);
    finding.rule = row.text(2);
    finding.version = static_cast<int>(row.integer(3));
    finding.rule_hash = row.text(4);
    finding.subject = {row.text(5), row.text(6)};
    out.subject_texts = {row.text(7), row.text(8)};
    out.subject_label = row.text(8);
    finding.verdict = row.text(9) == "open" ? Ruling::Open : Ruling::Question;
    finding.band = band_named(row.text(10));
    finding.likelihood = static_cast<int>(row.integer(11));
    finding.impact = static_cast<int>(row.integer(12));
    finding.missing = texts_of(row.text(13));
    finding.title = {row.text(14), row.text(15)};
    finding.because = {row.text(16), row.text(17)};
    finding.advice = {row.text(18), row.text(19)};
    finding.consideration = row.text(20);
    const Json literature = parsed(row.text(21));
    for (const Json& one : literature.items()) {
        const Json& title = one["title"];
        finding.references.push_back(
            {title.is_object() ? Texts{title["nl"].string(), title["en"].string()} : Texts{title.string(), title.string()},
             one["address"].string()});
    }
    const Json facts = parsed(row.text(22));
    for (const auto& [fact, value] : facts.members()) finding.facts[fact] = value;
    const Json evidence = parsed(row.text(23));
    for (const Json& one : evidence.items()) {
        finding.evidence.push_back({one["source"].string(), natural(one["frame"].integer()),
                                    static_cast<std::uint32_t>(one["bytes"].at(0).integer()),
                                    static_cast<std::uint32_t>(one["bytes"].at(1).integer())});
    }
    out.status = row.text(24);
    out.opened = time_of(row.text(25));
    out.last_seen = time_of(row.text(26));
    out.seen_in_last_run = row.integer(27) != 0;
    out.observation = row.text(28);
    out.closure_candidate = row.integer(29) != 0;
    out.status_since = time_of(row.text(30));
    return out;
}

void read_findings(sql::Database& database, Overview& out) {
    Query rows(
        database,
        "SELECT finding, policy, rule, version, rule_hash, subject_kind, subject_key, subject_nl, subject_en, verdict, band, "
        "likelihood, impact, missing, title_nl, title_en, because_nl, because_en, advice_nl, advice_en, consideration, "
        "literature, facts, evidence, status, opened_at, last_at, seen_in_last_run, observation, closure_candidate, "
        "status_since "
        "FROM finding_state WHERE merged_into IS NULL");
    std::map<std::string, std::map<std::string, std::string, std::less<>>> work;
    std::map<std::string, OverviewMeasure> measures;
    {
        Query decided(database,
                      "SELECT subject_kind, subject, field, value FROM work WHERE subject_kind IN ('finding', 'measure')");
        while (decided.step()) {
            if (decided.text(0) == "finding") {
                work[decided.text(1)][decided.text(2)] = decided.text(3);
                continue;
            }
            OverviewMeasure& measure = measures[decided.text(1)];
            measure.id = decided.text(1);
            (decided.text(2) == "finding" ? measure.finding : measure.work[decided.text(2)]) = decided.text(3);
        }
    }
    for (auto& [id, measure] : measures) out.measures.push_back(std::move(measure));
    std::map<std::string, RatingRow, std::less<>> ratings = rating_rows(database);
    while (rows.step()) {
        OverviewFinding finding = finding_at(rows);
        if (const auto rated = ratings.find(finding.finding.id); rated != ratings.end()) {
            finding.rating = std::move(rated->second.rating);
            finding.rating->rule = finding.finding.rule;
        }
        if (const auto found = work.find(finding.finding.id); found != work.end()) finding.work = std::move(found->second);
        if (finding.finding.subject.kind == "asset") {
            const OverviewAsset* asset = out.asset(finding.finding.subject.key);
            if (asset != nullptr && asset->work.contains("name")) {
                finding.subject_label = asset->label;
                finding.subject_texts = {asset->label, asset->label};
            }
        }
        (finding.finding.verdict == Ruling::Open ? out.findings : out.questions).push_back(std::move(finding));
    }
    for (auto* list : {&out.findings, &out.questions}) {
        std::sort(list->begin(), list->end(), [](const OverviewFinding& a, const OverviewFinding& b) {
            if (a.leading() != b.leading()) return a.leading() > b.leading();
            return std::tie(a.finding.rule, a.finding.subject) < std::tie(b.finding.rule, b.finding.subject);
        });
    }
    std::map<std::string, std::string> into;
    Query merged(database, "SELECT finding, merged_into FROM findings WHERE merged_into <> ''");
    while (merged.step()) into[merged.text(0)] = merged.text(1);
    for (const auto& [finding, first] : into) {
        std::string last = first;
        // As many steps as there are: nothing that was edited goes round for ever.
        for (std::size_t step = 0; step < into.size() && into.contains(last); ++step) last = into[last];
        out.merged[finding] = last;
    }
}

void read_sums(sql::Database& database, Overview& out) {
    Query rows(
        database,
        "SELECT kind, key, title_nl, title_en, assets, power_assets, rated_power, rated_power_unknown, switchable_assets, "
        "switchable_power, switchable_power_unknown, switchable_maybe, facts, members FROM sums ORDER BY kind, key");
    while (rows.step()) {
        Group group;
        group.kind = rows.text(0);
        group.key = rows.text(1);
        group.title = {rows.text(2), rows.text(3)};
        group.assets = natural(rows.integer(4));
        group.power_assets = natural(rows.integer(5));
        group.rated_power = rows.integer(6);
        group.rated_power_unknown = natural(rows.integer(7));
        group.switchable_assets = natural(rows.integer(8));
        group.switchable_power = rows.integer(9);
        group.switchable_power_unknown = natural(rows.integer(10));
        group.switchable_maybe = natural(rows.integer(11));
        group.facts = facts_from(rows.text(12));
        group.members = texts_of(rows.text(13));
        out.groups.push_back(std::move(group));
    }
}

void read_origins(const VendorDb& db, Overview& out) {
    std::set<std::string> countries;
    for (const OverviewAsset& asset : out.assets) {
        if (!asset.country.empty()) countries.insert(asset.country);
        for (const ChainStep& step : asset.chain.steps) {
            if (!step.country.empty()) countries.insert(step.country);
            const Vendor* vendor = step.vendor.empty() ? nullptr : db.vendor(step.vendor);
            if (vendor != nullptr) out.vendors.try_emplace(step.vendor, *vendor);
        }
    }
    for (const Group& group : out.groups) {
        if (group.kind == "jurisdiction") countries.insert(group.key);
    }
    for (const std::string& country : countries) {
        if (const Jurisdiction* found = db.jurisdiction(country)) out.jurisdictions.emplace(country, *found);
    }
}

bool contains(const std::set<std::string>& texts, std::string_view text) {
    return std::any_of(texts.begin(), texts.end(), [&](const std::string& t) { return equal_ignoring_case(t, text); });
}

}  // namespace

Band OverviewFinding::leading() const { return rating ? leading_band(finding.band, *rating) : finding.band; }

const OverviewAsset* Overview::asset(std::string_view uid) const {
    const auto found = std::lower_bound(assets.begin(), assets.end(), uid,
                                        [](const OverviewAsset& a, std::string_view b) { return a.uid < b; });
    return found != assets.end() && found->uid == uid ? &*found : nullptr;
}

Overview overview(const Register& held, const VendorDb* vendordb) {
    Overview out;
    sql::Database& database = held.connection().database;
    const sql::Snapshot snapshot(database);
    read_runs(database, out);
    read_assets(database, vendordb, out);
    read_findings(database, out);
    read_sums(database, out);
    if (vendordb != nullptr) read_origins(*vendordb, out);
    out.tlp = setting(database, "tlp");
    out.organisation = setting(database, "organisation");
    Query coverage(database,
                   "SELECT asked, outcome, subjects, count FROM coverage WHERE run = ? ORDER BY count DESC, asked, outcome");
    coverage.bind(out.run.run);
    while (coverage.step()) {
        out.coverage.push_back(
            {coverage.text(0), coverage.text(1), natural(coverage.integer(2)), natural(coverage.integer(3))});
    }
    return out;
}

std::vector<Claim> claims_of(const Register& held, std::string_view uid) {
    std::vector<Claim> out;
    Query rows(
        held.connection().database,
        "SELECT field, value, vendor, strength, method, because, source, frame, first_byte, end_byte, first_seen, last_seen, "
        "count, subject FROM claims WHERE uid = ? ORDER BY field, value, method, source, frame");
    rows.bind(uid);
    while (rows.step()) {
        const auto field = field_named(rows.text(0));
        if (!field) continue;
        Claim claim;
        claim.field = *field;
        claim.value = rows.text(1);
        claim.vendor = rows.text(2);
        claim.strength = strength_named(rows.text(3)).value_or(Strength::Hinted);
        claim.method = rows.text(4);
        claim.because = rows.text(5);
        claim.from = {rows.text(6), natural(rows.integer(7)), static_cast<std::uint32_t>(rows.integer(8)),
                      static_cast<std::uint32_t>(rows.integer(9))};
        claim.seen = {time_of(rows.text(10)), time_of(rows.text(11)), natural(rows.integer(12))};
        const Json subject = parsed(rows.text(13));
        claim.subject.site = subject["site"].string();
        claim.subject.mac = Mac::parse(subject["mac"].string()).value_or(Mac{});
        claim.subject.ip = IpAddress::parse(subject["ip"].string()).value_or(IpAddress{});
        claim.subject.vlan = Vlan::parse(subject["vlan"].string()).value_or(Vlan{});
        for (const Json& step : subject["path"].items()) claim.subject.path.push_back(step.string());
        claim.subject.software = subject["software"].string();
        out.push_back(std::move(claim));
    }
    std::stable_sort(out.begin(), out.end(), [](const Claim& a, const Claim& b) {
        if (a.field != b.field) return a.field < b.field;
        return a.strength > b.strength;
    });
    return out;
}

std::optional<RunSource> source_of(const Register& held, std::string_view id) {
    Query rows(
        held.connection().database,
        "SELECT id, path, kind, sha256, packets, bytes, first, last, usable, problems FROM sources WHERE id = ? ORDER BY run "
        "DESC LIMIT 1");
    rows.bind(id);
    if (!rows.step()) return std::nullopt;
    return source_at(rows);
}

std::optional<PolicyPacks::RuleSummary> rule_of(const Register& held, std::string_view rule, std::string_view hash) {
    Query rows(held.connection().database,
               "SELECT rule, policy, version, rule_hash, over, condition, likelihood, impact FROM rules WHERE rule = ? AND "
               "rule_hash = ?");
    rows.bind(rule).bind(hash);
    if (!rows.step()) return std::nullopt;
    PolicyPacks::RuleSummary out;
    out.id = rows.text(0);
    out.policy = rows.text(1);
    out.version = static_cast<int>(rows.integer(2));
    out.hash = rows.text(3);
    out.over = rows.text(4);
    out.when = rows.text(5);
    out.likelihood = rows.text(6);
    out.impact = rows.text(7);
    return out;
}

std::vector<RegisterEvent> events_of(const Register& held, std::string_view subject_kind, std::string_view subject) {
    std::vector<RegisterEvent> out;
    Query rows(held.connection().database,
               "SELECT at, run, event, detail FROM events WHERE subject_kind = ? AND subject = ? ORDER BY seq");
    rows.bind(subject_kind).bind(subject);
    while (rows.step()) out.push_back({time_of(rows.text(0)), rows.integer(1), rows.text(2), parsed(rows.text(3))});
    return out;
}

std::vector<std::string> assets_meant(const Overview& overview, std::string_view said) {
    said = trimmed(said);
    std::vector<std::string> exact;
    std::vector<std::string> starts;
    if (said.empty()) return exact;
    const auto mac = Mac::parse(said);
    const auto ip = IpAddress::parse(said);
    for (const OverviewAsset& asset : overview.assets) {
        const bool named = asset.uid == said || asset.key == said || contains(asset.identifiers.hostname, said) ||
                           equal_ignoring_case(asset.label, said) ||
                           std::find(asset.aliases.begin(), asset.aliases.end(), said) != asset.aliases.end() ||
                           std::find(asset.strong.begin(), asset.strong.end(), said) != asset.strong.end() ||
                           (mac && asset.identifiers.mac.contains(mac->text())) ||
                           (ip && asset.identifiers.ip.contains(ip->text()));
        if (named) {
            exact.push_back(asset.uid);
        } else if (said.size() >= 4 && (asset.uid.starts_with(said) || asset.key.starts_with(said) ||
                                        std::any_of(asset.aliases.begin(), asset.aliases.end(),
                                                    [&](const std::string& alias) { return alias.starts_with(said); }))) {
            starts.push_back(asset.uid);
        }
    }
    return exact.empty() ? starts : exact;
}

std::vector<std::string> sites_of(const Register& site) {
    std::vector<std::string> out;
    Query query(site.connection().database, "SELECT DISTINCT site FROM runs ORDER BY site");
    while (query.step()) out.push_back(query.text(0));
    return out;
}

}  // namespace herkomst
