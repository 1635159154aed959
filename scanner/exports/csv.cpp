// Four tables for spreadsheets and for inventories that map columns: assets, findings, questions, answers.
#include <map>

#include "assess/told.h"
#include "core/text.h"
#include "exports/export.h"
#include "exports/rows.h"
#include "exports/spreadsheet.h"

namespace herkomst::exports {

namespace {

std::string disputed(const OverviewAsset& asset, bool contested) {
    std::vector<std::string> out;
    for (const auto& [field, held] : asset.beliefs) {
        if (held.belief.contested != contested || held.belief.dissent.empty() || !single_valued(field)) continue;
        out.push_back(std::string(name(field)) + ": " + join(held.belief.dissent, " / "));
    }
    return listed(out);
}

std::string decided(const OverviewAsset& asset, std::string_view field) {
    const auto found = asset.work.find(field);
    return found == asset.work.end() ? std::string() : found->second;
}

std::string assets(const Overview& overview, const ExportOptions& options) {
    Spreadsheet sheet({"uid",
                       "label",
                       "kind",
                       "parent",
                       "site",
                       "category",
                       "brand",
                       "maker",
                       "maker_slug",
                       "maker_strength",
                       "model",
                       "serial",
                       "hardware",
                       "firmware",
                       "control_country",
                       "control_status",
                       "mac",
                       "ip",
                       "hostname",
                       "path",
                       "nic_maker",
                       "module_maker",
                       "stack_maker",
                       "cloud_operator",
                       "rated_power_w",
                       "remote_documented",
                       "remote_exposed",
                       "remote_observed",
                       "remote_blocked",
                       "contested",
                       "dissent",
                       "first_seen",
                       "last_seen",
                       "first_run",
                       "last_run",
                       "function",
                       "purdue_level",
                       "carries",
                       "conduits",
                       "control_paths",
                       "zone",
                       "process",
                       "owner",
                       "tlp",
                       "observation"},
                      options.delimiter, options.bom);
    for (const OverviewAsset& asset : overview.assets) {
        const Belief* maker = asset.belief(Field::maker);
        const std::string category = fact_text(asset, "category");
        sheet.row({asset.uid,
                   asset.label,
                   asset.kind,
                   asset.parent,
                   overview.site,
                   category.empty() ? value_of(asset, Field::category) : category,
                   value_of(asset, Field::brand),
                   asset.maker_name.empty() ? value_of(asset, Field::maker) : asset.maker_name,
                   asset.maker,
                   maker == nullptr || maker->contested ? "" : std::string(name(maker->strength)),
                   value_of(asset, Field::model),
                   value_of(asset, Field::serial),
                   value_of(asset, Field::hardware),
                   value_of(asset, Field::firmware),
                   asset.country,
                   control_status(asset),
                   listed(asset.identifiers.mac),
                   listed(asset.identifiers.ip),
                   listed(asset.identifiers.hostname),
                   listed(asset.identifiers.path),
                   value_of(asset, Field::nic_maker),
                   value_of(asset, Field::module_maker),
                   value_of(asset, Field::stack_maker),
                   value_of(asset, Field::cloud_operator),
                   fact_text(asset, "rated_power"),
                   fact_text(asset, "remote_documented"),
                   fact_text(asset, "remote_exposed"),
                   fact_text(asset, "remote_observed"),
                   fact_text(asset, "remote_blocked"),
                   disputed(asset, true),
                   disputed(asset, false),
                   time_text(asset.first_seen),
                   time_text(asset.last_seen),
                   std::to_string(asset.first_run),
                   std::to_string(asset.last_run),
                   value_of(asset, Field::function),
                   value_of(asset, Field::purdue_level),
                   value_of(asset, Field::carries),
                   listed(all_values(asset, Field::conduit)),
                   listed(all_values(asset, Field::control_path)),
                   decided(asset, "zone"),
                   decided(asset, "process"),
                   decided(asset, "owner"),
                   overview.tlp,
                   asset.observation});
    }
    return sheet.take(overview.tlp);
}

std::string facts(const Finding& finding) {
    std::vector<std::string> out;
    for (const auto& [fact, value] : finding.facts) out.push_back(fact + "=" + (value.is_null() ? "?" : as_text(value)));
    return listed(out);
}

std::string evidence(const Finding& finding, const Overview& overview) {
    std::vector<std::string> out;
    for (const Evidence& each : finding.evidence) out.push_back(evidence_text(each, overview));
    return listed(out);
}

std::string references(const Finding& finding, const std::string& lang) {
    std::vector<std::string> out;
    for (const Reference& each : finding.references)
        out.push_back(each.address.empty() ? each.title.in(lang) : each.title.in(lang) + " <" + each.address + ">");
    return listed(out);
}

std::string subject(const OverviewFinding& held, const std::string& lang) {
    const std::string& localised = held.subject_texts.in(lang);
    return localised.empty() ? held.subject_label : localised;
}

std::string measures(const OverviewFinding& held, const Overview& overview) {
    std::vector<std::string> out;
    for (const OverviewMeasure& measure : overview.measures) {
        if (measure.finding != held.finding.id) continue;
        const auto at = [&](std::string_view field) {
            const auto found = measure.work.find(field);
            return found == measure.work.end() ? std::string() : found->second;
        };
        std::string text = measure.id;
        for (const char* field : {"title", "state"}) {
            if (const std::string value = at(field); !value.empty()) text += " " + value;
        }
        if (const std::string due = at("due"); !due.empty()) text += " (" + due + ")";
        out.push_back(std::move(text));
    }
    return listed(out);
}

// Numbers of answers.csv.
std::string grounds(const OverviewFinding& held, const Overview& overview) {
    std::vector<std::string> out;
    for (const OverviewGround& ground : held.grounds) {
        const OverviewAnswer& answer = overview.answers.at(static_cast<std::size_t>(ground.answer) - 1);
        std::string text = std::to_string(answer.number) + " " + answer.question;
        if (!answer.value.empty()) text += "=" + answer.value;
        text += " (" + (answer.by.empty() ? std::string() : answer.by + ", ") + time_text(answer.at).substr(0, 10) + ")";
        out.push_back(std::move(text));
    }
    return listed(out);
}

std::string findings(const Overview& overview, const ExportOptions& options) {
    Spreadsheet sheet(
        {"finding",     "band",          "likelihood",   "impact",         "status",  "policy",       "rule",
         "version",     "consideration", "subject_kind", "subject_key",    "subject", "title",        "because",
         "advice",      "facts",         "evidence",     "references",     "opened",  "last_seen",    "seen_in_last_run",
         "observation", "owner",         "due",          "accepted_until", "tlp",     "rated",        "rated_residual",
         "rated_known", "residual_band", "residual_why", "measures",       "answers", "leading_band", "disclaimer"},
        options.delimiter, options.bom);
    for (const OverviewFinding& held : overview.findings) {
        const Finding& finding = held.finding;
        sheet.row({finding.id,
                   std::string(name(finding.band)),
                   std::to_string(finding.likelihood),
                   std::to_string(finding.impact),
                   held.status,
                   finding.policy,
                   finding.rule,
                   std::to_string(finding.version),
                   finding.consideration,
                   finding.subject.kind,
                   finding.subject.key,
                   subject(held, options.lang),
                   finding.title.in(options.lang),
                   finding.because.in(options.lang),
                   finding.advice.in(options.lang),
                   facts(finding),
                   evidence(finding, overview),
                   references(finding, options.lang),
                   time_text(held.opened),
                   time_text(held.last_seen),
                   held.seen_in_last_run ? "yes" : "no",
                   held.observation,
                   held.work_at("owner"),
                   held.work_at("due"),
                   held.work_at("accepted_until"),
                   overview.tlp,
                   held.rating ? std::string(name(held.rating->inherent)) : std::string(),
                   held.rating ? std::string(name(held.rating->residual)) : std::string(),
                   held.rating ? std::to_string(held.rating->known) + "/" + std::to_string(held.rating->of) : std::string(),
                   held.work_at("residual_band"),
                   held.work_at("residual_why"),
                   measures(held, overview),
                   grounds(held, overview),
                   std::string(name(held.leading())),
                   disclaimer_line(options.lang)});
    }
    return sheet.take(overview.tlp);
}

std::string answers(const Overview& overview, const ExportOptions& options) {
    std::map<int, std::vector<std::string>> used;
    for (const OverviewFinding& held : overview.findings) {
        for (const OverviewGround& ground : held.grounds) used[ground.answer].push_back(held.finding.id);
    }
    Spreadsheet sheet({"answer", "question", "text", "scope", "key", "about", "value", "shown", "by", "at", "expires", "source",
                       "note", "findings", "counted", "tlp"},
                      options.delimiter, options.bom);
    for (const OverviewAnswer& one : overview.answers) {
        sheet.row({std::to_string(one.number), one.question, one.text.in(options.lang), one.scope, one.key,
                   one.about.in(options.lang), one.value, one.shown.in(options.lang), one.by, time_text(one.at),
                   time_text(one.expires), one.source, one.note, listed(used[one.number]), one.counted ? "yes" : "no",
                   overview.tlp});
    }
    return sheet.take(overview.tlp);
}

std::string questions(const Overview& overview, const ExportOptions& options) {
    Spreadsheet sheet(
        {"question", "band_at_most", "status", "policy", "rule", "version", "consideration", "subject_kind", "subject_key",
         "subject", "title", "missing", "because", "facts", "opened", "last_seen", "answer", "tlp", "disclaimer"},
        options.delimiter, options.bom);
    for (const OverviewFinding& held : overview.questions) {
        const Finding& finding = held.finding;
        sheet.row({finding.id, std::string(name(finding.band)), held.status, finding.policy, finding.rule,
                   std::to_string(finding.version), finding.consideration, finding.subject.kind, finding.subject.key,
                   subject(held, options.lang), finding.title.in(options.lang), listed(finding.missing),
                   told_because(finding, options.lang), facts(finding), time_text(held.opened), time_text(held.last_seen), "",
                   overview.tlp, disclaimer_line(options.lang)});
    }
    return sheet.take(overview.tlp);
}

std::vector<ExportFile> make_csv(const Overview& overview, const ExportOptions& options) {
    return {{"assets.csv", assets(overview, options)},
            {"findings.csv", findings(overview, options)},
            {"questions.csv", questions(overview, options)},
            {"answers.csv", answers(overview, options)}};
}

}  // namespace

Export csv() {
    return {"csv", "tables for spreadsheets", "RFC 4180, UTF-8; columns: scanner/exports/README.md",
            "assets.csv, findings.csv, questions.csv, answers.csv", make_csv};
}

}  // namespace herkomst::exports
