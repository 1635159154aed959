// Tests that could not run are told, and may be counted as failed. Included by main.cpp alone.
//
// A test that cannot run here says MESSAGE("skipped: ...") and returns; one that needs the captures that may not be published
// says "skipped without ../shared: ...". Each is listed once more at the end of the run, and
// - with HERKOMST_SKIPS=FILE also added to that file, a line each, for whoever runs many suites;
// - with HERKOMST_NOTHING_SKIPPED=1 the run fails, unless it was for want of ../shared alone.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace skips {

struct Skip {
    std::string test;
    std::string why;
    [[nodiscard]] bool for_shared() const { return why.starts_with("skipped without ../shared"); }
};

inline std::vector<Skip>& all() {
    static std::vector<Skip> skips;
    return skips;
}

class Listener : public doctest::IReporter {
  public:
    explicit Listener(const doctest::ContextOptions&) {}
    void test_case_start(const doctest::TestCaseData& test) override { test_ = &test; }
    void log_message(const doctest::MessageData& message) override {
        const std::string_view text = message.m_string.c_str();
        if (!text.starts_with("skipped")) return;
        const std::string test = test_ == nullptr ? "" : std::string(test_->m_test_suite) + ": " + test_->m_name;
        all().push_back({test, std::string(text)});
    }
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}

  private:
    const doctest::TestCaseData* test_ = nullptr;
};

// How the run ends because of what was skipped: 0, or 1 where nothing may be.
inline int tell() {
    const char* strict = std::getenv("HERKOMST_NOTHING_SKIPPED");
    const char* list = std::getenv("HERKOMST_SKIPS");
    std::FILE* file = list == nullptr ? nullptr : std::fopen(list, "a");
    int result = 0;
    for (const Skip& skip : all()) {
        const std::string line = skip.test + ": " + skip.why + "\n";
        std::fputs(line.c_str(), stdout);
        if (file != nullptr) std::fputs(line.c_str(), file);
        if (strict != nullptr && std::string_view(strict) == "1" && !skip.for_shared()) result = 1;
    }
    if (file != nullptr) std::fclose(file);
    if (result != 0) std::fputs("HERKOMST_NOTHING_SKIPPED is set: what was skipped counts as failed\n", stdout);
    return result;
}

}  // namespace skips

REGISTER_LISTENER("skips", 1, skips::Listener);
