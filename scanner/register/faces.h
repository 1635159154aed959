// What an asset is made of that people took for one with others. A *face* is an asset that a person's word "the same" is about,
// with whatever the program took for one with it: what it goes by, what people set at it and which words hold it to the others
// are known of each, so that any of these words can be taken back. Internal to this folder, but for `face_meant`.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "register/acts.h"

namespace herkomst {

struct Face {
    std::string uid;
    std::int64_t number = 0;  // the smaller, the older
    std::string minted_from;
    std::set<std::string> uids;   // its own, and those that the program took for it
    std::set<std::string> names;  // what it goes by: as it was when people said something of it
    std::int64_t merged = 0;      // event that made it one with the others; 0: of what it goes by today
    std::size_t group = 0;        // faces of one group are one by a word that holds, or because the program says so
};

struct Faces {
    std::string root;         // the uid that it goes by today
    std::vector<Face> faces;  // that of `root` first, the others by age
    // Whether all of it still holds together.
    [[nodiscard]] bool one() const;
    // Whose uid that is; one past the last: nobody's.
    [[nodiscard]] std::size_t face_of(std::string_view uid) const;
    // What the faces of that group go by, sorted.
    [[nodiscard]] std::vector<std::string> names_of(std::size_t group) const;
};

// `root`: an asset that is no alias. O(its aliases and people's assertions).
Faces faces_of(sql::Database&, const std::string& root);
// What names an asset today: whatever is strong; of one without that its keys and addresses ("ip:...").
std::vector<std::string> names_today(sql::Database&, const std::string& uid);
// What it is known by when everything about it holds together, and the addresses of what had nothing better.
std::vector<std::string> names_of(sql::Database&, const Faces&);

// `face` is one of its own again: its row, what names it, what was said of it and, of what people set, its own. `detail`: of
// the event `split`. To be called for what was merged first before what was merged later.
void set_free(sql::Database&, EventChain&, const Faces&, const Face& face, Json detail);
// What goes by these names, and was said by whoever does, is another's from now on.
void move_names(sql::Database&, const std::string& from, const std::string& to, const std::set<std::string>& names);

}  // namespace herkomst
