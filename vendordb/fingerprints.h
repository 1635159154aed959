// Fingerprints in the Recog format: XML files of patterns over one kind of evidence.
//
//     <fingerprints matches="http.server">
//       <fingerprint pattern="^ExampleOS/(\d+\.\d+)$" flags="REG_ICASE">
//         <description>Example controller</description>
//         <example firmware="2.1">ExampleOS/2.1</example>
//         <param pos="0" name="brand" value="Example"/>
//         <param pos="1" name="firmware"/>
//       </fingerprint>
//     </fingerprints>
//
// A param gives a field: at pos 0 the value as it stands, else the text of that group. Names are those of core/field.h, or the
// ones that Recog uses and field_of_param maps. In a value, {name} stands for the value of another param. An attribute of an
// example says which value must come out. The first pattern that matches wins; files go in the order of their names.
//
// Rapid7's own files (Recog, BSD-2-Clause; not part of this program) load unchanged with read_recog.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/field.h"
#include "core/result.h"
#include "vendordb/pattern.h"
#include "vendordb/vendordb.h"

namespace herkomst {

struct FingerprintParam {
    std::size_t group = 0;
    std::string name;
    std::string value;
};

struct FingerprintExample {
    std::string text;
    std::vector<std::pair<std::string, std::string>> expected;  // name of a param, value
};

struct Fingerprint {
    std::string file;      // stem
    std::string evidence;  // "http.server"
    std::string pattern;   // as written
    std::string flags;     // "", "i", "s", "is"
    std::string description;
    std::vector<FingerprintParam> params;
    std::vector<FingerprintExample> examples;
    int line = 0;
    bool recog = false;  // of Rapid7's files
};

// The field that a param's name stands for; nothing for names that carry none.
std::optional<Field> field_of_param(std::string_view name);

// `place` stands in front of each problem ("fingerprints/cdp.xml:12: ..."), `stem` names the file in hits.
std::vector<Fingerprint> read_fingerprints(std::string_view xml, const std::string& place, const std::string& stem,
                                           Problems& problems);

// All *.xml of a folder as Rapid7 publishes them: any params and attributes, the file's name where it names no kind of
// evidence, examples in files of their own (FOLDER/<stem>/<_filename>). A file that is not XML or holds no fingerprints is a
// problem.
std::vector<Fingerprint> read_recog(const std::string& folder, Problems& problems);
// All *.xml of a folder in our own, strict form.
std::vector<Fingerprint> read_fingerprint_folder(const std::string& folder, Problems& problems);

// Ordered patterns per kind of evidence. Patterns compile when a text first passes their literal. Thread-safe after the last
// add.
class FingerprintSet {
  public:
    void add(Fingerprint);
    // In front of all that were added before.
    void add_before(std::vector<Fingerprint>);
    struct Match {
        const Fingerprint* fingerprint = nullptr;
        std::vector<std::pair<std::string, std::string>> values;  // name of the param, value; empty values are left out
    };
    // UTF-8; text that is not valid UTF-8, or that nothing matches, is read as Latin-1.
    [[nodiscard]] std::optional<Match> match(std::string_view evidence, std::string_view text) const;
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    struct Entry {
        Fingerprint fingerprint;
        Pattern pattern;
    };
    [[nodiscard]] static std::optional<Match> match(const std::vector<Entry>&, std::string_view text);
    std::map<std::string, std::vector<Entry>, std::less<>> by_evidence_;
    std::size_t size_ = 0;
};

// What a match claims: values of params that stand for a field. Of Recog's, hw.vendor is a brand and os.vendor who makes the
// software inside; what Recog itself holds for little certain (below 0.75) is left out.
FingerprintHit hit_of(const FingerprintSet::Match&);

// The text of a match's params: groups, fixed values, {name} filled in.
std::vector<std::pair<std::string, std::string>> values_of(const Fingerprint&, const std::vector<std::string_view>& groups);

// Every pattern compiles, every example matches its own fingerprint first, and every value that it states comes out.
void check_fingerprints(const std::vector<Fingerprint>&, Problems& problems);

// The same, counted. Recog's examples need to match their own pattern only: that is how its files are made.
struct FingerprintCheck {
    std::size_t patterns = 0;
    std::size_t examples = 0;
    std::size_t failed = 0;  // examples that do not match, or not with what they state; patterns that do not compile
    Problems problems;       // of these, and of what else is wrong with the fingerprint
};
FingerprintCheck run_examples(const std::vector<Fingerprint>&);

}  // namespace herkomst
