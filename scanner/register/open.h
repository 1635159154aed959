// The register's connection. Internal to this folder.
#pragma once

#include "register/chain.h"
#include "register/register.h"
#include "register/sql.h"

namespace herkomst {

struct Register::Open {
    sql::Database database;
    std::string shown_as;  // the file that this is a copy of, in memory
    std::string backup;    // what was copied before it was brought up to date
    Open(const std::string& path, sql::Mode mode) : database(path, mode) {}
};

}  // namespace herkomst
