// What people do in a register: each act is one transaction with one event (or, where it touches several things, one each), and
// what it sets stands in table `work`. Refusals come as problems, all at once; then nothing was done.
//
// Who acts is said by the caller; register/lifecycle.h says who may do what.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/field.h"
#include "core/result.h"
#include "identity/assertion.h"
#include "register/lifecycle.h"
#include "register/register.h"

namespace herkomst {

struct Act {
    std::string by;
    std::string role = "analyst";
    std::string reason;
    Time now{};
};

using WorkFields = std::map<std::string, std::string, std::less<>>;  // an empty value takes the field away

// What stands in table `work` about one thing, and a finding with it.
WorkFields work_of(const Register&, std::string_view kind, std::string_view subject);
Standing standing_of(const Register&, std::string_view finding);

// A step of a finding's life, with fields that are set by it. Accepting also keeps who, until when, and how bad it was; the
// same person does not accept what he asked to be accepted when setting `four_eyes` is yes.
Result<std::int64_t> move(Register&, const std::string& finding, const std::string& to, const WorkFields&, const Act&);
// Fields of a finding, asset, measure, zone, process, supplier, site or person (event `set`, or `assigned` when it is the
// owner).
Result<std::int64_t> set_fields(Register&, const std::string& kind, const std::string& subject, const WorkFields&, const Act&);
// A new measure at a finding: its id, "M-12". Needs a title; state `proposed` when none is given.
Result<std::string> add_measure(Register&, const std::string& finding, const WorkFields&, const Act&);

// "This is a ...": a field of design's closed list, from now on and in every run to come. An empty value takes it back. What is
// shown changes at once; facts and findings with the next run. `vendors` gives the name of a vendor its slug.
Result<std::string> assert_is(Register&, const std::string& uid, Field, const std::string& value, const VendorDb* vendors,
                              const Act&);
// These two are one: the older uid stays, the other becomes an alias, and no scan takes them apart.
Result<std::string> assert_same(Register&, const std::string& a, const std::string& b, const Act&);
// What goes by these identifiers ("mac:...", "serial:vendor/...", as strong identifiers are listed) is another device: it gets
// an asset of its own, and no scan puts them together. Two that had been taken for one get back the uids that they had, and
// what people had set at each. The uid of what goes by these identifiers.
Result<std::string> assert_apart(Register&, const std::string& uid, const std::vector<std::string>& identifiers, const Act&);
// Takes an assertion back. What it joined stays joined until a scan says otherwise; then each gets back its uid and what people
// had set at it, and what they set at the joined one since stays there. What other assertions join stays joined.
Result<std::int64_t> withdraw(Register&, const std::string& assertion, const Act&);
// Of an asset that people took for one with others: whom of these the words mean (a uid, an address, a name), as `assert_same`
// and `assert_is` take it; the asset itself where they mean all of it, or nobody in particular.
std::string face_meant(const Register&, const std::string& uid, std::string_view words);
// Those that hold, with what names their assets today; to be given to `identify` and in ScanRun. By id.
std::vector<Assertion> assertions_of(const Register&);

// Settings: name, what it is when nobody set it, and what may stand there.
//   tlp              AMBER+STRICT   CLEAR GREEN AMBER AMBER+STRICT RED: the label of every output
//   retention        0              days after which what was heard of an asset is forgotten; 0: never
//   acceptance_most  365            days for which a risk can be accepted
//   four_eyes        no             who asks for acceptance does not accept
//   organisation     (nothing)      the name on the register
std::string setting(const Register&, std::string_view name);
Result<std::int64_t> put_setting(Register&, const std::string& name, const std::string& value, const Act&);
std::vector<std::pair<std::string, std::string>> settings_of(const Register&);

// Findings whose acceptance is over are reopened. Part of every run; the number of findings.
std::uint64_t reopen_what_is_over(Register&, Time now);

}  // namespace herkomst
