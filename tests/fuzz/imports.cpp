// Every import on a file of any kind. Byte 0: which import; the rest is the file.
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fuzz.h"
#include "imports/import.h"

using namespace herkomst;

namespace {

// A file in memory, with a path that others can open.
class MemoryFile {
  public:
    MemoryFile(const std::uint8_t* data, std::size_t size) : file_(memfd_create("input", MFD_CLOEXEC)) {
        promise(file_ >= 0 && write(file_, data, size) == static_cast<ssize_t>(size), "the machine gives a file");
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
    if (size < 1 || size > (std::size_t{64} << 10)) return 0;
    const auto imports = all_imports();
    const Import& import = imports[data[0] % imports.size()];
    const MemoryFile file(data + 1, size - 1);
    const std::string_view content(reinterpret_cast<const char*>(data) + 1, size - 1);
    (void)import.recognise(content.substr(0, 4096), file.path());
    const Imported imported = import.read(file.path(), "fuzz", {"site", {}});
    promise(imported.used <= imported.rows, "no more rows are used than were read");
    for (const Observation& observation : imported.observations.list()) {
        promise(!observation.value.empty() && observation.value.size() <= 512, "values are bounded");
        promise(observation.strength == Strength::Listed, "an inventory lists, nothing more");
        promise(observation.from.source == "fuzz", "the file is the witness");
        promise(observation.subject.known() || !observation.subject.path.empty(), "a claim is about somebody");
    }
    return 0;
}

std::vector<std::string> fuzz_seeds() {
    std::vector<std::string> seeds;
    const auto imports = all_imports();
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::string(HERKOMST_SOURCE_DIR) + "/tests/scenes")) {
        if (entry.path().extension() != ".csv" && entry.path().extension() != ".xml") continue;
        std::ifstream in(entry.path(), std::ios::binary);
        std::stringstream content;
        content << in.rdbuf();
        for (std::size_t i = 0; i < imports.size(); ++i) {
            if (imports[i].recognise(content.str().substr(0, 4096), entry.path().string()))
                seeds.push_back(std::string(1, static_cast<char>(i)) + content.str());
        }
    }
    return seeds;
}
