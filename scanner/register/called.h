// The words of the register in two languages. The codes are what is stored, typed and exported; these are for people.
#pragma once

#include <string>
#include <string_view>

namespace herkomst {

enum class CodeList {
    Status,
    Observation,
    Response,
    Closure,
    Role,
    MeasureKind,
    MeasureState,
    Effect,
    Band,
    Kind,    // of a thing: asset, finding, measure, zone ...
    Event,   // of the history
    Cause,   // of a difference
    Field,   // of table `work`
    Column,  // of a list
    Answer,  // yes, no
    Assertion,
};
// A code that has no word, and the empty one, are given back as they are. English: the code, with blanks for underscores, where
// no better word stands.
std::string called(CodeList, std::string_view code, std::string_view language);
// The code that a person means by a code or a word, in either language; what is neither is given back as it is.
std::string code_of(CodeList, std::string_view said);
// "aanvaard (accepted)": how a sentence names a code that people type.
std::string called_with_code(CodeList, std::string_view code, std::string_view language);

}  // namespace herkomst
