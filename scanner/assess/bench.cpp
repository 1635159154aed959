// Rules evaluated by SQLite: its three-valued logic is the policy's.
#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

#include "assess/facts_table.h"
#include "assess/rules.h"
#include "core/hash.h"

namespace herkomst {

namespace {

constexpr int unknown_score = 4;  // the worse half of a scale from 1 to 5

struct Statement {
    sqlite3_stmt* held = nullptr;
    Statement() = default;
    explicit Statement(sqlite3_stmt* statement) : held(statement) {}
    Statement(Statement&& other) noexcept : held(std::exchange(other.held, nullptr)) {}
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    ~Statement() { sqlite3_finalize(held); }
};

void known_function(sqlite3_context* context, int, sqlite3_value** values) {
    sqlite3_result_int(context, sqlite3_value_type(values[0]) != SQLITE_NULL ? 1 : 0);
}

void bind(sqlite3_stmt* statement, int at, const Json& value) {
    if (value.is_bool()) {
        sqlite3_bind_int(statement, at, value.boolean() ? 1 : 0);
    } else if (value.is_integer()) {
        sqlite3_bind_int64(statement, at, value.integer());
    } else if (value.is_number()) {
        sqlite3_bind_double(statement, at, value.number());
    } else if (value.is_string()) {
        const std::string& text = value.string();
        sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_null(statement, at);
    }
}

Truth outcome_at(sqlite3_stmt* statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return Truth::Unknown;
    return sqlite3_column_int(statement, column) != 0 ? Truth::True : Truth::False;
}

int score_at(sqlite3_stmt* statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return unknown_score;
    return static_cast<int>(std::clamp<sqlite3_int64>(sqlite3_column_int64(statement, column), 1, 5));
}

}  // namespace

std::span<const FactColumn> columns_of(std::string_view over) { return over == "groups" ? group_columns() : fact_columns(); }

struct Bench::Database {
    sqlite3* held = nullptr;
    enum class Guard : std::uint8_t { Off, Recording, On } guard = Guard::Off;
    std::set<std::string, std::less<>> reads;
    int selects = 0;
    std::map<std::string, Statement, std::less<>> trials;  // rule id -> its condition over one row of parameters
    std::map<std::string, std::vector<std::string>, std::less<>> missing;  // rule and known facts -> answer

