// herkomst register history, diff, verify, sign, backup, restore, forget: what happened, and the file itself.
#include "register/keep.h"

#include <fmt/core.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "assess/questionnaire.h"
#include "cli/open_register.h"
#include "cli/register_actions.h"
#include "cli/sealing.h"
#include "cli/terminal.h"
#include "core/counted.h"
#include "core/file.h"
#include "core/printed.h"
#include "register/dutch.h"
#include "register/history.h"
#include "register/verify.h"
#include "report/words.h"
#include "vendordb/signed.h"

namespace herkomst {

namespace {

Teller teller_of(const std::string& lang) {
    Teller out;
    out.language = lang;
    if (lang == "nl") {
        const auto words = std::make_shared<Words>(lang);
        out.fact = [words](std::string_view fact) { return words->fact(fact); };
        out.fact_value = [words](std::string_view fact, const Json& value) {
            return value.is_null() ? (*words)("unknown") : words->fact_value(fact, value);
        };
        out.field = [words](std::string_view field) { return words->field(field); };
        if (auto read = Questionnaire::load(data_folder() + "/rules/questionnaires/zelfscan.json"); read.ok()) {
            const auto asked = std::make_shared<Questionnaire>(std::move(read.value()));
            asked->add_fact_questions();
            out.question = [asked](std::string_view id) {
                const Question* question = asked->question(id);
                return question == nullptr ? std::string(id) : question->text.nl;
            };
            out.answer = [asked](std::string_view id, const std::string& value) {
                const Question* question = asked->question(id);
                return question == nullptr ? value : asked->scale_of(*question).shown(value, "nl");
            };
        }
    }
    return out;
}

}  // namespace

int register_history(const RegisterAsked& asked) {
    const Register held = Register::open_to_read(asked.path);
    const Teller teller = teller_of(asked.lang);
    RowTable out;
    out.columns = {"event", "at", "run", "what", "kind", "subject", "label", "by", "detail"};
    const auto take = [&](const std::vector<HistoryRow>& rows) {
        for (const HistoryRow& row : rows) {
            out.rows.push_back({std::to_string(row.seq), rfc3339(row.at), std::to_string(row.run), row.event, row.subject_kind,
                                row.subject, row.label, row.who, row.what});
        }
    };
    if (asked.words.empty()) {
        take(history(held, {}, {}, asked.again, teller));
    } else {
        const Overview all = overview(held, nullptr);
        for (const std::string& word : asked.words) {
            const Addressed meant = meant_by(all, word, asked.lang);
            if (meant.kind.empty()) return exit_usage;
            if (!thing_is_there(meant, held, all)) return refuse_thing(meant, asked.lang);
            take(history(held, meant.kind, meant.key, asked.again, teller));
        }
    }
    if (!sort_rows(out, asked.sort))
        return complain(
            {{"--sort " + asked.sort, either(asked.lang, "is no column of the history", "is geen kolom van de geschiedenis")}},
            asked.lang);
    print_rows(std::move(out), asked.format, setting(held, "tlp"), asked.lang);
    return exit_done;
}

int register_diff(const RegisterAsked& asked) {
    const Register held = Register::open_to_read(asked.path);
    auto [from, to] = last_two_runs(held);
    if (asked.words.size() > 2)
        return refuse_register(either(asked.lang, "diff [FROM-RUN [TO-RUN]]", "diff [VAN-NUMMER [TOT-NUMMER]]"));
    const auto number = [](const std::string& word) {
        const bool digits = !word.empty() && word.size() < 10 && word.find_first_not_of("0123456789") == std::string::npos;
        return digits ? std::stoll(word) : -1;
    };
    if (!asked.words.empty()) from = number(asked.words[0]);
    if (asked.words.size() == 2) to = number(asked.words[1]);
    if (const std::int64_t last = last_two_runs(held).second; from > last || to > last)
        return refuse_register(either(asked.lang,
                                      fmt::format("there is no run {}; the last one is {}", std::max(from, to), last),
                                      fmt::format("er is geen inventarisatie {}; de laatste is {}", std::max(from, to), last)));
    if (from < 0 || to < from)
        return refuse_register(either(asked.lang, "diff FROM-RUN TO-RUN are numbers of runs, the earlier one first",
                                      "diff VAN TOT: nummers van inventarisaties, de vroegste eerst"));
    RowTable out;
    out.columns = {"cause", "what", "kind", "subject", "label", "detail"};
    for (const Difference& each : differences(held, from, to, teller_of(asked.lang)))
        out.rows.push_back({each.cause, each.what, each.subject_kind, each.subject, each.label, each.detail});
    if (!sort_rows(out, asked.sort))
        return complain({{"--sort " + asked.sort,
                          either(asked.lang, "is no column of the differences", "is geen kolom van de verschillen")}},
                        asked.lang);
    print_rows(std::move(out), asked.format, setting(held, "tlp"), asked.lang);
    return exit_done;
}

int register_verify(const RegisterAsked& asked) {
    std::string trusted;
    if (!asked.key.empty()) {
        const Result<std::string> key = read_file(asked.key, 1 << 16);
        if (!key) return complain(key.problems(), asked.lang);
        const Result<std::string> read = public_key_of(key.value(), asked.key);
        if (!read) return complain(read.problems(), asked.lang);
        trusted = read.value();
    }
    std::optional<KeptHead> kept;
    if (!asked.head.empty()) {
        kept = read_kept_head(asked.head);
        if (!kept) {
            const Result<std::string> file = read_file(asked.head, 1 << 16);
            if (!file) return complain(file.problems(), asked.lang);
            kept = read_kept_head(file.value());
        }
        if (!kept)
            return complain({{asked.head, "is no event as sign prints it (event NUMBER HASH), nor NUMBER:HASH"}}, asked.lang);
    }
    std::optional<Register> opened;
    try {
        opened.emplace(Register::open_to_read(asked.path));
    } catch (const RegisterAltered& altered) {
        // What was altered is what verify is asked for.
        std::fprintf(stderr, "%s\n", in_language(altered.what(), asked.lang).c_str());
        return exit_refused;
    }
    const Register& held = *opened;
    const Verification found = verify(held, trusted, 100, kept);
    for (const std::string& each : found.problems)
        std::fprintf(stderr, "%s: %s\n", asked.path.c_str(), printed(in_language(each, asked.lang)).c_str());
    if (!found.problems.empty()) {
        std::printf("%s: %s: %s\n", asked.path.c_str(),
                    either(asked.lang, "not as it was written", "niet zoals het is geschreven").c_str(),
                    counted(found.problems.size(), asked.lang == "nl" ? "probleem" : "problem",
                            asked.lang == "nl" ? "problemen" : "problems")
                        .c_str());
        std::printf("TLP:%s\n", setting(held, "tlp").c_str());
        return exit_refused;
    }
    const bool nl = asked.lang == "nl";
    std::string signature = either(asked.lang, "not signed", "niet ondertekend");
    if (found.signed_seq != 0)
        signature =
            fmt::format(fmt::runtime(nl ? "ondertekend tot en met gebeurtenis {}" : "signed up to event {}"), found.signed_seq);
    if (!trusted.empty() && found.signed_seq == 0)
        signature = either(asked.lang, "not signed with that key", "niet ondertekend met die sleutel");
    const auto count = [](std::int64_t number, const char* one, const char* several) {
        return counted(static_cast<std::uint64_t>(number), one, several);
    };
    std::printf("%s: %s, %s, %s, %s; %s %s\n", asked.path.c_str(),
                count(found.events, nl ? "gebeurtenis" : "event", nl ? "gebeurtenissen" : "events").c_str(),
                count(found.runs, nl ? "inventarisatie" : "run", nl ? "inventarisaties" : "runs").c_str(),
                count(found.forgotten, nl ? "gewiste bijzonderheid" : "forgotten detail",
                      nl ? "gewiste bijzonderheden" : "forgotten details")
                    .c_str(),
                signature.c_str(), nl ? "kop" : "head", found.head.c_str());
    if (const std::int64_t later = found.events - found.signed_seq; found.signed_seq != 0 && later > 0)
        std::printf(
            nl ? "%s zonder handtekening\n" : "%s under no signature\n",
            count(later, nl ? "latere gebeurtenis" : "later event is", nl ? "latere gebeurtenissen" : "later events are")
                .c_str());
    if (found.unsealed_since != 0)
        std::printf(nl ? "gebeurtenissen dekken de tabellen tot en met inventarisatie %lld; wat latere rondes zonder "
                         "gebeurtenis achterlieten, valt onder geen handtekening\n"
                       : "events cover the tables up to run %lld; what later intervals left without an event is under no "
                         "signature\n",
                    static_cast<long long>(found.unsealed_since));
    std::printf("TLP:%s\n", setting(held, "tlp").c_str());
    if (trusted.empty()) return exit_done;
    if (found.signed_seq == 0) return exit_refused;
    return found.unsealed_since != 0 ? exit_gaps : exit_done;
}

int register_sign(const RegisterAsked& asked) {
    if (asked.key.empty())
        return refuse_register(either(asked.lang, "sign --key KEY: a private key, as vendordb keygen makes it",
                                      "sign --key SLEUTEL: een priv\u00e9sleutel, zoals vendordb keygen die maakt"));
    const Result<std::string> key = read_file(asked.key, 1 << 16);
    if (!key) return complain(key.problems(), asked.lang);
    Register held = open_register_that_is(asked.path, asked.lang);
    const Result<HeadSignature> done = sign_head(held, key.value(), asked.key, asked.act.now);
    if (!done) return complain(done.problems(), asked.lang);
    std::printf(asked.lang == "nl" ? "gebeurtenis %lld %s\n%s\n" : "event %lld %s\n%s\n",
                static_cast<long long>(done.value().seq), done.value().hash.c_str(), done.value().signature.c_str());
    return exit_done;
}

namespace {

// A folder that nobody else can reach, removed with what is in it.
class ScratchBeside {
  public:
    explicit ScratchBeside(const std::filesystem::path& beside) : path_((beside.parent_path() / ".herkomst-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no folder can be made like " + path_);
    }
    ~ScratchBeside() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchBeside(const ScratchBeside&) = delete;
    ScratchBeside& operator=(const ScratchBeside&) = delete;
    [[nodiscard]] std::string at(const char* name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

}  // namespace

int register_backup(const RegisterAsked& asked) {
    if (asked.words.size() != 1) return refuse_register(either(asked.lang, "backup FILE", "backup BESTAND"));
    const std::string& to = asked.words.front();
    const Register held = Register::open_to_read(asked.path);
    if (asked.passphrase_file.empty() && asked.recipient.empty()) {
        const Problems problems = back_up(held, to);
        if (!problems.empty()) return complain(problems, asked.lang);
    } else {
        std::error_code error;
        if (std::filesystem::exists(to, error))
            return complain({{to, "is there already; a copy is never written over"}}, asked.lang);
        // In the clear it is nowhere but in memory: least of all where the sealed one goes.
        const Result<std::string> sealed =
            sealed_files({{"register.db", copy_of(held)}}, asked.passphrase_file, asked.recipient);
        if (!sealed) return complain(sealed.problems(), asked.lang);
        write_file(to, sealed.value(), 0600);
    }
    std::printf("%s\n", to.c_str());
    return exit_done;
}

int register_restore(const RegisterAsked& asked) {
    if (asked.words.size() != 1)
        return refuse_register(either(asked.lang, "restore FILE --register WHERE", "restore BESTAND --register WAAR"));
    std::string from = asked.words.front();
    const ScratchBeside scratch(std::filesystem::absolute(asked.path));
    {
        const Result<std::string> file = read_file(from, std::size_t{2} << 30);
        if (!file) return complain(file.problems(), asked.lang);
        if (is_sealed(file.value())) {
            bool input = false;
            const auto opened = opened_files(file.value(), from, asked.passphrase_file, asked.key, &input);
            if (!opened) {
                complain(opened.problems(), asked.lang);
                return input ? exit_usage : exit_refused;
            }
            if (opened.value().size() != 1) return complain({{from, "holds no register"}}, asked.lang);
            from = scratch.at("register.db");
            write_file(from, opened.value().front().content, 0600);
        }
    }
    std::string backup;
    const Result<std::string> done = restore(from, asked.path, asked.act, &backup);
    if (!done) {
        complain(done.problems(), asked.lang);
        // A copy that does not verify is refused, as verify does.
        return done.problems().front().place == from ? exit_refused : exit_usage;
    }
    std::fputs(migration_told(asked.path, backup, asked.lang).c_str(), stderr);
    std::printf("%s: %s%s%s\n", asked.path.c_str(), either(asked.lang, "restored", "teruggezet").c_str(),
                done.value().empty() ? "" : either(asked.lang, "; what was there is ", "; wat er stond, heet nu ").c_str(),
                done.value().c_str());
    return exit_done;
}

int register_forget(const RegisterAsked& asked) {
    if (asked.words.empty()) return refuse_register("forget ASSET...");
    Register held = open_register_that_is(asked.path, asked.lang);
    const Overview all = overview(held, nullptr);
    for (const std::string& word : asked.words) {
        const Addressed meant = meant_by(all, word, asked.lang);
        if (meant.kind.empty()) return exit_usage;
        if (meant.kind != "asset") return complain({{word, either(asked.lang, "is no asset", "is geen asset")}}, asked.lang);
        const Result<std::int64_t> done = forget(held, meant.key, asked.act);
        if (!done) return complain(done.problems(), asked.lang);
        std::printf(asked.lang == "nl" ? "%s is gewist; in kopie\u00ebn van eerder staat de asset nog\n"
                                       : "%s is forgotten; copies made before still have it\n",
                    meant.key.c_str());
    }
    return exit_done;
}

}  // namespace herkomst
