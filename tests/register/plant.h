// An invented plant over time: observations as captures would give them, through identify and assess into a register. Used by
// the tests of the scripted year, of crashes and of assertions.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <optional>

#include <string>
#include <vector>

#include "assess/assess.h"
#include "register/overview.h"
#include "register/register.h"
#include "register/work.h"
#include "tests/assess/example_site.h"

namespace herkomst::plant {

using example::Folder;

// 2026-01-01 and so many days.
inline Time on_day(int day) { return Time(std::chrono::seconds(1'767'225'600)) + std::chrono::hours(24) * day; }

// What one device of the plant says in one capture. Without a MAC: a row of a list that knows an address.
struct Device {
    std::string mac;
    std::string ip;
    std::vector<std::pair<Field, std::string>> says;
};

inline std::vector<Observation> heard(const std::vector<Device>& devices, int day, const std::string& source) {
    std::vector<Observation> out;
    std::uint64_t frame = 0;
    for (const Device& device : devices) {
        Endpoint at;
        at.site = "north";
        const bool row = device.mac.empty();
        if (!row) at.mac = Mac::parse(device.mac).value();
        const auto say = [&](Field field, const std::string& value, const Endpoint& subject, const char* method) {
            Observation one;
            one.subject = subject;
            one.field = field;
            one.value = value;
            one.strength = row ? Strength::Listed : Strength::Stated;
            one.method = row ? "csv" : method;
            one.from = {source, ++frame, 20, 40};
            if (!row) one.seen = {on_day(day), on_day(day) + std::chrono::hours(1), 3};
            out.push_back(std::move(one));
        };
        if (!row) say(Field::address, device.ip, at, "arp.reply");
        Endpoint speaker = at;
        speaker.mac = {};
        speaker.ip = IpAddress::parse(device.ip).value();
        for (const auto& [field, value] : device.says) say(field, value, speaker, "modbus.device_id");
    }
    return out;
}

inline std::string rule(const std::string& id, const std::string& over, const std::string& when, const std::string& examples) {
    return R"({"id":")" + id + R"(","version":1,"over":")" + over + R"(","title":{"nl":"Titel )" + id + R"(","en":"Title )" +
           id + R"("},"when":")" + when +
           R"(","likelihood":"3","impact":"THE-IMPACT","because":{"nl":"Om {label}.","en":"Because of {label}."},)" +
           R"("advice":{"nl":"Doe iets.","en":"Do something."},"consideration":"3A","references":[{"title":"An act"}],)" +
           (examples.find("undecided") == std::string::npos ? R"("never_undecided":"known() passes it by",)" : "") +
           R"("examples":)" + examples + "}";
}

// Three rules of our own, so that the golden history does not change with every rule that is added.
inline PolicyPacks packs(const Folder& folder) {
    const auto put = [&](const std::string& id, std::string text, const std::string& impact) {
        const std::string mark = "THE-IMPACT";
        text.replace(text.find(mark), mark.size(), impact);
        folder.put("rules/policies/year/" + id + ".json", text);
    };
    put("path",
        rule(
            "path", "facts",
            "known(category) AND category = 'solar_inverter' AND NOT (known(remote_blocked) AND remote_blocked = 1)",
            R"([{"facts":{"category":"solar_inverter"},"verdict":"undecided"},{"facts":{"category":"solar_inverter","remote_blocked":0},"verdict":"fires"},{"facts":{"category":"plc"},"verdict":"does_not"}])"),
        "2 + (known(firmware) AND firmware = '9.9') * 2");
    put("origin",
        rule(
            "origin", "facts", "known(compelled_cooperation) AND compelled_cooperation = 1 AND kind = 'device'",
            R"([{"facts":{"compelled_cooperation":1,"kind":"device"},"verdict":"fires"},{"facts":{"compelled_cooperation":0,"kind":"device"},"verdict":"does_not"}])"),
        "3");
    put("supplier",
        rule(
            "supplier", "groups", "kind = 'vendor' AND known(compelled_cooperation) AND compelled_cooperation = 1",
            R"([{"facts":{"kind":"vendor","compelled_cooperation":1},"verdict":"fires"},{"facts":{"kind":"site"},"verdict":"does_not"}])"),
        "2");
    Result<PolicyPacks> loaded = PolicyPacks::load(folder.at("rules"));
    if (!loaded) {
        for (const Problem& problem : loaded.problems()) FAIL(problem.text());
    }
    return std::move(loaded.value());
}

class Plant {
  public:
    Plant(const Folder& folder, std::string path)
        : path_(std::move(path)), before_(example::vendors(folder)), packs_(packs(folder)) {
        // The maker of the controllers is sold: the user says so in a folder of his own.
        folder.put(
            "overlay/vendors/hillside.json",
            R"({"slug":"hillside","name":"Example hillside","kind":"maker","categories":["plc"],"origin":[{"claim":"controlled_from","country":"XA",)" +
                example::claim("verified") + "}]}");
        Result<VendorDb> after = VendorDb::open(folder.at("vendordb.sqlite"), {folder.at("overlay")});
        if (!after) {
            for (const Problem& problem : after.problems()) FAIL(problem.text());
        }
        after_.emplace(std::move(after.value()));
    }
    Plant(const Plant&) = delete;
    Plant& operator=(const Plant&) = delete;

