#include "core/blank_word.h"

#include <algorithm>
#include <string>

namespace herkomst {

namespace {

// Letters and digits only, in lower case.
constexpr std::string_view blank_words[] = {
    // not known
    "unknown",
    "notknown",
    "onbekend",
    "nietbekend",
    "nognietbekend",
    "nogonbekend",
    "none",
    "nothing",
    "geen",
    "geenserienummer",
    "noserialnumber",
    "null",
    "nil",
    "nan",
    "leeg",
    "empty",
    "blank",
    "blanco",
    "missing",
    "ontbreekt",
    "undefined",
    "unspecified",
    "notset",
    "notavailable",
    "notspecified",
    "nietbeschikbaar",
    "nietingevuld",
    "nietopgegeven",
    "nietgevonden",
    "nietleesbaar",
    "onleesbaar",
    "geenopgave",
    "zonder",
    // not applicable
    "na",
    "nvt",
    "nietvantoepassing",
    "notapplicable",
    // still to come
    "tbd",
    "tba",
    "tbc",
    "tobedetermined",
    "tobeadded",
    "tobefilledbyoem",
    "ntb",
    "nadertebepalen",
    "nogtebepalen",
    "nogintevullen",
    "invullen",
    "volgt",
    "opvragen",
    // look elsewhere
    "ziebijlage",
    "zieopmerking",
    "zieopmerkingen",
    "zielijst",
    "zieboven",
    "seeabove",
    "seeattachment",
    "seeappendix",
    "seelist",
    "seenotes",
    // as above; several
    "idem",
    "dito",
    "ditto",
    "divers",
    "diverse",
    "various",
};

}  // namespace

bool says_nothing(std::string_view text) {
    std::string bare;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c >= 'A' && c <= 'Z') {
            bare += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || byte >= 0x80) {
            bare += c;
        }
    }
    return bare.empty() || std::find(std::begin(blank_words), std::end(blank_words), bare) != std::end(blank_words);
}

}  // namespace herkomst
