#include "vendordb/vendor_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <set>
#include <span>

#include "core/address_range.h"
#include "core/hash.h"
#include "vendordb/pattern.h"

namespace herkomst {

namespace {

using Keys = std::initializer_list<std::string_view>;

bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int two(std::string_view text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

// YYYY, YYYY-MM or YYYY-MM-DD, at least `parts` of them.
bool is_date(std::string_view text, int parts) {
    const std::size_t length = text.size();
    if (length != 4 && length != 7 && length != 10) return false;
    if (length < (parts == 1 ? 4U : parts == 2 ? 7U : 10U)) return false;
    if (!digits(text.substr(0, 4))) return false;
    if (length == 4) return true;
    static constexpr int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text[4] != '-' || !digits(text.substr(5, 2)) || two(text.substr(5)) < 1 || two(text.substr(5)) > 12) return false;
    if (length == 7) return true;
    return text[7] == '-' && digits(text.substr(8, 2)) && two(text.substr(8)) >= 1 &&
           two(text.substr(8)) <= days[two(text.substr(5)) - 1];
}

bool is_slug(std::string_view text) {
    if (text.empty() || text.front() == '-' || text.back() == '-' || text.find("--") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_country(std::string_view text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_suffix(std::string_view text) {
    if (text.find('.') == std::string_view::npos || text.front() == '.' || text.back() == '.') return false;
    if (text.find("..") != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

// "CN=..." or "O=...": of the attributes that a name can have, those that say whose a certificate is.
bool is_attribute(std::string_view text) {
    return (text.starts_with("CN=") && text.size() > 3) || (text.starts_with("O=") && text.size() > 2);
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string one_of(Keys words) {
    std::string out;
    for (const std::string_view word : words) out += (out.empty() ? "" : ", ") + std::string(word);
    return out;
}

// A JSON value together with where it stands, so that every complaint carries its pointer.
class Checked {
  public:
    Checked(const Json& value, std::string place, Problems& problems)
        : value_(&value), place_(std::move(place)), problems_(&problems) {}

    void complain(std::string sentence) const { problems_->push_back({place_, std::move(sentence)}); }

    // True for an object; complains about anything else, about members it does not know and members it misses.
    bool object(Keys required, Keys optional) const {
        if (!value_->is_object()) {
            complain("must be an object");
            return false;
        }
        for (const auto& [key, member] : value_->members()) {
            const bool known = std::find(required.begin(), required.end(), key) != required.end() ||
                               std::find(optional.begin(), optional.end(), key) != optional.end();
            if (!known) at(key).complain("is not a known key here");
        }
        for (const std::string_view key : required)
            if (!value_->has(key)) complain(fmt::format("misses the key \"{}\"", key));
        return true;
    }

    [[nodiscard]] bool has(std::string_view key) const { return value_->has(key); }
    [[nodiscard]] const Json& json() const { return *value_; }
    [[nodiscard]] Checked at(std::string_view key) const {
        return {(*value_)[key], fmt::format("{}{}{}", place_, separator(), key), *problems_};
    }
    [[nodiscard]] Checked at(std::size_t index) const {
        return {value_->at(index), fmt::format("{}{}{}", place_, separator(), index), *problems_};
    }

    // The text of a member; empty when it is absent or (complained about) not a text or empty.
    [[nodiscard]] std::string text(std::string_view key) const { return has(key) ? at(key).text() : std::string(); }
    [[nodiscard]] std::string text() const {
        if (!value_->is_string() || value_->string().empty()) {
            complain("must be a text that is not empty");
            return {};
        }
        return value_->string();
    }
    std::string date(std::string_view key, int parts) const {
        std::string day = text(key);
        if (!day.empty() && !is_date(day, parts)) at(key).complain(fmt::format("\"{}\" is not a date", day));
        return day;
    }
    std::string slug(std::string_view key) const {
        std::string slug = text(key);
        if (!slug.empty() && !is_slug(slug)) at(key).complain(fmt::format("\"{}\" is not a slug", slug));
        return slug;
    }
    std::string word(std::string_view key, Keys words) const {
        std::string word = text(key);
        if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
            at(key).complain(fmt::format("\"{}\" is none of {}", word, one_of(words)));
        return word;
    }
    std::string word(std::string_view key, const std::vector<Word>& words) const {
        std::string word = text(key);
        if (!word.empty() && !Vocabulary::holds(words, word))
            at(key).complain(fmt::format("\"{}\" is not in the vocabulary", word));
        return word;
    }
    std::string country(std::string_view key, const Vocabulary& vocabulary) const {
        std::string country = text(key);
        if (country.empty() || country == "contested" || country == "unknown") return country;
        if (!is_country(country)) {
            at(key).complain(fmt::format("\"{}\" is not a country code (ISO 3166-1 alpha-2), contested or unknown", country));
        } else if (!vocabulary.countries.contains(country)) {
            at(key).complain(fmt::format("the country \"{}\" is not in jurisdictions.json", country));
        }
        return country;
    }
    template <class Each>
    void each(std::string_view key, Each&& each_item) const {
        if (!has(key)) return;
        const Checked list = at(key);
        if (!list.json().is_array()) return list.complain("must be a list");
        for (std::size_t i = 0; i < list.json().items().size(); ++i) each_item(list.at(i));
    }
    std::vector<std::string> texts(std::string_view key) const {
        std::vector<std::string> out;
        each(key, [&](const Checked& item) {
            std::string text = item.text();
            if (text.empty()) return;
            if (std::find(out.begin(), out.end(), text) != out.end()) {
                item.complain(fmt::format("\"{}\" stands twice in this list", text));
                return;
            }
            out.push_back(std::move(text));
        });
        return out;
    }
    std::vector<std::string> words(std::string_view key, const std::vector<Word>& vocabulary) const {
        std::vector<std::string> out = texts(key);
        for (const std::string& word : out)
            if (!Vocabulary::holds(vocabulary, word)) at(key).complain(fmt::format("\"{}\" is not in the vocabulary", word));
        return out;
    }

  private:
    // The place is "file" at the root, "file: /pointer" below.
    [[nodiscard]] std::string_view separator() const { return place_.find(": /") == std::string::npos ? ": /" : "/"; }

    const Json* value_;
    std::string place_;
    Problems* problems_;
};

void read_source(const Checked& source, Sourcing& into) {
    if (!source.object({"publisher", "title", "address", "date"}, {})) return;
    into.publisher = source.text("publisher");
    into.title = source.text("title");
    into.address = source.text("address");
    if (!into.address.empty() && ((!into.address.starts_with("https://") && !into.address.starts_with("http://")) ||
                                  into.address.find(' ') != std::string::npos))
        source.at("address").complain("must be an address that starts with http:// or https://");
    into.date = source.text("date");
    if (!into.date.empty() && into.date != "undated" && !is_date(into.date, 1))
        source.at("date").complain(fmt::format("\"{}\" is not a date (\"undated\" where the source carries none)", into.date));
}

// An object with the keys of its own and the keys of every claim.
bool claim_object(const Checked& claim, Keys required, Keys optional) {
    if (!claim.json().is_object()) {
        claim.complain("must be an object");
        return false;
    }
    static constexpr std::string_view common[] = {"status", "as_of", "source", "quote", "note"};
    for (const auto& [key, member] : claim.json().members()) {
        const bool known = std::find(required.begin(), required.end(), key) != required.end() ||
                           std::find(optional.begin(), optional.end(), key) != optional.end() ||
                           std::find(std::begin(common), std::end(common), key) != std::end(common);
        if (!known) claim.at(key).complain("is not a known key here");
    }
    for (const std::string_view key : required)
        if (!claim.has(key)) claim.complain(fmt::format("misses the key \"{}\"", key));
    return true;
}

Sourcing read_sourcing(const Checked& claim) {
    Sourcing sourcing;
    for (const std::string_view key : {"status", "as_of"})
        if (!claim.has(key)) claim.complain(fmt::format("misses the key \"{}\"", key));
    const std::string status = claim.word("status", {"verified", "reported", "unverified"});
    sourcing.status = status == "verified"   ? ClaimStatus::Verified
                      : status == "reported" ? ClaimStatus::Reported
                                             : ClaimStatus::Unverified;
    sourcing.as_of = claim.date("as_of", 2);
    sourcing.quote = claim.text("quote");
    sourcing.note = claim.text("note");
    if (claim.has("source")) read_source(claim.at("source"), sourcing);
    for (const std::string_view key : {"source", "quote"}) {
        if (sourcing.counts() && !claim.has(key)) claim.complain(fmt::format("is {} and misses the key \"{}\"", status, key));
        if (status == "unverified" && claim.has(key))
            claim.at(key).complain("cannot stand with an unverified claim: either the source was read or it was not");
    }
    if (characters(sourcing.quote) > 200)
        claim.at("quote").complain(fmt::format("is {} characters long; 200 are allowed", characters(sourcing.quote)));
    return sourcing;
}

std::int64_t positive(const Checked& number, std::int64_t least) {
    if (!number.json().is_integer() || number.json().integer() < least) {
        number.complain(fmt::format("must be a whole number of at least {}", least));
        return 0;
    }
    return number.json().integer();
}

void read_ids(const Checked& ids, VendorFile& file) {
    if (!ids.object({}, {"oui_org", "pen", "cip", "bacnet", "ethercat", "flag", "knx", "profinet", "names", "sources"})) return;
    // Who says that devices print these: for who reads the file, nothing is derived from it.
    ids.each("sources", [&](const Checked& source) {
        Sourcing read;
        read_source(source, read);
    });
    file.oui_org = ids.texts("oui_org");
    for (const std::string_view registry : {"pen", "cip", "bacnet", "ethercat", "flag", "knx", "profinet"}) {
        std::vector<std::int64_t>& numbers = file.numbers[std::string(registry)];
        ids.each(registry, [&](const Checked& item) {
            const std::size_t before = numbers.size();
            const std::int64_t number = positive(item, 0);
            if (!item.json().is_integer() || item.json().integer() < 0) return;
            if (std::find(numbers.begin(), numbers.end(), number) != numbers.end())
                item.complain(fmt::format("{} stands twice in this list", number));
            if (numbers.size() == before) numbers.push_back(number);
        });
    }
    if (!ids.has("names")) return;
    const Checked names = ids.at("names");
    if (!names.json().is_object()) return names.complain("must be an object");
    const std::span<const std::string_view> known = name_protocols();
    for (const auto& [protocol, member] : names.json().members()) {
        if (std::find(known.begin(), known.end(), protocol) == known.end()) {
            names.at(protocol).complain("is not a known key here");
            continue;
        }
        for (std::string& text : names.texts(protocol)) file.vendor.names.emplace_back(protocol, std::move(text));
    }
}

void read_origin(const Checked& claim, const Vocabulary& vocabulary, Vendor& vendor) {
    const std::string kind = claim.json()["claim"].string();
    const bool has_value = kind == "legal_entity" || kind == "state_control" || kind == "top_of_chain" || kind == "listed";
    const bool fine = has_value ? claim_object(claim, {"claim", "value"}, {}) : claim_object(claim, {"claim", "country"}, {});
    if (!fine) return;
    OriginClaim origin;
    origin.claim = claim.word("claim", {"legal_entity", "registered_in", "headquarters", "controlled_from", "state_control",
                                        "top_of_chain", "listed"});
    origin.value = claim.text("value");
    if (kind == "state_control") (void)claim.word("value", {"yes", "no", "contested", "unknown"});
    if (kind == "listed") (void)claim.word("value", {"yes"});
    if (kind == "top_of_chain")
        (void)claim.word("value",
                         {"listed", "founders", "family", "employees", "foundation", "cooperative", "state", "private"});
    origin.country = claim.country("country", vocabulary);
    origin.sourcing = read_sourcing(claim);
    vendor.origin.push_back(std::move(origin));
}

void check_examples(const Checked& product, const Product& line, const std::vector<ProductExample>& examples) {
    if (line.pattern.empty()) return;
    const Pattern pattern(line.pattern);
    if (const std::string why = pattern.problem(); !why.empty()) {
        product.at("pattern").complain(fmt::format("does not compile: {}", why));
        return;
    }
    if (!line.pattern.starts_with("^") && !line.pattern.starts_with("(?i)^"))
        product.at("pattern").complain("must be anchored: start with ^ or (?i)^");
    const std::optional<std::size_t> n = pattern.group_named("n");
    if (n && line.watts_per_unit == 0) product.at("pattern").complain("has a group n, but there is no watts_per_unit");
    if (!n && line.watts_per_unit != 0) product.at("pattern").complain("misses the group n that watts_per_unit counts");
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const Checked example = product.at("examples").at(i);
        const auto groups = pattern.match(examples[i].text);
        if (!groups) {
            example.complain(fmt::format("\"{}\" does not match the pattern", examples[i].text));
            continue;
        }
        const std::string power = rated_power(line, n ? groups->at(*n) : std::string_view());
        const std::string wanted = examples[i].rated_power ? std::to_string(*examples[i].rated_power) : power;
        if (power != wanted)
            example.complain(
                fmt::format("\"{}\" yields {} W, not {} W", examples[i].text, power.empty() ? "no" : power, wanted));
    }
}

void read_product(const Checked& product, const Vocabulary& vocabulary, VendorFile& file) {
    if (!claim_object(product, {"pattern", "category", "examples"}, {"rated_power", "watts_per_unit"})) return;
    Product line;
    line.pattern = product.text("pattern");
    line.category = product.word("category", vocabulary.categories);
    line.rated_power = product.text("rated_power");
    if (!line.rated_power.empty() && !digits(line.rated_power)) product.at("rated_power").complain("must be watts in digits");
    if (product.has("watts_per_unit")) line.watts_per_unit = positive(product.at("watts_per_unit"), 1);
    if (product.has("rated_power") && product.has("watts_per_unit"))
        product.complain("has both rated_power and watts_per_unit");
    std::vector<ProductExample> examples;
    product.each("examples", [&](const Checked& item) {
        if (!item.object({"text"}, {"rated_power"})) return;
        ProductExample example{item.text("text"), std::nullopt};
        if (item.has("rated_power")) example.rated_power = positive(item.at("rated_power"), 0);
        examples.push_back(std::move(example));
    });
    if (product.has("examples") && examples.empty()) product.at("examples").complain("must hold at least one example");
    check_examples(product, line, examples);
    line.sourcing = read_sourcing(product);
    file.vendor.products.push_back(std::move(line));
    file.examples.push_back(std::move(examples));
}

std::vector<Word> read_words(const Checked& root, std::string_view key) {
    std::vector<Word> words;
    root.each(key, [&](const Checked& item) {
        if (!item.object({"key", "name"}, {})) return;
        const Checked name = item.at("name");
        if (item.has("name") && !name.object({"nl", "en"}, {})) return;
        Word word{item.text("key"), name.text("nl"), name.text("en")};
        if (Vocabulary::holds(words, word.key)) item.at("key").complain(fmt::format("\"{}\" stands twice", word.key));
        words.push_back(std::move(word));
    });
    return words;
}

}  // namespace

std::span<const std::string_view> name_protocols() {
    // Stems of scanner/decoders, besides sunspec and upnp, which two of them read.
    static constexpr std::string_view all[] = {"bacnet", "cdp",    "dhcp",    "ethernet_ip", "http",   "lldp",
                                               "mdns",   "modbus", "ocpp",    "onvif",       "opc_ua", "profinet",
                                               "snmp",   "ssdp",   "sunspec", "tls",         "upnp"};
    return all;
}

std::string_view name(ClaimStatus status) {
    switch (status) {
        case ClaimStatus::Verified:
            return "verified";
        case ClaimStatus::Reported:
            return "reported";
        case ClaimStatus::Unverified:
            break;
    }
    return "unverified";
}

bool Vocabulary::holds(const std::vector<Word>& words, std::string_view key) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) { return word.key == key; });
}

std::string rated_power(const Product& product, std::string_view n) {
    if (product.watts_per_unit == 0) return product.rated_power;
    const std::string text(n);
    char* end = nullptr;
    const double units = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(units)) return {};
    const double watts = std::round(units * static_cast<double>(product.watts_per_unit));
    // More than any power station: the number in the name is not a power.
    if (watts <= 0 || watts > 1e11) return {};
    return std::to_string(static_cast<std::int64_t>(watts));
}

void read_vocabulary(const Json& json, const std::string& place, Vocabulary& vocabulary, Problems& problems) {
    const Checked root(json, place, problems);
    if (!root.object({"categories", "capabilities", "parties"}, {})) return;
    // An overlay's words come on top of those that are there.
    const auto add = [&](std::vector<Word>& to, std::string_view key) {
        for (Word& word : read_words(root, key)) {
            std::erase_if(to, [&](const Word& each) { return each.key == word.key; });
            to.push_back(std::move(word));
        }
    };
    add(vocabulary.categories, "categories");
    add(vocabulary.capabilities, "capabilities");
    add(vocabulary.parties, "parties");
}

std::vector<Jurisdiction> read_jurisdictions(const Json& json, const std::string& place, Problems& problems) {
    std::vector<Jurisdiction> out;
    const Checked root(json, place, problems);
    if (!json.is_array()) {
        root.complain("must be a list");
        return out;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < json.items().size(); ++i) {
        const Checked item = root.at(i);
        if (!item.object({"country", "name", "claims"}, {})) continue;
        Jurisdiction jurisdiction;
        jurisdiction.country = item.text("country");
        if (!is_country(jurisdiction.country))
            item.at("country").complain("must be a country code (ISO 3166-1 alpha-2)");
        else if (!seen.insert(jurisdiction.country).second)
            item.at("country").complain(fmt::format("\"{}\" stands twice", jurisdiction.country));
        const Checked names = item.at("name");
        if (item.has("name") && names.object({"nl", "en"}, {}))
            for (const std::string_view language : {"nl", "en"})
                jurisdiction.names.emplace(std::string(language), names.text(language));
        item.each("claims", [&](const Checked& claim) {
            const bool law = claim.json()["claim"].string() == "compelled_cooperation";
            const bool fine = law ? claim_object(claim, {"claim", "article"}, {"named_by"})
                                  : claim_object(claim, {"claim", "named_by"}, {"article"});
            if (!fine) return;
            JurisdictionClaim made;
            made.claim = claim.word("claim", {"offensive_programme", "compelled_cooperation", "strained_relation"});
            made.named_by = claim.text("named_by");
            made.article = claim.text("article");
            made.sourcing = read_sourcing(claim);
            jurisdiction.claims.push_back(std::move(made));
        });
        out.push_back(std::move(jurisdiction));
    }
    return out;
}

VendorFile read_vendor(const Json& json, const std::string& place, const std::string& stem, const Vocabulary& vocabulary,
                       Problems& problems) {
    VendorFile file;
    file.place = place;
    Vendor& vendor = file.vendor;
    const Checked root(json, place, problems);
    if (!root.object({"slug", "name", "kind", "categories"},
                     {"aliases", "ids", "origin", "owned_by", "oem", "products", "capabilities", "clouds"}))
        return file;
    vendor.slug = root.slug("slug");
    if (!vendor.slug.empty() && vendor.slug != stem)
        root.at("slug").complain(fmt::format("\"{}\" is not the name of the file", vendor.slug));
    vendor.name = root.text("name");
    vendor.aliases = root.texts("aliases");
    vendor.kind = root.word("kind", {"maker", "module", "stack"});
    vendor.categories = root.words("categories", vocabulary.categories);
    if (root.has("ids")) read_ids(root.at("ids"), file);
    root.each("origin", [&](const Checked& claim) { read_origin(claim, vocabulary, vendor); });
    root.each("owned_by", [&](const Checked& claim) {
        if (!claim_object(claim, {"owner_name"}, {"owner", "country", "share", "since"})) return;
        vendor.owned_by.push_back({claim.slug("owner"), claim.text("owner_name"), claim.country("country", vocabulary),
                                   claim.text("share"), claim.date("since", 1), read_sourcing(claim)});
    });
    root.each("oem", [&](const Checked& claim) {
        if (!claim_object(claim, {"relation", "vendor", "scope"}, {})) return;
        vendor.oem.push_back({claim.word("relation", {"made_by", "makes_for"}), claim.slug("vendor"), claim.text("scope"),
                              read_sourcing(claim)});
    });
    root.each("products", [&](const Checked& claim) { read_product(claim, vocabulary, file); });
    root.each("capabilities", [&](const Checked& claim) {
        if (!claim_object(claim, {"capability", "channel", "party"}, {"categories"})) return;
        vendor.capabilities.push_back({claim.word("capability", vocabulary.capabilities), claim.text("channel"),
                                       claim.word("party", vocabulary.parties),
                                       claim.words("categories", vocabulary.categories), read_sourcing(claim)});
    });
    root.each("clouds", [&](const Checked& claim) {
        if (!claim_object(claim, {"suffix", "purpose"}, {"operator", "certificate", "range"})) return;
        Cloud cloud{claim.text("suffix"), claim.text("purpose"),     claim.slug("operator"),
                    read_sourcing(claim), claim.text("certificate"), claim.text("range")};
        if (claim.has("certificate") && claim.has("range")) claim.complain("has both certificate and range");
        if (!cloud.certificate.empty() && !is_attribute(cloud.certificate))
            claim.at("certificate")
                .complain(fmt::format("\"{}\" is not an attribute of a certificate like CN=Name", cloud.certificate));
        if (!cloud.range.empty() && !AddressRange::parse(cloud.range))
            claim.at("range").complain(fmt::format("\"{}\" is neither an address nor a range of them", cloud.range));
        if (!cloud.suffix.empty() && !is_suffix(cloud.suffix))
            claim.at("suffix").complain(
                fmt::format("\"{}\" is not a domain of at least two labels in lower case", cloud.suffix));
        vendor.clouds.push_back(std::move(cloud));
    });
    return file;
}

std::string list_digest(const VendorList& list) {
    std::vector<std::string> lines;
    const auto add = [&](std::string_view what, std::string_view named, std::string_view vendor, std::string_view scope,
                         std::string_view since, const Sourcing& s) {
        lines.push_back(fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", what, named, vendor, scope, since, name(s.status),
                                    s.as_of, s.address, s.quote));
    };
    for (const ListEntry& entry : list.entries)
        add("entry", entry.name, entry.vendor, entry.scope, entry.since, entry.sourcing);
    for (const ListCountry& named : list.countries) add("country", named.country, "", named.scope, named.since, named.sourcing);
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const std::string& line : lines) text += line;
    return sha256(text);
}