    Database() {
        if (sqlite3_open_v2(":memory:", &held, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
            SQLITE_OK) {
            throw std::runtime_error("no memory for the table of facts");
        }
        // "x" must never quietly be a text when there is no column x.
        sqlite3_db_config(held, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
        sqlite3_create_function_v2(held, "known", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, known_function, nullptr,
                                   nullptr, nullptr);
        for (const std::string_view over : {"facts", "groups"}) {
            std::string columns;
            for (const FactColumn& column : columns_of(over)) {
                columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", column.name,
                                       column.type == FactColumn::Type::Text ? "TEXT" : "INTEGER");
            }
            run(fmt::format("CREATE TABLE {} ({})", over, columns));
        }
        sqlite3_set_authorizer(held, authorize, this);
    }
    ~Database() {
        trials.clear();
        sqlite3_close(held);
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    static int authorize(void* self, int action, const char* first, const char* second, const char*, const char*) {
        auto& database = *static_cast<Database*>(self);
        if (database.guard == Guard::Off) return SQLITE_OK;
        switch (action) {
            case SQLITE_SELECT:
                return ++database.selects == 1 ? SQLITE_OK : SQLITE_DENY;
            case SQLITE_READ: {
                const std::string_view table = first == nullptr ? "" : first;
                if (table != "facts" && table != "groups") return SQLITE_DENY;
                if (database.guard == Guard::Recording && second != nullptr && *second != '\0') database.reads.insert(second);
                return SQLITE_OK;
            }
            case SQLITE_FUNCTION: {
                const std::string_view function = second == nullptr ? "" : second;
                for (const std::string_view allowed : {"known", "lower", "upper", "length", "abs", "round", "like"}) {
                    if (function == allowed) return SQLITE_OK;
                }
                return SQLITE_DENY;
            }
            default:
                return SQLITE_DENY;
        }
    }

    void run(const std::string& sql) {
        if (sqlite3_exec(held, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            throw std::runtime_error(fmt::format("the table of facts cannot be used: {}", sqlite3_errmsg(held)));
        }
    }
    Statement compile(const std::string& sql, Guard with) {
        guard = with;
        selects = 0;
        sqlite3_stmt* statement = nullptr;
        const int rc = sqlite3_prepare_v2(held, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
        guard = Guard::Off;
        if (rc != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(held));
        return Statement(statement);
    }
};

Bench::Bench() : database_(std::make_unique<Database>()) {}
Bench::~Bench() = default;

std::string Bench::prepare(std::string_view over, const std::string& expression, std::set<std::string, std::less<>>& reads) {
    database_->reads.clear();
    try {
        database_->compile(fmt::format("SELECT ({}) FROM {}", expression, over), Database::Guard::Recording);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    reads.insert(database_->reads.begin(), database_->reads.end());
    return {};
}

std::vector<std::vector<Judged>> Bench::judge(std::string_view over, std::span<const Rule* const> rules,
                                              std::span<const Facts* const> rows) {
    std::vector<std::vector<Judged>> out(rows.size(), std::vector<Judged>(rules.size()));
    if (rules.empty() || rows.empty()) return out;
    Database& db = *database_;
    // Only what these rules read is put into the table.
    std::set<std::string, std::less<>> columns;
    for (const Rule* rule : rules) columns.insert(rule->reads.begin(), rule->reads.end());
    std::string names;
    std::string places;
    for (const std::string& column : columns) {
        names += (names.empty() ? "" : ", ") + column;
        places += places.empty() ? "?" : ", ?";
    }
    db.run("BEGIN");
    db.run(fmt::format("DELETE FROM {}", over));
    {
        const Statement insert =
            db.compile(fmt::format("INSERT INTO {} ({}) VALUES ({})", over, names, places), Database::Guard::Off);
        for (const Facts* row : rows) {
            int place = 0;
            for (const std::string& column : columns) bind(insert.held, ++place, fact_of(*row, column));
            if (sqlite3_step(insert.held) != SQLITE_DONE) throw std::runtime_error("the table of facts cannot be filled");
            sqlite3_reset(insert.held);
        }
    }
    db.run("COMMIT");
    std::string sql = "SELECT ";
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const PolicyPacks::RuleSummary& rule = rules[i]->summary;
        sql += fmt::format("{}NOT NOT ({}), ({}), ({})", i == 0 ? "" : ", ", rule.when, rule.likelihood, rule.impact);
    }
    sql += fmt::format(" FROM {} ORDER BY rowid", over);
    const Statement select = db.compile(sql, Database::Guard::On);
    for (std::vector<Judged>& row : out) {
        if (sqlite3_step(select.held) != SQLITE_ROW) {
            throw std::runtime_error(fmt::format("the rules cannot be evaluated: {}", sqlite3_errmsg(db.held)));
        }
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const int column = static_cast<int>(i) * 3;
            row[i] = {outcome_at(select.held, column), score_at(select.held, column + 1), score_at(select.held, column + 2)};
        }
    }
    return out;
}

namespace {

// Values worth trying for an unknown fact: both sides of everything that the condition compares with.
std::vector<Json> domain(const FactColumn& column, const Rule& rule, const Facts& row) {
    std::vector<Json> out{Json()};
    const auto add = [&](const Json& value) {
        if (std::find(out.begin(), out.end(), value) == out.end()) out.push_back(value);
    };
    if (column.type == FactColumn::Type::Flag) {
        add(1);
        add(0);
    } else if (column.type == FactColumn::Type::Text) {
        add("~");
        for (const std::string& text : rule.condition.texts) add(text);
        for (const std::string& fact : rule.condition.facts) {
            if (fact_of(row, fact).is_string()) add(fact_of(row, fact));
        }
    } else {
        add(0);
        add(std::int64_t{1'000'000'000'000});
        for (const double number : rule.condition.numbers) {
            const auto n = static_cast<std::int64_t>(number);
            for (const std::int64_t near : {n, n + 1, n - 1}) add(near);
        }
        for (const std::string& fact : rule.condition.facts) {
            if (!fact_of(row, fact).is_integer()) continue;
            for (const std::int64_t step : {0, 1, -1}) add(fact_of(row, fact).integer() + step);
        }
    }
    return out;
}

}  // namespace

std::vector<std::string> Bench::missing(const Rule& rule, const Facts& row) {
    constexpr std::size_t most_trials = 4096;
    const auto columns = columns_of(rule.summary.over);
    std::vector<std::string> facts(rule.condition.facts.begin(), rule.condition.facts.end());
    std::string cache_key = rule.summary.id;
    for (const std::string& fact : facts) cache_key += '\x1f' + write_json(fact_of(row, fact));
    if (const auto found = database_->missing.find(cache_key); found != database_->missing.end()) return found->second;

    auto trial = database_->trials.find(rule.summary.id);
    if (trial == database_->trials.end()) {
        std::string parameters;
        for (std::size_t i = 0; i < facts.size(); ++i) {
            parameters += fmt::format("{}?{} AS {}", i == 0 ? "" : ", ", i + 1, facts[i]);
        }
        trial =
            database_->trials
                .emplace(rule.summary.id,
                         database_->compile(fmt::format("SELECT NOT NOT ({}) FROM (SELECT {})", rule.summary.when, parameters),
                                            Database::Guard::Off))
                .first;
    }
    sqlite3_stmt* statement = trial->second.held;

    struct Unknown {
        std::size_t index;  // in facts
        std::vector<Json> values;
    };
    std::vector<Unknown> unknowns;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        bind(statement, static_cast<int>(i) + 1, fact_of(row, facts[i]));
        if (!fact_of(row, facts[i]).is_null()) continue;
        all.push_back(facts[i]);
        const auto column =
            std::find_if(columns.begin(), columns.end(), [&](const FactColumn& c) { return c.name == facts[i]; });
        unknowns.push_back({i, domain(*column, rule, row)});
    }
    const auto size = [&] {
        std::size_t product = 1;
        for (const Unknown& unknown : unknowns) product *= unknown.values.size();
        return product;
    };
    // Too many combinations: fewer values of the richest fact; at last some facts stay unknown and count as missing.
    std::vector<std::string> out;
    while (unknowns.size() > 12) {
        out.push_back(facts[unknowns.back().index]);
        unknowns.pop_back();
    }
    while (size() > most_trials) {
        const auto richest = std::max_element(unknowns.begin(), unknowns.end(), [](const Unknown& a, const Unknown& b) {
            return a.values.size() < b.values.size();
        });
        richest->values.pop_back();
    }

    std::vector<Truth> outcomes(size());
    for (std::size_t n = 0; n < outcomes.size(); ++n) {
        std::size_t rest = n;
        sqlite3_reset(statement);
        for (const Unknown& unknown : unknowns) {
            bind(statement, static_cast<int>(unknown.index) + 1, unknown.values[rest % unknown.values.size()]);
            rest /= unknown.values.size();
        }
        outcomes[n] = sqlite3_step(statement) == SQLITE_ROW ? outcome_at(statement, 0) : Truth::Unknown;
    }
    sqlite3_reset(statement);
    std::size_t stride = 1;
    for (const Unknown& unknown : unknowns) {
        bool matters = false;
        for (std::size_t n = 0; n < outcomes.size() && !matters; ++n) {
            const std::size_t digit = (n / stride) % unknown.values.size();
            matters = outcomes[n] != outcomes[n - digit * stride];
        }
        if (matters) out.push_back(facts[unknown.index]);
        stride *= unknown.values.size();
    }
    if (out.empty()) out = all;
    std::sort(out.begin(), out.end());
    database_->missing.emplace(cache_key, out);
    return out;
}

}  // namespace herkomst
