// The self-assessment as a conversation in plain text: one question at a time, each answer kept at once.
//
// Nothing is lost by stopping: what was answered is kept, and the next time only what is open is asked. What the scan knows is
// shown as a proposal that Enter confirms; it becomes an answer only then, in the name of who confirmed it. One may go back,
// say "do not know", or leave a question for later. After each answer it is decided anew what there is left to ask, and what
// decides most comes first. All proposals about one thing can be confirmed together, after they were shown.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assess/answers.h"

namespace herkomst {

struct Conversing {
    std::function<std::optional<std::string>()> read;  // a line without its end; nothing at the end of the input
    std::function<void(std::string_view)> write;
    std::function<std::vector<Ask>(const AnswerBook&)> plan;
    std::function<void(const GivenAnswer&)> keep;  // must have kept it when it returns
    std::function<std::string(const std::string& rule, const std::string& language)> rule_title;
};

struct ConversationEnd {
    std::size_t answered = 0;
    std::size_t left = 0;  // open still
    bool stopped = false;  // by the person, or by the end of the input
};

// `by`: who answers; asked for when empty.
ConversationEnd converse(const Questionnaire&, AnswerBook&, const Conversing&, const std::string& language, std::string by,
                         Time now);

}  // namespace herkomst
