// The product's questionnaire and criteria, and answers to them.
#pragma once

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

#include "assess/rating.h"

namespace herkomst::example {

inline const Questionnaire& asked() {
    static const Questionnaire read = [] {
        Result<Questionnaire> loaded = Questionnaire::load(HERKOMST_SOURCE_DIR "/rules/questionnaires/zelfscan.json");
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return read;
}

inline const Criteria& criteria() {
    static const Criteria read = [] {
        Result<Criteria> loaded = Criteria::load(HERKOMST_SOURCE_DIR "/rules/criteria/zelfscan.json", asked());
        if (!loaded) {
            for (const Problem& problem : loaded.problems()) FAIL_CHECK(problem.text());
        }
        REQUIRE(loaded.ok());
        return std::move(loaded.value());
    }();
    return read;
}

inline RatingInputs said(std::initializer_list<std::pair<const char*, const char*>> answers) {
    RatingInputs out;
    for (const auto& [question, answer] : answers) out[question] = {answer, RatingInput::From::Person};
    return out;
}

}  // namespace herkomst::example