    // `source`: empty: a capture of its own.
    RunReceipt run(const std::vector<Device>& devices, int day, bool sold = false, std::string source = {}) {
        if (source.empty()) source = "capture-of-day-" + std::to_string(day);
        const VendorDb& db = sold ? *after_ : before_;
        ScanRun run;
        if (std::filesystem::exists(path_)) run.assertions = assertions_of(Register::open_to_read(path_));
        const Identified identified = identify(heard(devices, day, source), {}, db, {false, on_day(day), run.assertions});
        const Assessment assessment = assess(identified, db, packs_, {"north"});
        run.site = "north";
        run.now = on_day(day) + std::chrono::hours(2);
        run.program = "herkomst test";
        run.vendordb = db.version();
        RunSource read;
        read.id = source;
        read.path = source + ".pcap";
        read.kind = kind;
        read.first = on_day(day);
        read.last = on_day(day) + std::chrono::hours(1);
        read.usable = true;
        if (minute) {
            run.now += std::chrono::minutes(*minute);
            run.one_of_many = true;
            read.kind = "interface";
        }
        run.sources = {read};
        run.identified = &identified;
        run.assessment = &assessment;
        run.policies = &packs_;
        run.vendors = &db;
        run.rate = rate;
        run.coverage = coverage;
        run.sessions = sessions;
        Register held = Register::open(path_);
        return held.record(run);
    }
    std::vector<Coverage> coverage;                     // of the runs that follow
    std::vector<SeenSession> sessions;                  // of the runs that follow
    std::function<bool(const Finding&, Rating&)> rate;  // of the runs that follow; empty: nothing is rated
    std::string kind = "capture";                       // of the sources of the runs that follow
    std::optional<int> minute;                          // of the runs that follow, which are intervals of `listen` then
    [[nodiscard]] Overview look() const { return overview(Register::open_to_read(path_), nullptr); }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const VendorDb& db() const { return before_; }
    // The uid of whatever goes by that MAC or address.
    [[nodiscard]] std::string uid(const std::string& said) const {
        const std::vector<std::string> found = assets_meant(look(), said);
        REQUIRE(found.size() == 1);
        return found.front();
    }
    [[nodiscard]] const OverviewFinding finding(const std::string& rule, const std::string& subject) const {
        const Overview all = look();
        for (const auto* list : {&all.findings, &all.questions}) {
            for (const OverviewFinding& one : *list) {
                if (one.finding.rule == rule && one.finding.subject.key == subject) return one;
            }
        }
        FAIL("no finding of rule " << rule << " about " << subject);
        return {};
    }

  private:
    std::string path_;
    VendorDb before_;
    std::optional<VendorDb> after_;
    PolicyPacks packs_;
};

template <class T>
T good(Result<T> result) {
    if (!result) {
        for (const Problem& problem : result.problems()) FAIL(problem.text());
    }
    return std::move(result.value());
}
template <class T>
std::string refusal(const Result<T>& result) {
    std::string out;
    if (result) return out;
    for (const Problem& problem : result.problems()) out += problem.text() + "\n";
    return out;
}

inline Act owner(int day, const std::string& reason) { return {"R. Owner", "owner", reason, on_day(day)}; }
inline Act analyst(int day, const std::string& reason) { return {"A. Analyst", "analyst", reason, on_day(day)}; }

}  // namespace herkomst::plant
