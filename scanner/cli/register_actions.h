// The actions of `herkomst register`: register_list.cpp, register_tables.cpp and register_show.cpp (what there is),
// register_acts.cpp (what people do), register_keep.cpp (what happened, copies, the chain).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/vendor_data.h"
#include "register/overview.h"
#include "register/work.h"

namespace herkomst {

struct RegisterAsked {
    std::string action;
    std::vector<std::string> words;
    std::string path;
    Act act;
    std::string format = "table";
    std::string sort;
    std::map<std::string, std::string> filters;  // column -> value; a list row must have it
    std::string overdue_since;                   // "due" and "review_by" before this count, with --overdue
    bool overdue = false;
    bool closable = false;
    bool again = false;
    bool redact = false;
    std::string until;
    std::string because;
    std::string key;
    std::string head;
    std::string passphrase_file;
    std::string recipient;
    std::string lang = "en";
    std::vector<std::string> runs;
    VendorData vendor_data;
};

int register_list(const RegisterAsked&);
int register_show(const RegisterAsked&);
int register_set(const RegisterAsked&);
int register_move(const RegisterAsked&, const std::string& to);
int register_assign(const RegisterAsked&);
int register_measure(const RegisterAsked&);
int register_same(const RegisterAsked&);
int register_apart(const RegisterAsked&);
int register_withdraw(const RegisterAsked&);
int register_history(const RegisterAsked&);
int register_diff(const RegisterAsked&);
int register_verify(const RegisterAsked&);
int register_sign(const RegisterAsked&);
int register_backup(const RegisterAsked&);
int register_restore(const RegisterAsked&);
int register_forget(const RegisterAsked&);

// One sentence each, in the language asked for; exit_usage.
int refuse_register(const std::string& sentence);
inline const std::string& either(const std::string& lang, const std::string& en, const std::string& nl) {
    return lang == "nl" ? nl : en;
}

// Rows of text as a table for people, in their language, as JSON ({"rows":[...],"tlp":...}), or as CSV with the label in a
// column. Those two hold codes and English names of columns, whatever the language.
struct RowTable {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};
// One of the lists by its English name; nothing: there is none of that name.
std::optional<RowTable> table_of(const std::string& what, const Register&, const Overview&, const RegisterAsked&);
// The column of that name, in either language; one past the last: there is none.
std::size_t column_of(const RowTable&, const std::string& name);
// Sorted by that column, "-column" the other way round; false when there is none.
bool sort_rows(RowTable&, const std::string& by);
void print_rows(RowTable, const std::string& format, const std::string& tlp, const std::string& lang);
// A cell as people read it.
std::string cell_in(const std::string& column, const std::string& cell, const std::string& lang);

// What a person may mean: a finding or the start of one, an asset by any name, M-12, A-12, zone:NAME ... Empty kind: nothing,
// with a sentence on stderr.
struct Addressed {
    std::string kind;
    std::string key;
};
Addressed meant_by(const Overview&, const std::string& said, const std::string& lang);
// Whether the register holds it, and the refusal where it does not.
bool thing_is_there(const Addressed&, const Register&, const Overview&);
int refuse_thing(const Addressed&, const std::string& lang);
// "field=value" into its two; false when it is not one.
bool field_and_value(const std::string& word, std::string& field, std::string& value);

}  // namespace herkomst
