// The whole register as one JSON document, by scanner/exports/schema/herkomst-register.schema.json.
#include "assess/told.h"
#include "exports/export.h"
#include "exports/risk_parts.h"
#include "exports/rows.h"

namespace herkomst::exports {

namespace {

constexpr std::string_view register_schema = "herkomst-register/1";

template <class Strings>
Json array_of(const Strings& strings) {
    Json out = Json::array();
    for (const std::string& each : strings) out.push(each);
    return out;
}

using exports::put;
void put(Json& into, std::string_view key, Time time) { put(into, key, time_text(time)); }
template <class Strings>
void put_list(Json& into, std::string_view key, const Strings& strings) {
    if (!strings.empty()) into[key] = array_of(strings);
}

Json texts(const Texts& both) {
    Json out = Json::object();
    put(out, "nl", both.nl);
    put(out, "en", both.en);
    return out;
}

Json known(const auto& facts) {
    Json out = Json::object();
    for (const auto& [fact, value] : facts) {
        if (!value.is_null()) out[fact] = value;
    }
    return out;
}

Json source(const Sourcing& sourcing) {
    Json out = Json::object();
    out["status"] = name(sourcing.status);
    put(out, "publisher", sourcing.publisher);
    put(out, "title", sourcing.title);
    put(out, "address", sourcing.address);
    put(out, "date", sourcing.date);
    put(out, "quote", sourcing.quote);
    put(out, "as_of", sourcing.as_of);
    put(out, "note", sourcing.note);
    return out;
}

Json belief(const OverviewBelief& held) {
    Json out = Json::object();
    put(out, "value", held.belief.contested ? std::string_view() : std::string_view(held.belief.value));
    put(out, "vendor", held.belief.vendor);
    put(out, "vendor_name", held.vendor_name);
    out["strength"] = name(held.belief.strength);
    put_list(out, "methods", held.belief.methods);
    put_list(out, "dissent", held.belief.dissent);
    if (held.belief.contested) out["contested"] = true;
    out["run"] = held.run;
    return out;
}

Json control(const OverviewAsset& asset) {
    Json out = Json::object();
    out["status"] = control_status(asset);
    put(out, "country", asset.country);
    if (!asset.country.empty()) out["country_name"] = texts(asset.country_name);
    Json chain = Json::array();
    for (const ChainStep& step : asset.chain.steps) {
        Json each = Json::object();
        put(each, "vendor", step.vendor);
        put(each, "name", step.name);
        put(each, "relation", step.relation);
        put(each, "country", step.country);
        each["source"] = source(step.sourcing);
        chain.push(std::move(each));
    }
    if (!chain.items().empty()) out["chain"] = std::move(chain);
    return out;
}

// What people decided about it, by the names of the register's table `work`.
void put_decided(Json& into, const std::map<std::string, std::string, std::less<>>& work) {
    Json fields = Json::object();
    for (const auto& [field, value] : work) {
        if (field != "status" && field != "decided_condition") fields[field] = value;
    }
    if (!fields.members().empty()) into["decided"] = std::move(fields);
}

Json asset_of(const OverviewAsset& asset) {
    Json out = Json::object();
    out["uid"] = asset.uid;
    put(out, "key", asset.key);
    put(out, "label", asset.label);
    out["kind"] = asset.kind;
    put(out, "parent", asset.parent);
    Json& identifiers = out["identifiers"];
    identifiers = Json::object();
    put_list(identifiers, "mac", asset.identifiers.mac);
    put_list(identifiers, "ip", asset.identifiers.ip);
    put_list(identifiers, "hostname", asset.identifiers.hostname);
    put_list(identifiers, "path", asset.identifiers.path);
    put_list(identifiers, "strong", asset.strong);
    put_list(out, "aliases", asset.aliases);
    Json& beliefs = out["beliefs"];
    beliefs = Json::object();
    for (const auto& [field, held] : asset.beliefs) beliefs[name(field)] = belief(held);
    out["facts"] = known(asset.facts);
    if (!asset.maker.empty() || !asset.maker_name.empty()) {
        Json& maker = out["maker"];
        maker = Json::object();
        put(maker, "vendor", asset.maker);
        put(maker, "name", asset.maker_name);
    }
    out["control"] = control(asset);
    put_decided(out, asset.work);
    put(out, "first_seen", asset.first_seen);
    put(out, "last_seen", asset.last_seen);
    out["first_run"] = asset.first_run;
    out["last_run"] = asset.last_run;
    out["observation"] = asset.observation;
    return out;
}

Json place_of(const Evidence& evidence, const Overview& overview) {
    Json out = Json::object();
    out["source"] = evidence.source;
    if (const std::string& path = source_name(evidence.source, overview); path != evidence.source) out["path"] = path;
    if (evidence.frame != 0) out["frame"] = evidence.frame;
    if (evidence.end > evidence.begin) {
        Json& bytes = out["bytes"];
        bytes.push(static_cast<std::int64_t>(evidence.begin));
        bytes.push(static_cast<std::int64_t>(evidence.end));
    }
    return out;
}

// What the self-assessment's criteria make of it, as the run left it.
Json rating_of(const Rating& rating) {
    Json out = Json::object();
    out["criteria"] = rating.criteria;
    out["likelihood"] = rating.likelihood;
    out["impact"] = rating.impact;
    out["inherent"] = name(rating.inherent);
    out["residual_likelihood"] = rating.residual_likelihood;
    out["residual_impact"] = rating.residual_impact;
    out["residual"] = name(rating.residual);
    out["inputs_known"] = rating.known;
    out["inputs_all"] = rating.of;
    put(out, "decision", rating.decision);
    return out;
}

Json answer_of(const OverviewAnswer& answer) {
    Json out = Json::object();
    out["answer"] = answer.number;
    out["question"] = answer.question;
    out["text"] = texts(answer.text);
    out["scope"] = answer.scope;
    put(out, "key", answer.key);
    if (answer.about != Texts{}) out["about"] = texts(answer.about);
    put(out, "value", answer.value);
    if (answer.shown != Texts{}) out["shown"] = texts(answer.shown);
    put(out, "by", answer.by);
    put(out, "at", answer.at);
    put(out, "expires", answer.expires);
    put(out, "source", answer.source);
    put(out, "note", answer.note);
    if (!answer.counted) out["counted"] = false;
    return out;
}

Json finding_of(const OverviewFinding& held, const Overview& overview) {
    const Finding& finding = held.finding;
    Json out = Json::object();
    out["finding"] = finding.id;
    out["policy"] = finding.policy;
    out["rule"] = finding.rule;
    out["version"] = finding.version;
    put(out, "rule_hash", finding.rule_hash);
    Json& subject = out["subject"];
    subject["kind"] = finding.subject.kind;
    subject["key"] = finding.subject.key;
    put(subject, "label", held.subject_label);
    if (held.subject_texts != Texts{}) subject["texts"] = texts(held.subject_texts);
    out["verdict"] = name(finding.verdict);
    out["likelihood"] = finding.likelihood;
    out["impact"] = finding.impact;
    out["band"] = name(finding.band);
    out["leading_band"] = name(held.leading());
    put_list(out, "missing", finding.missing);
    out["title"] = texts(finding.title);
    out["because"] = texts(finding.because);
    out["advice"] = texts(finding.advice);
    put(out, "consideration", finding.consideration);
    Json references = Json::array();
    for (const Reference& reference : finding.references) {
        Json each = Json::object();
        put(each, "title", reference.title.en);
        if (reference.title.nl != reference.title.en) put(each, "title_nl", reference.title.nl);
        put(each, "address", reference.address);
        references.push(std::move(each));
    }
    if (!references.items().empty()) out["references"] = std::move(references);
    out["facts"] = known(finding.facts);
    Json evidence = Json::array();
    for (const Evidence& each : finding.evidence) evidence.push(place_of(each, overview));
    if (!evidence.items().empty()) out["evidence"] = std::move(evidence);
    if (held.rating) out["rating"] = rating_of(*held.rating);
    Json grounds = Json::array();
    for (const OverviewGround& ground : held.grounds) {
        Json each = Json::object();
        each["answer"] = ground.answer;
        put_list(each, "facts", ground.facts);
        if (ground.rates) each["rates"] = true;
        grounds.push(std::move(each));
    }
    if (!grounds.items().empty()) out["answers"] = std::move(grounds);
    out["status"] = held.status;
    put(out, "status_since", held.status_since);
    out["observation"] = held.observation;
    if (held.closure_candidate) out["closure_candidate"] = true;
    put_decided(out, held.work);
    put(out, "opened", held.opened);
    put(out, "last_seen", held.last_seen);
    out["seen_in_last_run"] = held.seen_in_last_run;
    return out;
}

Json run_of(const OverviewRun& run, bool with_sources) {
    Json out = Json::object();
    out["run"] = run.run;
    put(out, "at", run.at);
    put(out, "program", run.program);
    put(out, "vendordb", run.vendordb);
    put(out, "rules", run.rules);
    if (!with_sources) return out;
    Json sources = Json::array();
    for (const RunSource& read : run.sources) {
        Json each = Json::object();
        each["id"] = read.id;
        put(each, "path", read.path);
        put(each, "kind", read.kind);
        put(each, "sha256", read.sha256);
        each["packets"] = read.packets;
        each["bytes"] = read.bytes;
        put(each, "first", read.first);
        put(each, "last", read.last);
        each["usable"] = read.usable;
        put_list(each, "problems", read.problems);
        sources.push(std::move(each));
    }
    out["sources"] = std::move(sources);
    return out;
}

Json group_of(const Group& group) {
    Json out = Json::object();
    out["kind"] = group.kind;
    out["key"] = group.key;
    out["title"] = texts(group.title);
    out["assets"] = group.assets;
    out["power_assets"] = group.power_assets;
    out["rated_power"] = group.rated_power;
    out["rated_power_unknown"] = group.rated_power_unknown;
    out["switchable_assets"] = group.switchable_assets;
    out["switchable_power"] = group.switchable_power;
    out["switchable_power_unknown"] = group.switchable_power_unknown;
    out["switchable_maybe"] = group.switchable_maybe;
    out["facts"] = known(group.facts);
    out["members"] = array_of(group.members);
    return out;
}

Json document(const Overview& overview, const ExportOptions& options) {
    Json out = Json::object();
    out["schema"] = register_schema;
    out["generated"] = rfc3339(options.now);
    out["tlp"] = "TLP:" + overview.tlp;
    out["disclaimer"] = disclaimers();
    out["site"] = overview.site;
    out["run"] = run_of(overview.run, true);
    Json& runs = out["runs"] = Json::array();
    for (const OverviewRun& run : overview.runs) runs.push(run_of(run, false));
    Json& assets = out["assets"] = Json::array();
    for (const OverviewAsset& asset : overview.assets) assets.push(asset_of(asset));
    Json& findings = out["findings"] = Json::array();
    for (const OverviewFinding& held : overview.findings) findings.push(finding_of(held, overview));
    Json& questions = out["questions"] = Json::array();
    for (const OverviewFinding& held : overview.questions) questions.push(finding_of(held, overview));
    Json& measures = out["measures"] = Json::array();
    for (const OverviewMeasure& measure : overview.measures) {
        Json each = Json::object();
        each["measure"] = measure.id;
        put(each, "finding", measure.finding);
        put_decided(each, measure.work);
        measures.push(std::move(each));
    }
    Json& answers = out["answers"] = Json::array();
    for (const OverviewAnswer& answer : overview.answers) answers.push(answer_of(answer));
    Json& groups = out["groups"] = Json::array();
    for (const Group& group : overview.groups) groups.push(group_of(group));
    out["unknown_vendors"] = array_of(overview.unknown_vendors);
    Json& coverage = out["coverage"] = Json::array();
    for (const OverviewCoverage& row : overview.coverage) {
        Json each = Json::object();
        each["asked"] = row.asked;
        each["outcome"] = row.outcome;
        each["subjects"] = row.subjects;
        each["count"] = row.count;
        coverage.push(std::move(each));
    }
    out["people_devices"] = overview.people_devices;
    return out;
}

std::vector<ExportFile> make_json(const Overview& overview, const ExportOptions& options) {
    const Json whole = document(overview, options);
    return {{"register.json", (options.compact ? write_json(whole) : write_json_pretty(whole)) + "\n"}};
}

}  // namespace

Export json() {
    return {"json", "the whole register as one document", "scanner/exports/schema/herkomst-register.schema.json",
            "register.json", make_json};
}

}  // namespace herkomst::exports
