// What `herkomst probe` says of a run when it is over: how its questions ended, which were not asked and why, and who did not
// end a session. Reasons are grouped and bounded: the record holds every one of them.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "probes/campaign.h"

namespace herkomst {

class ProbeTold {
  public:
    static constexpr std::size_t reasons_max = 12;
    static constexpr std::size_t questions_max = 8;  // named for one reason
    static constexpr std::size_t devices_max = 3;

    void add(const Errand&, const Report&);
    void add(const Unasked&);
    // `stopped`: why the run was stopped; empty: it was not.
    [[nodiscard]] std::string text(const CampaignCount&, const std::string& stopped, const std::string& log) const;

  private:
    struct Reason {
        std::set<std::string_view> questions;
        std::set<IpAddress> devices;
        std::size_t count = 0;
    };
    static std::string shown(const std::string& what, const std::string& why, const Reason&);

    std::map<std::pair<std::string, std::string>, Reason> reasons_;  // what became of it, why
    std::size_t unasked_questions_ = 0;
    std::size_t unasked_devices_ = 0;
};

}  // namespace herkomst
