// The language of rules: a narrow part of SQL expressions, checked token by token before SQLite sees any of it.
//
//   facts by name, numbers, 'texts', ( )  =  ==  <>  !=  <  <=  >  >=  +  -  *  ||  AND OR NOT  IN (literals)  BETWEEN  LIKE
//   known(fact), lower(x), upper(x), length(x), abs(x), round(x)
//
// Whatever turns NULL into an answer is refused: IS, ISNULL, NOTNULL, CASE, COALESCE, IFNULL, IIF, NULLIF, EXISTS, SELECT, an
// empty list; `known(fact)` is the one explicit way. Division is refused because x/0 is NULL without anything being unknown.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/assess.h"

namespace herkomst {

struct Expression {
    std::set<std::string, std::less<>> facts;  // read anywhere in it
    std::vector<std::string> texts;            // literals, for trying out values
    std::vector<double> numbers;
};

// What is wrong with it, as sentences; empty: SQLite may see it.
std::vector<std::string> check_expression(std::string_view text, std::span<const FactColumn>, Expression& into);

}  // namespace herkomst
