// vendordb_compile FOLDER OUT: what the build runs to make vendordb.sqlite.
#include <cstdio>

#include "vendordb/vendordb.h"

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: vendordb_compile FOLDER OUT\n", stderr);
        return 2;
    }
    const herkomst::Problems problems = herkomst::compile_vendordb(argv[1], argv[2]);
    for (const herkomst::Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.text().c_str());
    return problems.empty() ? 0 : 2;
}
