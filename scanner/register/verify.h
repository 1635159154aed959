// Is the register what its events say, and are the events those that were written?
//
// Checked, each problem with its place: every event's hash against its content and its predecessor (an edit, a deletion, a
// change of order, something put in between); the head (the end taken off); details that were emptied without an event that
// says so, and one without a digest that no older schema wrote; every field that people decided against the event that set it;
// every finding's verdict, band, facts and observation against the events that gave them, and that none of them is gone; that
// every run was written as a whole; every table that the program writes against the digest that the last run, act or quiet
// interval left (tables.h); that every table, trigger, view and index of the schema is there as this program makes it, and no
// trigger besides; and the signatures. Whoever can write the file can write a whole chain anew: only a signature whose key lies
// elsewhere shows that. O(events), and memory for what stands in `work`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "register/register.h"

namespace herkomst {

struct HeadSignature {
    std::int64_t seq = 0;
    std::string hash;
    Time at{};
    std::string key;        // the public key (PEM)
    std::string signature;  // hexadecimal
};

struct Verification {
    std::vector<std::string> problems;  // sentences; empty: all is as it was written
    std::int64_t events = 0;
    std::int64_t runs = 0;
    std::int64_t forgotten = 0;   // events whose detail was emptied, and by which event
    std::int64_t signed_seq = 0;  // the last event under a signature of `trusted_key` (any key, when none is given); 0: none
    std::string head;             // hash of the last event
    std::int64_t unsealed_since = 0;  // the run after which intervals came that no event covers yet (a day at most); 0: none
};

// An event that was written down elsewhere, as `sign` prints it: whatever the file says, it must be there, and that one.
struct KeptHead {
    std::int64_t seq = 0;
    std::string hash;
};
// "63:HASH", or text that begins with the line that `sign` prints ("event 63 HASH", in either language); nothing: it is none.
std::optional<KeptHead> read_kept_head(std::string_view text);

// At most `problems_most` problems are told. `trusted_key` (PEM): signatures of other keys count as none.
Verification verify(const Register&, std::string_view trusted_key = {}, std::size_t problems_most = 100,
                    const std::optional<KeptHead>& kept = {});

// Signs the head with an Ed25519 key (PEM, as `herkomst vendordb keygen` makes it); problem: the key is none, or there is no
// event yet. What it returns can be kept elsewhere and checked against the register later.
Result<HeadSignature> sign_head(Register&, std::string_view private_pem, std::string_view key_name, Time now);

}  // namespace herkomst
