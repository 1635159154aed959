// Any bytes as the mapping of an inventory's columns: problems, or meanings that survive being saved and read again.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "fuzz.h"
#include "imports/columns.h"

using namespace herkomst;

namespace {

// A file in memory, with a path that others can open.
class MemoryFile {
  public:
    explicit MemoryFile(std::string_view text) : file_(memfd_create("input", MFD_CLOEXEC)) {
        promise(file_ >= 0 && write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
                "the machine gives a file");
    }
    ~MemoryFile() { close(file_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

  private:
    int file_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Larger files only take longer.
    if (size > (std::size_t{32} << 10)) return 0;
    const std::vector<std::string> headers = {"Fabrikant", "Vermogen (kW)", "Wie", "", "ip"};
    const MemoryFile file({reinterpret_cast<const char*>(data), size});
    const auto read = meanings_of(headers, file.path());
    if (!read) {
        promise(!read.problems().empty(), "what is refused says why");
        return 0;
    }
    const std::vector<ColumnMeaning>& meanings = read.value();
    promise(meanings.size() == headers.size(), "every column has a meaning");
    const MemoryFile saved(write_json_pretty(mapping_of(meanings)));
    const auto again = meanings_of(headers, saved.path());
    promise(again.ok(), "what was saved is read");
    for (std::size_t i = 0; i < meanings.size(); ++i)
        promise(again.value()[i].column == meanings[i].column && again.value()[i].unit == meanings[i].unit,
                "a meaning survives being saved");
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    return {R"j({"columns":{"Wie":"brand","ip":"ignored","Vermogen (kW)":"power"}})j", R"j({"columns":{}})j",
            R"j({"columns":{"Wie":7},"x":1})j"};
}
