// Mail addresses within texts: found wherever cleaning and taking them out would have found them.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "core/text.h"
#include "decoders/http_message.h"

using namespace herkomst;

namespace mail_test {

TEST_SUITE_BEGIN("decoders.mail");

namespace {

bool would_lose_words(const std::string& raw) {
    const std::string all = clean(raw, 4096);
    return clean(without_mail(all), 4096) != all;
}

}  // namespace

TEST_CASE("a mail address is seen, an '@' without one is not") {
    CHECK(holds_mail("write to pump7@plant.example please"));
    CHECK(holds_mail("<pump7@plant.example>"));
    CHECK(holds_mail("a@@"));
    CHECK(holds_mail("caf\xe9@x"));
    CHECK(!holds_mail(""));
    CHECK(!holds_mail("@"));
    CHECK(!holds_mail("@a@b"));
    CHECK(!holds_mail("a@ b @c"));
    CHECK(!holds_mail("a\x01@b"));
    CHECK(!holds_mail("a\x85@b"));      // not UTF-8: a control character of Latin-1
    CHECK(!holds_mail("a\xc2\x85@b"));  // the same in UTF-8
    CHECK(holds_mail("a\xc3\x85@b"));
}

TEST_CASE("the same is seen as by cleaning and taking out, in texts of any kind") {
    std::mt19937 random(20'261'127);
    const std::string letters[] = {"@",
                                   "@",
                                   "a",
                                   "b",
                                   " ",
                                   "<",
                                   ",",
                                   "\x01",
                                   "\x7f",
                                   "\n",
                                   std::string(1, '\0'),
                                   "\xc2",
                                   "\x85",
                                   "\xc2\x85",
                                   "\xc3\xa9",
                                   "\xa9",
                                   "\xe2\x82\xac",
                                   "\"",
                                   "\xc2\xa0",
                                   "."};
    std::size_t found = 0;
    for (int round = 0; round < 40'000; ++round) {
        std::string raw;
        const std::size_t kinds = round % 3 == 0 ? 10 : std::size(letters);
        for (std::size_t left = random() % 24; left > 0; --left) raw += letters[random() % kinds];
        if (holds_mail(raw)) ++found;
        if (holds_mail(raw) != would_lose_words(raw)) CHECK(holds_mail(raw) == would_lose_words(raw));
    }
    CHECK(found > 5'000);
    CHECK(found < 35'000);
    for (int round = 0; round < 400; ++round) {
        std::string raw(random() % 6'000, '\0');
        for (char& c : raw) c = static_cast<char>(round % 2 == 0 ? random() : 0x20 + random() % 0x5f);
        if (holds_mail(raw) != would_lose_words(raw)) CHECK(holds_mail(raw) == would_lose_words(raw));
    }
}

TEST_SUITE_END();

}  // namespace mail_test
