// herkomst vendors: who makes it, who stands behind the maker, and how we know. Asks the vendor data alone, no register and no
// capture.
#include <cstdio>
#include <filesystem>
#include <optional>

#include "cli/command.h"
#include "cli/terminal.h"
#include "cli/vendor_assess.h"
#include "cli/vendor_claims.h"
#include "cli/vendor_data.h"
#include "cli/vendor_pages.h"
#include "cli/vendor_text.h"
#include "core/endpoint.h"
#include "core/file.h"
#include "core/lines.h"
#include "core/text.h"

namespace herkomst::cli {

namespace {

struct VendorsAsked {
    std::string action;
    std::vector<std::string> words;
    std::string lang = "en";
    bool json = false;
    unsigned months = 12;
    std::vector<std::string> policies;
    VendorData data;

    [[nodiscard]] std::string text() const {
        std::string out;
        for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
        return out;
    }
};

void print_out(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }
void print_out(const std::vector<Json>& rows) {
    for (const Json& row : rows) print_out(write_json(row) + "\n");
}
// The vendor of that slug or name; else says which may be meant.
const Vendor* the_vendor(const VendorDb& db, const std::string& said) {
    const Vendor* vendor = db.vendor(said);
    if (vendor == nullptr) vendor = db.named(said);
    if (vendor != nullptr) return vendor;
    std::fprintf(stderr, "herkomst vendors: no vendor is called \"%s\"\n", said.c_str());
    for (const std::string& slug : db.search(said)) std::fprintf(stderr, "  %s\n", slug.c_str());
    return nullptr;
}

// Who holds a number of a registry ("cip:9") or a network address ("00-00-5F-00-00-01", or its first half), as registered.
std::optional<Holder> holder_of(const VendorDb& db, const std::string& said) {
    if (std::optional<Holder> holder = db.id(lower(said)); holder && !holder->name.empty()) return holder;
    for (const char* rest : {"", "-00-00-00", ":00:00:00", "000000"}) {
        const auto mac = Mac::parse(said + rest);
        if (!mac) continue;
        std::optional<Holder> holder = db.oui(*mac);
        if (holder && !holder->name.empty()) return holder;
    }
    return std::nullopt;
}

int search(const VendorDb& db, const VendorsAsked& asked) {
    const VendorText text(db, asked.lang);
    std::vector<std::string> found = db.search(asked.text());
    const std::optional<Holder> holder = found.empty() ? holder_of(db, asked.text()) : std::nullopt;
    if (holder && !holder->vendor.empty()) found.push_back(holder->vendor);
    if (found.empty()) {
        if (holder) {
            if (asked.json) {
                Json row = Json::object();
                row["type"] = "holder";
                row["id"] = asked.text();
                row["name"] = holder->name;
                print_out({row});
            } else {
                print_out(fmt::format(
                    "{:<24} {:<32} {}\n", "-", holder->name,
                    text.say("houder volgens het register; geen leveranciersbestand", "holder as registered; no vendor file")));
            }
            return exit_done;
        }
        std::fprintf(stderr, "herkomst vendors: nothing here knows \"%s\"\n", asked.text().c_str());
        return exit_usage;
    }
    for (const std::string& slug : found) {
        const Vendor& vendor = *db.vendor(slug);
        const Chain chain = db.chain(slug);
        if (asked.json) {
            Json row = Json::object();
            row["type"] = "vendor";
            row["vendor"] = slug;
            row["name"] = vendor.name;
            row["kind"] = vendor.kind;
            if (!chain.country.empty()) {
                row["country"] = chain.country;
                row["status"] = name(chain.status);
            }
            print_out({row});
            continue;
        }
        const std::string control = chain.contested ? std::string(text.word("contested"))
                                    : chain.country.empty()
                                        ? std::string(text.word("unknown"))
                                        : fmt::format("{}, {}", text.country(chain.country), text.word(name(chain.status)));
        print_out(fmt::format("{:<24} {:<32} {}\n", slug, vendor.name, control));
    }
    return exit_done;
}

int stale(const VendorDb& db, const VendorsAsked& asked, Time now) {
    const VendorText text(db, asked.lang);
    const std::vector<PlacedClaim> claims = stale_claims(db, asked.months, now);
    for (const PlacedClaim& claim : claims) {
        const Sourcing& sourcing = *claim.sourcing;
        if (asked.json) {
            Json row = Json::object();
            row["type"] = "stale_claim";
            row["place"] = claim.place;
            row["claim"] = claim.says;
            row["status"] = name(sourcing.status);
            row["as_of"] = sourcing.as_of;
            if (!sourcing.address.empty()) row["address"] = sourcing.address;
            print_out({row});
            continue;
        }
        print_out(fmt::format("{:<10} {:<12} {}: {}{}\n", sourcing.as_of, text.word(name(sourcing.status)), claim.place,
                              claim.says, sourcing.address.empty() ? "" : "  " + sourcing.address));
    }
    if (!asked.json)
        print_out(fmt::format("{} {} {} {} {}\n", claims.size(), text.say("van", "of"), all_claims(db).size(),
                              text.say("uitspraken zijn ouder dan", "claims are older than"),
                              asked.months == 1 ? std::string(text.say("een maand", "a month"))
                                                : fmt::format("{} {}", asked.months, text.say("maanden", "months"))));
    return exit_done;
}

int tell(const Problems& problems, std::size_t claims, const VendorsAsked& asked) {
    for (const Problem& problem : problems) {
        if (!asked.json) {
            print_out(problem.text() + "\n");
            continue;
        }
        Json row = Json::object();
        row["type"] = "problem";
        row["place"] = problem.place;
        row["sentence"] = problem.sentence;
        print_out({row});
    }
    if (!asked.json) {
        if (claims != 0) print_out(fmt::format("{} claims, ", claims));
        print_out(fmt::format("{} {}\n", problems.size(), problems.size() == 1 ? "problem" : "problems"));
    }
    return problems.empty() ? exit_done : exit_usage;
}

// A folder that has the form of vendordb/ is checked by itself; any other as an overlay on the database; without one, the
// claims of the database itself.
int check_files(const VendorsAsked& asked) {
    std::error_code error;
    const std::filesystem::path folder = asked.text();
    if (!folder.empty() && std::filesystem::exists(folder / "vocabulary.json", error))
        return tell(check_vendordb(folder.string()), 0, asked);
    if (!folder.empty()) {
        const Result<VendorDb> opened = VendorDb::open(data_folder() + "/vendordb.sqlite", {folder.string()});
        return tell(opened ? Problems() : opened.problems(), 0, asked);
    }
    int exit_code = 0;
    const std::optional<VendorDb> db = asked.data.open(exit_code);
    if (!db) return exit_code;
    const std::vector<PlacedClaim> claims = all_claims(*db);
    return tell(wrong_claims(claims), claims.size(), asked);
}

int assess(const VendorDb& db, const VendorsAsked& asked) {
    const Meant meant = meant_by(db, asked.text());
    if (!meant.unknown.empty()) {
        std::fprintf(stderr,
                     "herkomst vendors: neither a vendor nor a product line here knows \"%s\"; nothing is guessed. "
                     "`herkomst vendors search` looks for parts of names\n",
                     meant.unknown.c_str());
        return exit_usage;
    }
    if (!meant.several.empty()) {
        std::fprintf(stderr, "herkomst vendors: \"%s\" may be a model of any of these; say whose:\n", asked.text().c_str());
        for (const Vendor* vendor : meant.several) std::fprintf(stderr, "  %s\n", vendor->name.c_str());
        return exit_usage;
    }
    const Result<PolicyPacks> packs = PolicyPacks::load(data_folder() + "/rules", asked.policies);
    if (!packs) {
        complain(packs.problems());
        return exit_usage;
    }
    if (asked.json) {
        print_out(assessment_rows(db, meant, &packs.value()));
    } else {
        print_out(assessment_page(db, meant, &packs.value(), asked.lang));
    }
    return exit_done;
}

int about_one(const VendorDb& db, const VendorsAsked& asked) {
    const Vendor* vendor = the_vendor(db, asked.text());
    if (vendor == nullptr) return exit_usage;
    if (asked.action == "show") {
        asked.json ? print_out(vendor_rows(db, *vendor)) : print_out(vendor_page(db, *vendor, asked.lang));
    } else if (asked.action == "chain") {
        asked.json ? print_out(chain_rows(db, *vendor)) : print_out(chain_page(db, *vendor, asked.lang));
    } else {
        asked.json ? print_out(id_rows(db, *vendor)) : print_out(ids_page(db, *vendor, asked.lang));
    }
    return exit_done;
}

int run_vendors(std::span<const std::string> args, Context& context) {
    VendorsAsked asked;
    Options options("vendors", "Asks the vendor data: who makes it, who stands behind the maker, and how we know.");
    options.argument("ACTION", asked.action, "search, show, chain, ids, stale, check or assess: see below");
    options.arguments("WORDS", asked.words, "what the action is about", false);
    options.one_of("--lang", asked.lang, {"nl", "en"}, "language of the texts (default en)");
    options.flag("--json", asked.json, "NDJSON instead");
    options.option("--months", asked.months, "stale: how old a claim may be (default 12)");
    options.many("--policy", asked.policies,
                 "assess: policy pack, may be given again (default: see herkomst rules list; with a / an own folder)");
    asked.data.declare(options, VendorData::Matches::No);
    options.footer(
        "search TEXT        names, ids (pen:311), MAC addresses, hosts and models that contain or match it\n"
        "show VENDOR        everything on record, with sources\n"
        "chain VENDOR       brand, owners, ultimate parent, jurisdiction, each step with status, source and date\n"
        "ids VENDOR         every id and name by which devices name it\n"
        "stale              claims older than --months, counted from the clock or --now\n"
        "check [FOLDER]     every problem of a folder of vendor files (or an overlay), or of the database, at once\n"
        "assess NAME|MODEL  before a purchase: origin, jurisdiction, lists, remote functions, what rules would say\n"
        "\n"
        "VENDOR is a name or the name of its file. For example: herkomst vendors assess Sungrow SG110CX");
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    const bool alone = asked.action == "stale" || asked.action == "check";
    const bool known = alone || asked.action == "search" || asked.action == "show" || asked.action == "chain" ||
                       asked.action == "ids" || asked.action == "assess";
    if (!known) {
        std::fprintf(stderr, "herkomst vendors: \"%s\" is none of search, show, chain, ids, stale, check, assess\n",
                     asked.action.c_str());
        return exit_usage;
    }
    if (!alone && asked.words.empty()) {
        std::fprintf(stderr, "herkomst vendors %s: about what?\n", asked.action.c_str());
        return exit_usage;
    }
    if (asked.action == "stale" && (!asked.words.empty() || asked.months > 1200)) {
        std::fprintf(stderr, "herkomst vendors stale: takes no words, and at most 1200 months\n");
        return exit_usage;
    }
    if (asked.action == "check") return check_files(asked);
    const std::optional<VendorDb> db = asked.data.open(exit_code);
    if (!db) return exit_code;
    if (asked.json) print_out(header_line("vendors", db->version(), "") + "\n");
    if (asked.action == "search") return search(*db, asked);
    if (asked.action == "stale") return stale(*db, asked, context.now);
    if (asked.action == "assess") return assess(*db, asked);
    return about_one(*db, asked);
}

}  // namespace

Command vendors() { return {"vendors", "who makes it, who stands behind the maker, and how we know", run_vendors}; }

}  // namespace herkomst::cli