VendorList read_list(const Json& json, const std::string& place, const std::string& stem, const Vocabulary& vocabulary,
                     Problems& problems) {
    VendorList list;
    list.place = place;
    const Checked root(json, place, problems);
    const std::size_t before = problems.size();
    if (!root.object({"key", "title", "issuer", "date", "complete", "source", "sha256"},
                     {"country", "source_sha256", "note", "entries", "jurisdictions"}))
        return list;
    if (!root.has("entries") && !root.has("jurisdictions")) root.complain("misses entries, jurisdictions or both");
    list.key = root.slug("key");
    if (!list.key.empty() && list.key != stem)
        root.at("key").complain(fmt::format("\"{}\" is not the name of the file", list.key));
    if (root.has("title") && root.at("title").object({"nl", "en"}, {})) {
        list.nl = root.at("title").text("nl");
        list.en = root.at("title").text("en");
    }
    list.issuer = root.text("issuer");
    list.country = root.text("country");
    if (!list.country.empty() && list.country != "EU" && !is_country(list.country))
        root.at("country").complain("must be a country code or EU");
    list.date = root.date("date", 2);
    list.complete = root.word("complete", {"yes", "no"});
    list.sha256 = root.text("sha256");
    list.source_sha256 = root.text("source_sha256");
    for (const auto& [key, digest] : {std::pair{"sha256", list.sha256}, std::pair{"source_sha256", list.source_sha256}})
        if (!digest.empty() && (digest.size() != 64 || digest.find_first_not_of("0123456789abcdef") != std::string::npos))
            root.at(key).complain("must be 64 hexadecimal digits in lower case");
    if (root.has("note") && root.at("note").object({"nl", "en"}, {})) {
        list.note_nl = root.at("note").text("nl");
        list.note_en = root.at("note").text("en");
    }
    if (root.has("source")) read_source(root.at("source"), list.source);
    root.each("entries", [&](const Checked& claim) {
        if (!claim_object(claim, {"name"}, {"vendor", "scope", "since"})) return;
        list.entries.push_back(
            {claim.text("name"), claim.slug("vendor"), claim.text("scope"), claim.date("since", 2), read_sourcing(claim)});
    });
    root.each("jurisdictions", [&](const Checked& claim) {
        if (!claim_object(claim, {"country"}, {"scope", "since"})) return;
        ListCountry named{claim.country("country", vocabulary), claim.text("scope"), claim.date("since", 2),
                          read_sourcing(claim)};
        if (named.country == "contested" || named.country == "unknown")
            claim.at("country").complain("must be a country code (ISO 3166-1 alpha-2)");
        list.countries.push_back(std::move(named));
    });
    // What was not read whole has no digest to hold against it.
    if (problems.size() == before)
        if (const std::string digest = list_digest(list); digest != list.sha256)
            root.at("sha256").complain(fmt::format("is not that of the entries, which is {}", digest));
    return list;
}

