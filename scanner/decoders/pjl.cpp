// PJL: a printer that is asked says which model it is. What is printed, and by whom, is skipped unread.
//
//   client |1B "%-12345X"|"@PJL INFO ID" CRLF|; printer |"@PJL INFO ID" CRLF|"\"model\"" CRLF|0C|
#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t for_good = SIZE_MAX / 2;

// HP, PJL Technical Reference Manual, chapters 2 and 7: the universal exit and a command, or (from the printer) the command's
// echo, its words and a line end.
bool recognise(ByteCursor message, const Flow& flow) {
    constexpr std::string_view leave = "\x1b%-12345X";
    const bool exit = message.starts_with(leave);
    if (exit) message.skip(leave.size());
    if (!message.starts_with("@PJL")) return false;
    if (flow.from_opener) return exit;
    return message.starts_with("@PJL INFO ") && has_text_line(message);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (flow.from_opener) return done(for_good);
    const std::size_t there = message.left();
    if (!has_text_line(message)) return there < longest_text_line && !flow.ended ? need(there + 1) : done();
    const std::size_t before = message.offset();
    const std::string_view line = trimmed(message.line().text());
    if (line != "@PJL INFO ID") return done(message.offset() - before);
    if (!has_text_line(message)) return there < longest_text_line && !flow.ended ? need(there + 1) : done();
    const Slice answer = message.line();
    std::string_view model = trimmed(answer.text());
    if (model.size() > 2 && model.front() == '"' && model.back() == '"') {
        model = model.substr(1, model.size() - 2);
        if (is_text(model)) claims.stated(Field::model, model, answer, "id");
    }
    return done(message.offset() - before);
}

constexpr ExampleMessage asked[] = {{From::Client, {}, "\x1b%-12345X@PJL INFO ID\r\n"},
                                    {From::Server, {}, "@PJL INFO ID\r\n\"Example Printer 700\"\r\n\f"}};
constexpr std::string_view asked_claims[] = {"server model=Example Printer 700"};
constexpr ExampleMessage job[] = {
    {From::Client, {}, "\x1b%-12345X@PJL JOB NAME=\"wilhelmina\"\r\n@PJL SET USERNAME=\"wilhelmina\"\r\n"}};
constexpr Example examples[] = {
    {"a printer says its model", Layer::Tcp, 9100, asked, asked_claims},
    {"who prints is not kept", Layer::Tcp, 9100, job, {}},
};
constexpr std::uint16_t ports[] = {9100};

}  // namespace

Decoder pjl() {
    Decoder decoder;
    decoder.name = "pjl";
    decoder.title = "Printers (PJL)";
    decoder.spec = "HP PJL Technical Reference Manual";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("1b '%-12345'", "'@PJL'");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
