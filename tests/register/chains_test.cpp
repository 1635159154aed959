// Several merges that share an asset, and one of them taken back: what the others say stays, and nothing else.
#include "tests/register/chain_plant.h"

using namespace herkomst;
using namespace herkomst::plant;

namespace chains_test {

TEST_SUITE_BEGIN("register.chains");

namespace {

std::string text(const Said& said) {
    std::string out;
    for (const auto& [a, b] : said) out += std::to_string(a) + "=" + std::to_string(b) + " ";
    return out;
}

// Every way to make one of so many with as few words as possible, in every order.
std::vector<Said> every_order(std::size_t count) {
    std::vector<Edge> edges;
    for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = a + 1; b < count; ++b) edges.emplace_back(a, b);
    }
    std::vector<Said> out;
    for (std::size_t mask = 0; mask < (std::size_t{1} << edges.size()); ++mask) {
        Said said;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            if ((mask >> i & 1) != 0) said.push_back(edges[i]);
        }
        if (said.size() != count - 1) continue;
        std::set<std::size_t> reached{0};
        for (std::size_t round = 0; round < count; ++round) {
            for (const auto& [a, b] : said) {
                if (reached.contains(a) || reached.contains(b)) reached.insert({a, b});
            }
        }
        if (reached.size() != count) continue;
        do out.push_back(said);
        while (std::next_permutation(said.begin(), said.end()));
    }
    return out;
}

// One in so many of the orders.
void table(const std::string& name, std::size_t count, bool scanned, std::size_t one_in = 1) {
    Chained chain(name, count);
    std::size_t turn = 0;
    const std::vector<Said> orders = every_order(count);
    for (std::size_t at = 0; at < orders.size(); at += one_in) {
        const Said& said = orders[at];
        for (std::size_t back = 0; back < said.size(); ++back) {
            CAPTURE(text(said));
            CAPTURE(back);
            chain.begin();
            const std::vector<std::string> ids = chain.say(said);
            if (scanned) chain.plant.run(chain.all, 3);
            Said left = said;
            left.erase(left.begin() + static_cast<std::ptrdiff_t>(back));
            chain.take_back(ids[back], 4);
            chain.scan_three_times(5, chain.groups(left), "later-");
            // And the others, one by one.
            if (turn++ % 4 != 0) continue;
            for (std::size_t i = 1; i < said.size(); ++i) {
                const std::size_t next = (back + i) % said.size();
                left.erase(std::find(left.begin(), left.end(), said[next]));
                chain.take_back(ids[next], 10 + static_cast<int>(i));
                chain.plant.run(chain.all, 20 + static_cast<int>(i));
                chain.check_groups(chain.groups(left));
            }
        }
    }
}

}  // namespace

TEST_CASE("three devices: every order of merging, whichever is taken back, before a scan and after") {
    table("chains_three", 3, false);
    table("chains_three_scanned", 3, true);
}

TEST_CASE("four devices: one in five orders of merging, whichever is taken back") { table("chains_four", 4, true, 5); }

TEST_SUITE_END();

}  // namespace chains_test
