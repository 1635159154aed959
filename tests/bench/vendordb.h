// See vendordb.cpp. Returns the exit code.
#pragma once

#include <string>

int bench_vendordb(const std::string& recog);
