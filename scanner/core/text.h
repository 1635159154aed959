// Text from the network made safe to keep and print, and the few text operations that many folders need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace herkomst {

// Valid UTF-8 without control characters: NUL padding and surrounding blanks go, runs of blanks and control characters become
// one space, marks that turn the direction of writing or are not seen go, bytes that are not UTF-8 are read as Latin-1, at most
// `max` bytes remain (cut at a character).
std::string clean(std::string_view raw, std::size_t max = 256);

std::string lower(std::string_view);  // ASCII only
std::string_view trimmed(std::string_view);
bool equal_ignoring_case(std::string_view, std::string_view);
bool starts_with_ignoring_case(std::string_view text, std::string_view start);
bool contains_ignoring_case(std::string_view text, std::string_view part);
std::vector<std::string_view> split(std::string_view, char);
std::string join(const std::vector<std::string>&, std::string_view between);
std::string hex(const std::uint8_t* data, std::size_t size);
// Pairs of hexadecimal digits, blanks and '|' ignored; what follows "//" or "#" on a line is a comment. Empty when it is not
// that.
std::vector<std::uint8_t> unhex(std::string_view);
bool printable_ascii(std::string_view);
// RFC 4648 section 4, with or without padding; nothing when it holds anything else.
std::optional<std::string> base64_decoded(std::string_view);
// The longest part of a name that is never a person's: kept here because several protocols carry "user@host".
std::string without_user(std::string_view host_or_uri);
// A name folded for comparing: ASCII lower case, letters and digits only, other runs become one space; legal forms stay.
std::string folded(std::string_view);

// FNV-1a 64 bits: for table keys and shard choice, never for anything that must resist an attacker.
std::uint64_t fnv1a(std::string_view, std::uint64_t seed = 0xcbf29ce484222325ULL);

}  // namespace herkomst
