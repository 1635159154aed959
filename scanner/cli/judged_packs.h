// The packs that judged a register's last run, and those that a command judges it with now.
//
// A site chooses its packs when it scans. A command that judges the register again compares its verdicts with the register's:
// with other packs the difference would say something about the packs and not about the site.
#pragma once

#include <string>
#include <vector>

#include "assess/assess.h"
#include "register/overview.h"

namespace herkomst {

// What PolicyPacks::load is to be given: `asked` where a person said something, else the packs of the last run, where all of
// them are ours (`rules`: the folder that they lie in). Where it had own ones, which only their owner can find: empty, as for
// a register that nobody chose packs for.
std::vector<std::string> packs_wanted(const std::vector<std::string>& asked, const OverviewRun&, const std::string& rules);

enum class SamePacks : std::uint8_t {
    Yes,
    Reworded,  // the same packs and orders, of which at least one was changed since
    No,
};
SamePacks same_packs(const OverviewRun&, const PolicyPacks&);
// A line that says so, with its end; empty: they are the same.
std::string other_packs_told(const OverviewRun&, const PolicyPacks&, const std::string& language);
// The same as a line of the machine interface ("type":"packs").
Json other_packs_line(const OverviewRun&, const PolicyPacks&);

}  // namespace herkomst
