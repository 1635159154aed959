// herkomst register set, status, accept, close, assign, measure, merge, split, withdraw: what people do.
#include <algorithm>
#include <cstdio>
#include <optional>

#include "cli/open_register.h"
#include "cli/register_actions.h"
#include "cli/terminal.h"
#include "core/field.h"
#include "core/printed.h"
#include "imports/columns.h"
#include "register/called.h"
#include "register/lifecycle.h"
#include "register/said.h"
#include "report/words.h"
#include "vendordb/vendordb.h"

namespace herkomst {

namespace {

struct SortedWords {
    std::vector<Addressed> things;
    std::vector<std::string> plain;  // as they were said
    WorkFields fields;
    bool good = true;
};

// Of a field that takes codes, the code that a word stands for.
std::string value_meant(const std::string& field, const std::string& value) {
    if (field == "response") return code_of(CodeList::Response, value);
    if (field == "closure_reason") return code_of(CodeList::Closure, value);
    if (field == "role") return code_of(CodeList::Role, value);
    if (field == "state") return code_of(CodeList::MeasureState, value);
    if (field == "effect") return code_of(CodeList::Effect, value);
    if (field == "kind") return code_of(CodeList::MeasureKind, value);
    if (field == "criticality") return code_of(CodeList::Band, value);
    if (field == "retired") return code_of(CodeList::Answer, value);
    return value;
}

// Which of the words are things, and which set a field.
SortedWords sorted_out(const RegisterAsked& asked, const Overview& all, std::size_t skip = 0) {
    SortedWords out;
    for (std::size_t i = skip; i < asked.words.size(); ++i) {
        std::string field;
        std::string value;
        if (field_and_value(asked.words[i], field, value)) {
            const std::string code = code_of(CodeList::Field, field);
            out.fields[code] = value_meant(code, value);
            continue;
        }
        out.plain.push_back(asked.words[i]);
        out.things.push_back(meant_by(all, asked.words[i], asked.lang));
        out.good = out.good && !out.things.back().kind.empty();
    }
    return out;
}

// What is said of a device in words that later scans can use: categories by their codes, power in watts. The refusal, or
// nothing.
std::string made_sense_of(WorkFields& fields, const std::string& lang) {
    if (const auto category = fields.find("category"); category != fields.end() && !category->second.empty()) {
        std::string code = Words(lang).category_called(category->second);
        if (code.empty()) code = Words(lang == "nl" ? "en" : "nl").category_called(category->second);
        if (code.empty()) code = category_of(category->second);
        if (code.empty())
            return either(lang,
                          "\"" + category->second + "\" is no category that is known (such as solar_inverter, ev_charger)",
                          "\"" + category->second + "\" is geen bekende categorie (zoals omvormer (zon), laadpaal)");
        category->second = code;
    }
    if (const auto power = fields.find("rated_power"); power != fields.end() && !power->second.empty()) {
        const std::string watts = watts_of(power->second, "W");
        if (watts.empty())
            return either(lang, "\"" + power->second + "\" is not a power (W, kW, MW)",
                          "\"" + power->second + "\" is geen vermogen (W, kW, MW)");
        power->second = watts;
    }
    return {};
}

// What is set of a name that nothing in the register goes by is kept, for it may come; but who mistyped it would never see it
// again.
std::string known_of_nobody(const Overview& all, const Addressed& thing, const std::string& lang) {
    const auto any = [&](const auto& goes_by) { return std::any_of(all.assets.begin(), all.assets.end(), goes_by); };
    if (thing.kind == "zone" || thing.kind == "process") {
        const bool zone = thing.kind == "zone";
        if (any([&](const OverviewAsset& asset) { return work_field(asset.work, thing.kind) == thing.key; })) return {};
        return zone ? either(lang, "no asset is in this zone", "geen enkele asset hoort bij deze zone")
                    : either(lang, "no asset belongs to this process", "geen enkele asset hoort bij dit proces");
    }
    if (thing.kind == "supplier" && !any([&](const OverviewAsset& asset) { return asset.maker == thing.key; }))
        return either(lang, "no asset in this register is of a maker called that",
                      "geen enkele asset in dit register is van een fabrikant met deze naam");
    if (thing.kind == "site" && thing.key != all.site)
        return either(lang, "this register is of another site", "dit register is van een andere locatie");
    return {};
}

template <class T>
bool told(const RegisterAsked& asked, const Result<T>& result, int& exit_code, const std::string& done) {
    if (!result) {
        exit_code = complain(result.problems(), asked.lang);
        return false;
    }
    std::printf("%s\n", printed(done).c_str());
    return true;
}

}  // namespace

int register_set(const RegisterAsked& asked) {
    Register held = open_register_that_is(asked.path, asked.lang);
    const Overview all = overview(held, nullptr);
    SortedWords words = sorted_out(asked, all);
    if (!words.good) return exit_usage;
    if (words.things.empty() || words.fields.empty())
        return refuse_register(either(asked.lang, "set THING... FIELD=VALUE...; an empty VALUE takes it away",
                                      "set DING... VELD=WAARDE...; een lege WAARDE maakt het veld leeg"));
    // All of it or nothing: what cannot be set is said before anything is.
    Problems problems;
    for (const Addressed& thing : words.things) {
        const std::string place = thing.kind == "asset" || thing.kind == "finding" || thing.kind == "measure"
                                      ? thing.key
                                      : thing.kind + ":" + thing.key;
        if (thing.kind == "setting") {
            if (!words.fields.contains("value") || words.fields.size() != 1) problems.push_back({place, "is set by value=..."});
            continue;
        }
        if (thing.kind == "measure" && work_of(held, thing.kind, thing.key).empty())
            problems.push_back({place, "there is no such measure"});
        if (thing.kind == "assertion") problems.push_back({place, "is nothing that has fields"});
        if (const std::string wrong = thing.kind == "asset" ? made_sense_of(words.fields, asked.lang) : ""; !wrong.empty())
            return refuse_register(wrong);
        for (const auto& [field, value] : words.fields) {
            const auto said = thing.kind == "asset" ? field_named(field) : std::nullopt;
            const std::string no = said ? refused_word(*said, value) : refused_value(thing.kind, field, value);
            if (!no.empty()) problems.push_back({place, said ? no : field + ": " + no});
        }
    }
    if (!problems.empty()) return complain(problems, asked.lang);
    int exit_code = exit_done;
    for (std::size_t i = 0; i < words.things.size(); ++i) {
        const Addressed& thing = words.things[i];
        if (thing.kind == "setting") {
            told(asked, put_setting(held, thing.key, words.fields.at("value"), asked.act), exit_code, "setting:" + thing.key);
            continue;
        }
        // What a device is, is an assertion; what it is for us is a field.
        WorkFields fields;
        bool good = true;
        for (const auto& [field, value] : words.fields) {
            const auto said = thing.kind == "asset" ? field_named(field) : std::nullopt;
            if (!said) {
                fields[field] = value;
                continue;
            }
            int ignored = exit_done;
            const std::optional<VendorDb> db = asked.vendor_data.open(ignored);
            if (!db && ignored == exit_usage) return exit_usage;
            const Result<std::string> done =
                assert_is(held, face_meant(held, thing.key, words.plain[i]), *said, value, db ? &*db : nullptr, asked.act);
            good = told(asked, done, exit_code,
                        thing.key + ": " + (asked.lang == "nl" ? Words("nl").field(field) : field) +
                            (value.empty() ? either(asked.lang, " as the network has it", " zoals het netwerk zegt")
                                           : " = " + (asked.lang == "nl" ? Words("nl").field_value(field, value) : value))) &&
                   good;
        }
        if (fields.empty() || !good) continue;
        if (!told(asked, set_fields(held, thing.kind, thing.key, fields, asked.act), exit_code,
                  called(CodeList::Kind, thing.kind, asked.lang) + " " + thing.key + either(asked.lang, "", ": ingevuld")))
            continue;
        if (const std::string nobody = known_of_nobody(all, thing, asked.lang); !nobody.empty())
            std::printf("%s: %s\n", printed(thing.kind + ":" + thing.key).c_str(), nobody.c_str());
    }
    const auto is_asset = [](const Addressed& thing) { return thing.kind == "asset"; };
    const auto is_asserted = [](const auto& one) { return field_named(one.first).has_value(); };
    const bool of_network = std::any_of(words.things.begin(), words.things.end(), is_asset) &&
                            std::any_of(words.fields.begin(), words.fields.end(), is_asserted);
    if (of_network && exit_code == exit_done)
        std::puts(either(asked.lang, "facts, findings and their texts hold from the next scan on",
                         "gegevens, bevindingen en hun teksten volgen dit vanaf de volgende inventarisatie")
                      .c_str());
    return exit_code;
}

int register_move(const RegisterAsked& asked, const std::string& to) {
    Register held = open_register_that_is(asked.path, asked.lang);
    const Overview all = overview(held, nullptr);
    const SortedWords words = sorted_out(asked, all, to.empty() ? 1 : 0);
    if (!words.good) return exit_usage;
    const std::string status = to.empty() && !asked.words.empty() ? code_of(CodeList::Status, asked.words.front()) : to;
    if (words.things.empty())
        return refuse_register(asked.action + (to.empty() ? " STATUS" : "") +
                               either(asked.lang, " FINDING... [FIELD=VALUE...]", " BEVINDING... [VELD=WAARDE...]"));
    WorkFields fields = words.fields;
    if (!asked.until.empty()) fields["accepted_until"] = asked.until;
    if (!asked.because.empty()) fields["closure_reason"] = asked.because;
    int exit_code = exit_done;
    for (const Addressed& thing : words.things) {
        if (thing.kind != "finding") {
            exit_code = complain({{thing.key, either(asked.lang, "is no finding", "is geen bevinding")}}, asked.lang);
            continue;
        }
        told(asked, move(held, thing.key, status, fields, asked.act), exit_code,
             thing.key + " is " + cell_in("status", status, asked.lang));
    }
    return exit_code;
}

int register_assign(const RegisterAsked& asked) {
    if (asked.words.size() < 2) return refuse_register(either(asked.lang, "assign THING... NAME", "assign DING... NAAM"));
    RegisterAsked to = asked;
    to.words.back() = "owner=" + asked.words.back();
    return register_set(to);
}

int register_measure(const RegisterAsked& asked) {
    Register held = open_register_that_is(asked.path, asked.lang);
    const Overview all = overview(held, nullptr);
    const SortedWords words = sorted_out(asked, all);
    if (!words.good) return exit_usage;
    if (words.things.empty())
        return refuse_register(either(asked.lang, "measure FINDING... title=TEXT [kind=... state=... owner=... due=...]",
                                      "measure BEVINDING... title=TEKST [kind=... state=... owner=... due=...]"));
    int exit_code = exit_done;
    for (const Addressed& thing : words.things) {
        const Result<std::string> done = add_measure(held, thing.key, words.fields, asked.act);
        told(asked, done, exit_code, done ? done.value() : "");
    }
    return exit_code;
}

int register_same(const RegisterAsked& asked) {
    Register held = open_register_that_is(asked.path, asked.lang);
    const Overview all = overview(held, nullptr);
    const SortedWords words = sorted_out(asked, all);
    if (!words.good) return exit_usage;
    if (words.things.size() != 2) return refuse_register("merge ASSET ASSET");
    int exit_code = exit_done;
    // Of one that was taken for one with others before, whoever is named.
    const auto whom = [&](std::size_t i) {
        const Addressed& thing = words.things[i];
        return thing.kind == "asset" ? face_meant(held, thing.key, words.plain[i]) : thing.key;
    };
    const Result<std::string> done = assert_same(held, whom(0), whom(1), asked.act);
    told(asked, done, exit_code, done ? done.value() + either(asked.lang, ": they are one", ": zij zijn dezelfde asset") : "");
    return exit_code;
}

int register_apart(const RegisterAsked& asked) {
    if (asked.words.size() < 2)
        return refuse_register(
            either(asked.lang, "split ASSET IDENTIFIER...: what it goes by and the other one does not (show ASSET lists them)",
                   "split ASSET KENMERK...: wat bij de andere asset hoort en niet bij deze (show ASSET noemt de kenmerken)"));
    Register held = open_register_that_is(asked.path, asked.lang);
    const Addressed meant = meant_by(overview(held, nullptr), asked.words.front(), asked.lang);
    if (meant.kind.empty()) return exit_usage;
    int exit_code = exit_done;
    const Result<std::string> done = assert_apart(held, meant.key, {asked.words.begin() + 1, asked.words.end()}, asked.act);
    told(asked, done, exit_code, done ? done.value() + either(asked.lang, " is another one", " is een andere asset") : "");
    return exit_code;
}

int register_withdraw(const RegisterAsked& asked) {
    if (asked.words.empty()) return refuse_register(either(asked.lang, "withdraw A-NUMBER...", "withdraw A-NUMMER..."));
    Register held = open_register_that_is(asked.path, asked.lang);
    int exit_code = exit_done;
    for (const std::string& each : asked.words)
        told(asked, withdraw(held, each, asked.act), exit_code, each + either(asked.lang, " is withdrawn", " is ingetrokken"));
    return exit_code;
}

}  // namespace herkomst
