#include "cli/terminal.h"

#include <cstdio>

#include "core/printed.h"
#include "register/dutch.h"
#include "report/problem_words.h"

namespace herkomst {

int complain(const Problems& problems, int exit_code) {
    for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", printed(problem.text()).c_str());
    return exit_code;
}

int complain(const Problems& problems, const std::string& lang) {
    for (const Problem& problem : problems)
        std::fprintf(stderr, "%s\n", printed(problem_in(in_language(problem, lang), lang)).c_str());
    return exit_usage;
}

std::string day_part(Time time) { return time == Time{} ? std::string() : rfc3339(time).substr(0, 10); }

std::string work_field(const std::map<std::string, std::string, std::less<>>& work, std::string_view field) {
    const auto found = work.find(field);
    return found == work.end() ? std::string() : found->second;
}

}  // namespace herkomst
