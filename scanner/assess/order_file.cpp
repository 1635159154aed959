// Orders from a folder: own files and signed ones.
#include "assess/order_file.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

#include "core/file.h"
#include "core/text.h"

namespace herkomst {

namespace {

bool is_day(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9')) return false;
    }
    const std::string_view month = text.substr(5, 2);
    const std::string_view day = text.substr(8, 2);
    return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

class OrderReader {
  public:
    OrderReader(std::string file, Problems& problems) : file_(std::move(file)), problems_(problems) {}

    void problem(const std::string& pointer, std::string sentence) {
        problems_.push_back({fmt::format("{}: {}", file_, pointer.empty() ? "/" : pointer), std::move(sentence)});
    }
    bool keys(const Json& value, const std::string& pointer, std::initializer_list<std::string_view> known) {
        if (!value.is_object()) {
            problem(pointer, "this is not an object");
            return false;
        }
        for (const auto& [key, ignored] : value.members()) {
            if (std::find(known.begin(), known.end(), key) == known.end())
                problem(pointer + "/" + key, "this key is not known here");
        }
        return true;
    }
    std::string text(const Json& from, const std::string& pointer, const char* key) {
        const Json& value = from[key];
        if (!value.is_string() || trimmed(value.string()).empty()) {
            problem(pointer + "/" + key, "this is missing, or not a text");
            return {};
        }
        return value.string();
    }
    std::string day(const Json& from, const char* key) {
        std::string out = text(from, "", key);
        if (!out.empty() && !is_day(out)) problem(std::string("/") + key, "this is not a date (2027-03-01)");
        return out;
    }
    std::vector<std::string> texts(const Json& from, const char* key) {
        std::vector<std::string> out;
        if (!from.has(key)) return out;
        if (!from[key].is_array()) problem(std::string("/") + key, "this is not a list");
        for (const Json& each : from[key].items()) {
            if (!each.is_string() || each.string().empty()) {
                problem(std::string("/") + key, "this is not a list of texts");
            } else {
                out.push_back(each.string());
            }
        }
        return out;
    }
    Order::Supplier supplier(const Json& value, const std::string& pointer, bool of_product) {
        Order::Supplier out;
        const bool good = of_product ? keys(value, pointer, {"vendor", "name", "model", "with_subsidiaries"})
                                     : keys(value, pointer, {"vendor", "name", "with_subsidiaries"});
        if (!good) return out;
        out.vendor = value["vendor"].string();
        out.name = value["name"].string();
        if (value.has("with_subsidiaries") && !value["with_subsidiaries"].is_bool())
            problem(pointer + "/with_subsidiaries", "this is not true or false");
        out.with_subsidiaries = value["with_subsidiaries"].is_bool() && value["with_subsidiaries"].boolean();
        if (out.name.empty()) problem(pointer + "/name", "the name as the order prints it is missing");
        return out;
    }

  private:
    std::string file_;
    Problems& problems_;
};

std::string signature_bytes(std::string_view content) {
    const std::string_view text = trimmed(content);
    if (text.size() != 128 || text.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::string(content);
    const std::vector<std::uint8_t> bytes = unhex(text);
    return {bytes.begin(), bytes.end()};
}

std::vector<std::string> files_in(const std::filesystem::path& folder, const char* extension) {
    std::vector<std::string> out;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() == extension) out.push_back(at->path().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

constexpr std::size_t file_max = std::size_t{1} << 20;

void check_signature(Order& order, const std::string& file, const std::vector<std::pair<std::string, std::string>>& keys,
                     Problems& problems) {
    const std::string path = file + ".sig";
    if (!std::filesystem::exists(path)) return;
    const Result<std::string> signature = read_file(path, file_max);
    const Result<std::string> content = read_file(file, file_max);
    if (!signature || !content) {
        problems.push_back({path, "the signature cannot be read"});
        return;
    }
    const std::string bytes = signature_bytes(signature.value());
    for (const auto& [name, pem] : keys) {
        if (signature_by(content.value(), bytes, pem) == Signed::Yes) {
            order.is_signed = true;
            return;
        }
    }
    problems.push_back({path, keys.empty() ? "there is no key in the folder trusted/ to check this signature with"
                                           : "this signature is of none of the keys in the folder trusted/"});
}

}  // namespace

std::optional<Order> read_order(const Json& json, const std::string& file, Problems& problems) {
    const std::size_t before = problems.size();
    OrderReader reader(file, problems);
    if (!reader.keys(json, "",
                     {"key", "authority", "legal_basis", "issued", "deadline", "document", "suppliers", "products",
                      "categories", "sites", "note"}))
        return std::nullopt;
    Order order;
    order.key = reader.text(json, "", "key");
    order.authority = reader.text(json, "", "authority");
    order.legal_basis = reader.text(json, "", "legal_basis");
    order.document = reader.text(json, "", "document");
    order.issued = reader.day(json, "issued");
    order.deadline = reader.day(json, "deadline");
    if (!order.issued.empty() && !order.deadline.empty() && order.deadline < order.issued)
        reader.problem("/deadline", "this is before the order was issued");
    order.categories = reader.texts(json, "categories");
    order.sites = reader.texts(json, "sites");
    for (const char* key : {"suppliers", "products"}) {
        if (json.has(key) && !json[key].is_array()) reader.problem(std::string("/") + key, "this is not a list");
    }
    for (std::size_t i = 0; i < json["suppliers"].items().size(); ++i)
        order.suppliers.push_back(reader.supplier(json["suppliers"].at(i), fmt::format("/suppliers/{}", i), false));
    for (std::size_t i = 0; i < json["products"].items().size(); ++i) {
        const std::string pointer = fmt::format("/products/{}", i);
        const Json& product = json["products"].at(i);
        Order::Product out{reader.supplier(product, pointer, true), product["model"].string()};
        if (out.model.empty() || !re2::RE2(out.model, re2::RE2::Quiet).ok())
            reader.problem(pointer + "/model", "this is not a pattern (RE2) for the whole model text");
        order.products.push_back(std::move(out));
    }
    if (order.suppliers.empty() && order.products.empty())
        reader.problem("/suppliers", "an order names a supplier or a product");
    if (problems.size() != before) return std::nullopt;
    return order;
}

std::vector<Order> read_orders(const std::string& folder, Problems& problems) {
    std::vector<Order> out;
    std::vector<std::pair<std::string, std::string>> keys;
    for (const std::string& path : files_in(std::filesystem::path(folder) / "trusted", ".pem")) {
        const Result<std::string> pem = read_file(path, file_max);
        if (!pem || signature_by("", std::string(64, '\0'), pem.value()) == Signed::NoKey) {
            problems.push_back({path, "this is not a public key of kind Ed25519 (PEM)"});
        } else {
            keys.emplace_back(path, pem.value());
        }
    }
    for (const std::string& path : files_in(folder, ".json")) {
        const Result<Json> json = parse_json_file(path);
        if (!json) {
            problems.insert(problems.end(), json.problems().begin(), json.problems().end());
            continue;
        }
        std::optional<Order> order = read_order(json.value(), path, problems);
        if (!order) continue;
        check_signature(*order, path, keys, problems);
        const bool twice = std::any_of(out.begin(), out.end(), [&](const Order& o) { return o.key == order->key; });
        if (twice) problems.push_back({path + ": /key", fmt::format("there are two orders with the key {}", order->key)});
        out.push_back(std::move(*order));
    }
    std::sort(out.begin(), out.end(), [](const Order& a, const Order& b) { return a.key < b.key; });
    return out;
}

}  // namespace herkomst
