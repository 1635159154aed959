// The head of the chain, signed or written down elsewhere, and what is made of that later.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "core/text.h"
#include "register/open.h"
#include "register/verify.h"
#include "register/verify_parts.h"
#include "vendordb/signed.h"

namespace herkomst {

using sql::Query;

namespace {

std::string signed_text(std::int64_t seq, std::string_view hash, std::string_view at) {
    return fmt::format("herkomst-register-head/1\n{}\n{}\n{}\n", seq, hash, at);
}

// One key can be written in many ways.
std::string plain_key(std::string_view pem) {
    if (pem.empty()) return {};
    const Result<std::string> read = public_key_of(pem, "key");
    return read ? read.value() : std::string(pem);
}

}  // namespace

std::int64_t verify_signatures(sql::Database& database, const EventHashes& hashes, std::string_view trusted_key,
                               const Complain& complain) {
    const std::string trusted = plain_key(trusted_key);
    std::int64_t last = 0;
    Query rows(database, "SELECT seq, hash, at, key, signature FROM signatures ORDER BY seq, key");
    while (rows.step()) {
        const std::int64_t seq = rows.integer(0);
        const std::string key = rows.text(3);
        if (!trusted.empty() && plain_key(key) != trusted) continue;
        if (!signature_holds(signed_text(seq, rows.text(1), rows.text(2)), rows.text(4), key)) {
            complain(fmt::format("the signature of {} over event {} does not hold", rows.text(2), seq));
            continue;
        }
        const auto found = hashes.find(seq);
        if (found == hashes.end()) {
            complain(fmt::format("event {}, which was signed on {}, is missing", seq, rows.text(2)));
        } else if (found->second != rows.text(1)) {
            complain(fmt::format("the events up to {}, which were signed on {}, are not those", seq, rows.text(2)));
        } else {
            last = seq;
        }
    }
    return last;
}

void verify_kept_head(const KeptHead& kept, const EventHashes& hashes, const Complain& complain) {
    const auto found = hashes.find(kept.seq);
    if (found == hashes.end()) {
        complain(fmt::format("event {}, which was kept elsewhere, is missing", kept.seq));
    } else if (found->second != kept.hash) {
        complain(fmt::format("event {} is not the one that was kept elsewhere", kept.seq));
    }
}

std::optional<KeptHead> read_kept_head(std::string_view text) {
    const std::string_view line = trimmed(text.substr(0, text.find('\n')));
    std::string_view seq = line.substr(0, line.find(':'));
    std::string_view hash = line.substr(std::min(seq.size() + 1, line.size()));
    if (const std::vector<std::string_view> words = split(line, ' '); words.size() == 3) {
        seq = words[1];
        hash = words[2];
    }
    KeptHead out;
    const auto [end, error] = std::from_chars(seq.data(), seq.data() + seq.size(), out.seq);
    if (error != std::errc() || end != seq.data() + seq.size() || out.seq < 1 || hash.size() != 64 ||
        hash.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return std::nullopt;
    out.hash = hash;
    return out;
}

Result<HeadSignature> sign_head(Register& held, std::string_view private_pem, std::string_view key_name, Time now) {
    sql::Database& database = held.connection().database;
    sql::Transaction transaction(database);
    HeadSignature out;
    out.at = now;
    {
        Query last(database, "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1");
        if (!last.step()) return Problem{held.path(), "there is nothing to sign yet"};
        out.seq = last.integer(0);
        out.hash = last.text(1);
    }
    const std::string at = rfc3339(now);
    const Result<TextSignature> made = sign_text(signed_text(out.seq, out.hash, at), private_pem, key_name);
    if (!made) return made.problems();
    out.key = made.value().public_pem;
    out.signature = made.value().signature;
    Query(database, "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?, ?)")
        .bind(out.seq)
        .bind(out.hash)
        .bind(at)
        .bind(out.key)
        .bind(out.signature)
        .run();
    transaction.commit();
    return out;
}

}  // namespace herkomst
