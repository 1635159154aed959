// How a finding's title and reason are said where it may be a question: nobody was asked yet, so neither is said as a fact. And
// what every result says of itself.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "assess/finding.h"

namespace herkomst {

inline std::string told_title(const Finding& finding, std::string_view language) {
    const char* const before = finding.verdict != Ruling::Question ? "" : language == "nl" ? "Te bepalen: " : "To establish: ";
    return before + finding.title.in(language);
}

inline std::string told_because(const Finding& finding, std::string_view language) {
    const char* const before = finding.verdict != Ruling::Question ? ""
                               : language == "nl"                  ? "Als het zo is: "
                                                                   : "If it is so: ";
    return before + finding.because.in(language);
}

inline std::string_view disclaimer(std::string_view language) {
    return language == "nl" ? "Deze uitkomst is een hulpmiddel bij uw eigen risicobeoordeling (Cbw art. 21, Cbb art. 7 en 10; "
                              "Wwke art. 14).\n"
                              "Alleen de betrokken minister kan een leverancier weren (Cbw art. 21a; Wwke art. 15a)."
                            : "This result supports your own risk assessment. Only the minister concerned can order a supplier "
                              "to be excluded.";
}
// In one line.
inline std::string disclaimer_line(std::string_view language) {
    std::string out(disclaimer(language));
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
}
// In a document, both languages.
inline Json disclaimers() { return JsonObject{{"en", Json(disclaimer_line("en"))}, {"nl", Json(disclaimer_line("nl"))}}; }

}  // namespace herkomst