std::vector<Trap> read_traps(const Json& json, const std::string& place, Problems& problems) {
    std::vector<Trap> out;
    const Checked root(json, place, problems);
    if (!json.is_array()) {
        root.complain("must be a list");
        return out;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < json.items().size(); ++i) {
        const Checked item = root.at(i);
        if (!claim_object(item, {"id", "why", "means"}, {})) continue;
        Trap trap;
        trap.id = item.text("id");
        const std::size_t colon = trap.id.find(':');
        const std::string registry = trap.id.substr(0, colon);
        const bool known = registry == "pen" || registry == "cip" || registry == "bacnet" || registry == "profinet";
        if (!trap.id.empty() && (!known || colon == std::string::npos || !digits(trap.id.substr(colon + 1))))
            item.at("id").complain(fmt::format("\"{}\" is not an id like pen:50001, of pen, cip, bacnet or profinet", trap.id));
        else if (!trap.id.empty() && !seen.insert(trap.id).second)
            item.at("id").complain(fmt::format("\"{}\" stands twice", trap.id));
        trap.why = item.word("why", {"borrowed", "module", "placeholder"});
        if (item.has("means") && item.at("means").object({"nl", "en"}, {})) {
            trap.nl = item.at("means").text("nl");
            trap.en = item.at("means").text("en");
        }
        trap.sourcing = read_sourcing(item);
        out.push_back(std::move(trap));
    }
    return out;
}

std::vector<ServiceNames> read_services(const Json& json, const std::string& place, const Vocabulary& vocabulary,
                                        Problems& problems) {
    std::vector<ServiceNames> out;
    const Checked root(json, place, problems);
    if (!json.is_array()) {
        root.complain("must be a list");
        return out;
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < json.items().size(); ++i) {
        const Checked item = root.at(i);
        if (!claim_object(item, {"suffixes", "product", "vendor", "category"}, {})) continue;
        ServiceNames service;
        service.suffixes = item.texts("suffixes");
        for (const std::string& suffix : service.suffixes) {
            if (!is_suffix(suffix)) {
                item.at("suffixes").complain(fmt::format("\"{}\" is not a host name in lower case", suffix));
            } else if (!seen.insert(suffix).second) {
                item.at("suffixes").complain(fmt::format("\"{}\" stands twice", suffix));
            }
        }
        service.product = item.text("product");
        service.vendor = item.slug("vendor");
        service.category = item.word("category", vocabulary.categories);
        service.sourcing = read_sourcing(item);
        if (item.json()["status"].string() == "unverified")
            item.at("status").complain("a name shows a program only where a source says so");
        out.push_back(std::move(service));
    }
    return out;
}

}  // namespace herkomst
