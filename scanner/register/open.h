// The register's connection. Internal to this folder.
#pragma once

#include "register/register.h"
#include "register/sql.h"

namespace herkomst {

struct Register::Open {
    sql::Database database;
    Open(const std::string& path, sql::Mode mode) : database(path, mode) {}
};

// The hash of an event: what it says and what came before it.
std::string event_hash(std::string_view prev, std::int64_t seq, std::int64_t run, std::string_view at, std::string_view event,
                       std::string_view subject_kind, std::string_view subject, std::string_view detail);

}  // namespace herkomst
