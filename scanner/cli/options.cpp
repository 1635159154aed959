#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <cstdio>

#include "cli/command.h"

namespace herkomst {

struct Options::Parser {
    CLI::App app;
    explicit Parser(std::string title, std::string name) : app(std::move(title), std::move(name)) {}
};

Options::Options(std::string_view command, std::string_view title)
    : parser_(new Parser(std::string(title), "herkomst " + std::string(command))) {
    parser_->app.get_formatter()->column_width(34);
}
Options::~Options() { delete parser_; }

void Options::flag(std::string_view names, bool& into, std::string_view help) {
    parser_->app.add_flag(std::string(names), into, std::string(help));
}
void Options::option(std::string_view names, std::string& into, std::string_view help) {
    parser_->app.add_option(std::string(names), into, std::string(help));
}
void Options::option(std::string_view names, unsigned& into, std::string_view help) {
    parser_->app.add_option(std::string(names), into, std::string(help));
}
void Options::one_of(std::string_view names, std::string& into, std::vector<std::string> allowed, std::string_view help) {
    parser_->app.add_option(std::string(names), into, std::string(help))->check(CLI::IsMember(std::move(allowed)));
}
void Options::many(std::string_view names, std::vector<std::string>& into, std::string_view help) {
    parser_->app.add_option(std::string(names), into, std::string(help))->allow_extra_args(false);
}
void Options::argument(std::string_view name, std::string& into, std::string_view help, bool required) {
    parser_->app.add_option(std::string(name), into, std::string(help))->required(required);
}
void Options::arguments(std::string_view name, std::vector<std::string>& into, std::string_view help, bool required) {
    parser_->app.add_option(std::string(name), into, std::string(help))->required(required);
}
void Options::footer(std::string_view text) { parser_->app.footer(std::string(text)); }

bool Options::parse(std::span<const std::string> args, int& exit_code) {
    std::vector<std::string> reversed(args.rbegin(), args.rend());
    try {
        parser_->app.parse(std::move(reversed));
        return true;
    } catch (const CLI::CallForHelp&) {
        std::fputs(parser_->app.help().c_str(), stdout);
        exit_code = exit_done;
    } catch (const CLI::ParseError& error) {
        std::fprintf(stderr, "%s: %s\n", parser_->app.get_name().c_str(), error.what());
        std::fprintf(stderr, "Run with --help for what it takes.\n");
        exit_code = exit_usage;
    }
    return false;
}

}  // namespace herkomst
