// herkomst register: what a risk owner does with a register. (`register` is a word of the language: hence the stem.)
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "cli/register_actions.h"
#include "core/text.h"
#include "register/dutch.h"

namespace herkomst::cli {

namespace {

constexpr std::string_view manual =
    "Looking:\n"
    "list [findings|questions|assets|measures|assertions|settings|runs]\n"
    "                                  `band` leads: lists, counts, report and scan --fail-on go by it. It is\n"
    "                                  `rated_residual` (the rating with the measures that answers tell of) once people have\n"
    "                                  answered half of its inputs (`rated_known`; `rated`: without measures), until then\n"
    "                                  `rule_band`; a \"do not know\" never lowers it\n"
    "show THING...                     a finding, an asset, a measure, zone:NAME, person:NAME\n"
    "history [THING...]                what happened, and who did it (--again: with every time it was seen)\n"
    "diff [RUN [RUN]]                  what became different between two runs, by network, by knowledge, by people\n"
    "verify [--key KEY.pub]            is anything changed, removed or put in another order? exit 4 when so; with a key also\n"
    "                                  when it did not sign, and 5 when intervals came after the last event (--head: what\n"
    "                                  sign printed, against an older file put in place)\n"
    "\n"
    "Deciding (--by NAME --role analyst|owner --reason TEXT):\n"
    "status STATUS FINDING...          new investigating assessed treatment_planned in_treatment acceptance_requested\n"
    "                                  accepted closed false_positive\n"
    "accept FINDING... --until DATE    by the owner that it is assigned to; the first scan from that day on\n"
    "                                  opens it again (list --overdue names it at once)\n"
    "close FINDING... --because WHY    remediated asset_removed duplicate no_longer_applicable\n"
    "assign THING... NAME              whose it is\n"
    "measure FINDING... title=TEXT     a measure (kind= state= owner= due= effect= cost=)\n"
    "set THING... FIELD=VALUE...       finding: owner due review_by response residual_likelihood residual_impact note\n"
    "                                  asset: name zone process owner purdue criticality retired note; and what it is:\n"
    "                                  maker= brand= model= category= ... (an assertion that every later scan keeps to)\n"
    "                                  zone:NAME process:NAME supplier:SLUG: owner note; person:NAME role=; setting:NAME "
    "value=\n"
    "merge ASSET ASSET                 they are one, whatever a scan says\n"
    "split ASSET IDENTIFIER...         who goes by these is another one, whatever a scan says\n"
    "withdraw A-NUMBER...              takes an assertion back\n"
    "forget ASSET...                   removes everything that was heard of it\n"
    "\n"
    "The file:\n"
    "backup FILE, restore FILE         whole copies; --passphrase-file or --recipient seals them, --key opens them\n"
    "sign --key KEY                    Ed25519 over the last event; keep what it prints elsewhere\n";

int run_register(std::span<const std::string> args, Context& context) {
    RegisterAsked asked;
    std::map<std::string, std::string> filters;
    Options options("register", "The register: what stands in it, and what people decide.");
    options.argument("ACTION", asked.action, "see below");
    options.arguments("WORDS", asked.words, "what it is about", false);
    options.option("--register", asked.path, "the register (default herkomst.db)");
    options.option("--by", asked.act.by, "the person who decides");
    options.one_of("--role", asked.act.role, {"analyst", "owner", "auditor"}, "in which role (default analyst)");
    options.option("--reason", asked.act.reason, "why; stands in the history");
    options.option("--until", asked.until, "accept: the day on which it ends");
    options.one_of("--because", asked.because, {"remediated", "asset_removed", "duplicate", "no_longer_applicable"},
                   "close: why");
    options.one_of("--lang", asked.lang, {"nl", "en"},
                   "language of what is shown and said (default en); codes are understood in both");
    options.one_of("--format", asked.format, {"table", "json", "csv"}, "of what is listed (default table)");
    options.option("--sort", asked.sort, "a column, or -COLUMN for the other way round");
    for (const char* column :
         {"status", "observation", "band", "owner", "rule", "subject", "zone", "process", "maker", "country", "kind"})
        options.option(std::string("--") + column, filters[column], "list: only rows with this");
    options.flag("--overdue", asked.overdue, "list: findings of which a date is over");
    options.flag("--closable", asked.closable, "list: open findings that are not there any more");
    options.flag("--redact", asked.redact, "list: without addresses, names, serial numbers");
    options.flag("--again", asked.again, "history: with every time a finding was seen again");
    options.option("--key", asked.key, "sign: private key; verify: public key; restore: key that opens it");
    options.option("--head", asked.head, "verify: an event that must be there, NUMBER:HASH or the file with what sign printed");
    options.option("--passphrase-file", asked.passphrase_file, "backup, restore: file whose first line is the passphrase");
    options.option("--recipient", asked.recipient, "backup: public key (X25519) of who may open it");
    asked.vendor_data.declare(options, VendorData::Matches::No);
    options.footer(manual);
    int exit_code = 0;
    if (!options.parse(args, exit_code)) return exit_code;
    if (asked.path.empty()) asked.path = "herkomst.db";
    if (asked.redact && asked.action != "list")
        return refuse_register(either(asked.lang, "--redact is for list; what else is shown holds names and addresses",
                                      "--redact is voor list; al het andere toont namen en adressen"));
    asked.act.now = context.now;
    asked.act.by = trimmed(asked.act.by);
    asked.act.reason = trimmed(asked.act.reason);
    for (const auto& [column, value] : filters) {
        if (!value.empty()) asked.filters[column] = value;
    }
    constexpr std::pair<std::string_view, int (*)(const RegisterAsked&)> actions[] = {
        {"list", register_list},     {"show", register_show},         {"set", register_set},
        {"assign", register_assign}, {"measure", register_measure},   {"merge", register_same},
        {"split", register_apart},   {"withdraw", register_withdraw}, {"history", register_history},
        {"diff", register_diff},     {"verify", register_verify},     {"sign", register_sign},
        {"backup", register_backup}, {"restore", register_restore},   {"forget", register_forget}};
    try {
        for (const auto& [name, action] : actions) {
            if (asked.action == name) return action(asked);
        }
        if (asked.action == "status") return register_move(asked, "");
        if (asked.action == "accept") return register_move(asked, "accepted");
        if (asked.action == "close") return register_move(asked, "closed");
    } catch (const std::runtime_error& failed) {
        throw std::runtime_error(in_language(failed.what(), asked.lang));
    }
    return refuse_register(either(asked.lang,
                                  "there is no action \"" + asked.action + "\"; herkomst register --help lists them",
                                  "er is geen handeling \"" + asked.action + "\"; herkomst register --help noemt ze"));
}

}  // namespace

Command register_command() { return {"register", "what stands in a register, and what people decide", run_register}; }

}  // namespace herkomst::cli
