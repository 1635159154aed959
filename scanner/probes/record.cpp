#include "probes/record.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"
#include "probes/synthesis.h"
#include "probes/wire.h"

namespace herkomst {

namespace {

std::optional<ProbeOutcome> outcome_named(std::string_view word) {
    for (int i = 0; i <= static_cast<int>(ProbeOutcome::Interrupted); ++i)
        if (name(static_cast<ProbeOutcome>(i)) == word) return static_cast<ProbeOutcome>(i);
    return std::nullopt;
}

std::uint32_t number_of(const Json& member) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(member.integer(), 0, UINT32_MAX));
}

std::string_view layer_word(Said::Layer layer) {
    constexpr std::string_view words[] = {"", "tls", "inside tls", "rebuilt"};
    return words[static_cast<std::size_t>(layer)];
}

void remember(Past& past, const Json& exchange) {
    const std::string& outcome = exchange["outcome"].string();
    const std::optional<ProbeOutcome> ended = outcome_named(outcome);
    if (const Probe* probe = probe_named(exchange["probe"].string());
        probe != nullptr && ended && !exchange["unasked"].boolean()) {
        Target target;
        target.ip = IpAddress::parse(exchange["target"].string()).value_or(IpAddress{});
        target.port = static_cast<std::uint16_t>(number_of(exchange["port"]));
        target.unit_known = exchange.has("unit");
        target.unit = number_of(exchange["unit"]);
        target.slot = number_of(exchange["slot"]);
        past.patience.ended(
            *probe, target,
            {*ended, exchange["accepted"].boolean(), exchange["upset"].boolean(), exchange["unclosed"].boolean()});
    }
    if (outcome == name(ProbeOutcome::Answered)) past.answered.insert(exchange["probe"].string());
    past.bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(exchange["drained"].integer(), 0));
    for (const Json& message : exchange["said"].items()) {
        // What travelled inside TLS is counted as what went over the wire, and asked once.
        const std::string& layer = message["layer"].string();
        const bool ours = message["by"].string() == "us";
        if (ours && layer != layer_word(Said::Layer::Tls))
            ++past.requests;
        else if (!ours && (layer.empty() || layer == layer_word(Said::Layer::Tls)))
            past.bytes += static_cast<std::uint64_t>(std::max<std::int64_t>(message["bytes"].integer(), 0));
    }
}

std::FILE* opened(const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "ab");
    if (file == nullptr) throw std::runtime_error(path + ": " + std::strerror(errno));
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
    return file;
}

// What was kept free behind it is given back. False: it stays taken, which harms nobody.
bool ends_at_its_end(std::FILE* file) {
    struct stat is {};
    return std::fflush(file) == 0 && ::fstat(::fileno(file), &is) == 0 && ::ftruncate(::fileno(file), is.st_size) == 0;
}

// Whether the question is not asked again. What was not allowed yesterday may be today, and what was spent may be given anew;
// what we left in the middle has no answer yet.
bool settled(ProbeOutcome outcome, bool unasked) {
    return outcome != ProbeOutcome::OutOfScope && outcome != ProbeOutcome::Gated && outcome != ProbeOutcome::Interrupted &&
           !(outcome == ProbeOutcome::BudgetSpent && unasked);
}

// Of the question of the catalogue that may cost most; over TLS its records and what was inside them.
std::uint64_t packets_of_largest() {
    std::uint64_t most = 0;
    for (const Probe& probe : all_probes()) {
        const bool tls = probe.transport == Transport::Tls;
        most = std::max<std::uint64_t>(most, tls ? Wire::tls_bytes + 2 * probe.limits.bytes : probe.limits.bytes);
    }
    return most + most / 2;
}

// A pcapng file up to its last whole block, and the packets in it.
struct Intact {
    std::size_t bytes = 0;
    std::uint64_t packets = 0;
};
Intact whole_blocks(std::string_view file) {
    Intact whole;
    const auto low32 = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(file[at + i]);
        return value;
    };
    while (file.size() - whole.bytes >= 12) {
        const std::uint32_t length = low32(whole.bytes + 4);
        if (length < 12 || length % 4 != 0 || length > file.size() - whole.bytes) break;
        // Its length stands at its end, too (section 3.1): where it does not, the block was broken off and others follow.
        if (low32(whole.bytes + length - 4) != length) break;
        if (low32(whole.bytes) == 6) ++whole.packets;
        whole.bytes += length;
    }
    return whole;
}

}  // namespace

std::string errand_key(const Probe& probe, const Target& target, const std::string& interface, bool group) {
    std::string key = std::string(probe.name) + " " + (target.ip.known() && !group ? target.ip.text() : target.host) + " " +
                      std::to_string(target.port);
    if (target.unit_known) key += " unit " + std::to_string(target.unit);
    if (probe.each == Probe::Each::Slot) key += " slot " + std::to_string(target.slot);
    if (!target.station.empty()) key += " station " + target.station;
    // Communities are secrets of a kind: the record holds only which of the scope file's it was.
    if (target.which != 0) key += " community " + std::to_string(target.which);
    if (!interface.empty()) key += " on " + interface;
    return key;
}

RecordRoom RecordRoom::of(std::size_t lanes, std::size_t links, bool keep_bytes) {
    // One exchange: what most questions may cost, and half as much again for what is around it. One or two may be the largest.
    constexpr std::uint64_t packets_of_one = std::uint64_t{96} << 10;
    constexpr std::size_t large_ones = 2;
    constexpr std::uint64_t lines_of_one = std::uint64_t{16} << 10;
    constexpr std::uint64_t packets_of_link = std::uint64_t{6} << 20;
    constexpr std::uint64_t lines_of_link = std::uint64_t{1} << 20;
    RecordRoom room;
    const std::size_t large = std::min(lanes, large_ones);
    room.packets = large * packets_of_largest() + (lanes - large) * packets_of_one + links * packets_of_link;
    room.log = lanes * lines_of_one + links * lines_of_link + (keep_bytes ? 2 * room.packets : 0);
    return room;
}

std::optional<RecordLock> RecordLock::take(const std::string& folder) {
    std::filesystem::create_directories(folder);
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw std::runtime_error(folder + ": " + std::strerror(errno));
    RecordLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) return std::nullopt;
    throw std::runtime_error(folder + ": cannot be locked, so that another run might use it too: " + std::strerror(errno));
}

RecordLock::~RecordLock() {
    if (fd_ >= 0) ::close(fd_);
}

Problems ExchangeRecord::take_up(const std::string& text) {
    Problems problems;
    open_.clear();
    unasked_ = 0;
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        ++number;
        // The last line may have been broken off.
        if (end == std::string::npos) break;
        const std::string place = log_path() + ":" + std::to_string(number);
        const Result<Json> line = parse_json(std::string_view(text).substr(at, end - at), place);
        at = end + 1;
        if (!line || !line.value().is_object()) continue;
        const Json& said = line.value();
        if (said["type"].string() == "header" && said["schema"].string() != schema)
            problems.push_back({place, "is no record of exchanges of this version"});
        if (said["type"].string() == "header") unasked_ = 0;
        if (said["type"].string() == "unasked") ++unasked_;
        if (said["type"].string() != "exchange") continue;
        const std::optional<ProbeOutcome> outcome = outcome_named(said["outcome"].string());
        settle(said["key"].string(), outcome.value_or(ProbeOutcome::Silent), said["unasked"].boolean(),
               said["reason"].string());
        if (const auto own = IpAddress::parse(said["from"].string())) own_.insert(*own);
        if (const auto target = IpAddress::parse(said["target"].string())) remember(past_[*target], said);
    }
    return problems;
}

std::optional<Problem> ExchangeRecord::in_the_way(const std::string& folder, bool resume) {
    const std::string log = folder + "/exchanges.ndjson";
    if (resume || !std::filesystem::exists(log)) return std::nullopt;
    return Problem{log, "is there already: --resume takes it up, or name another folder"};
}

Result<std::unique_ptr<ExchangeRecord>> ExchangeRecord::open(const std::string& folder, bool resume, bool keep_bytes,
                                                             const RecordHead& head, const RecordRoom& room) {
    std::unique_ptr<ExchangeRecord> record(new ExchangeRecord);
    record->folder_ = folder;
    record->keep_bytes_ = keep_bytes;
    std::filesystem::create_directories(folder);
    const bool there = std::filesystem::exists(record->log_path());
    if (auto problem = in_the_way(folder, resume)) return std::move(*problem);
    bool cut = false;
    if (there) {
        const Result<std::string> text = read_file(record->log_path(), std::size_t{1} << 30);
        if (!text) return text.problems();
        if (Problems problems = record->take_up(text.value()); !problems.empty()) return problems;
        cut = !text.value().empty() && text.value().back() != '\n';
    }
    const bool packets = std::filesystem::exists(record->packets_path());
    if (packets) {
        const Result<std::string> file = read_file(record->packets_path(), std::size_t{1} << 30);
        if (!file) return file.problems();
        const Intact intact = whole_blocks(file.value());
        // A file without a packet begins anew.
        std::filesystem::resize_file(record->packets_path(), intact.packets == 0 ? 0 : intact.bytes);
        record->frames_ = intact.packets;
        record->whole_packets_ = intact.packets == 0 ? 0 : intact.bytes;
    }
    record->log_ = {opened(record->log_path()), room.log};
    record->packets_ = {opened(record->packets_path()), room.packets};
    if (const std::string why = record->keep_free(); !why.empty()) {
        record->give_back();
        if (!there) std::filesystem::remove(record->log_path());
        if (!packets) std::filesystem::remove(record->packets_path());
        throw std::runtime_error(why + "; nothing was sent");
    }
    record->broken_off_ = cut;
    if (record->frames_ == 0) {
        record->write_packets(pcapng_head());
    }
    Json line = Json::object();
    line["type"] = "header";
    line["schema"] = schema;
    line["at"] = rfc3339(head.at);
    if (head.now_given) line["now_given"] = true;
    line["program"] = head.program;
    line["authorised"] = head.authorised;
    line["authorised_by"] = head.authorised_by;
    line["purpose"] = head.purpose;
    line["scope_sha256"] = head.scope;
    record->write_line(write_json(line));
    return record;
}

Result<std::unique_ptr<ExchangeRecord>> ExchangeRecord::open_to_read(const std::string& folder) {
    std::unique_ptr<ExchangeRecord> record(new ExchangeRecord);
    record->folder_ = folder;
    if (!std::filesystem::exists(record->log_path())) return record;
    const Result<std::string> text = read_file(record->log_path(), std::size_t{1} << 30);
    if (!text) return text.problems();
    if (Problems problems = record->take_up(text.value()); !problems.empty()) return problems;
    return record;
}

ExchangeRecord::~ExchangeRecord() {
    give_back();
    for (const Growing& each : {log_, packets_})
        if (each.file != nullptr) std::fclose(each.file);
}

// Some more is taken each time, so that it is seldom done. 0, or errno.
int ExchangeRecord::keep_free(Growing& growing) {
    struct stat is {};
    if (growing.room == 0 || ::fstat(::fileno(growing.file), &is) != 0) return 0;
    const auto size = static_cast<std::uint64_t>(is.st_size);
    if (size + growing.room <= growing.until) return 0;
    const std::uint64_t ahead = growing.room + growing.room / 8;
    while (::fallocate(::fileno(growing.file), FALLOC_FL_KEEP_SIZE, is.st_size, static_cast<off_t>(ahead)) != 0)
        if (errno != EINTR) return errno;
    growing.until = size + ahead;
    return 0;
}

std::string ExchangeRecord::keep_free() {
    int full = 0;
    std::uint64_t not_taken = 0;
    for (Growing* each : {&log_, &packets_}) {
        const int error = keep_free(*each);
        if (error == ENOSPC || error == EDQUOT) full = error;
        if (error != 0) not_taken += each->room;
    }
    // Where nothing can be taken in advance, it is at least there now, for all of them.
    struct statvfs disk {};
    if (full == 0 && not_taken != 0 && ::statvfs(folder_.c_str(), &disk) == 0 && disk.f_blocks != 0 &&
        std::uint64_t{disk.f_bavail} * disk.f_frsize < not_taken)
        full = ENOSPC;
    if (full == 0) return {};
    return "the disk of the record is nearly full (" + folder_ + ": " + std::strerror(full) +
           "): " + std::to_string(((log_.room + packets_.room) >> 10) + 1) + " KiB are kept free for what is under way";
}

void ExchangeRecord::give_back() {
    for (Growing* each : {&log_, &packets_}) {
        each->room = 0;
        if (each->until != 0 && ends_at_its_end(each->file)) each->until = 0;
    }
}

void ExchangeRecord::flush() {
    if (std::fflush(log_.file) != 0)
        throw std::runtime_error(folder_ + ": the record cannot be written: " + std::strerror(errno));
}

void ExchangeRecord::read_again() {
    const Result<std::string> text = read_file(log_path(), std::size_t{1} << 30);
    if (!text) throw std::runtime_error(text.problems().front().text());
    if (const Problems problems = take_up(text.value()); !problems.empty()) throw std::runtime_error(problems.front().text());
}

void ExchangeRecord::write_packets(Bytes bytes) {
    const int fd = ::fileno(packets_.file);
    int error = 0;
    // It gives back what was kept free behind them, too.
    const auto cut = [&] {
        packets_.until = 0;
        packets_broken_off_ = ::ftruncate(fd, static_cast<off_t>(whole_packets_)) != 0;
        if (packets_broken_off_ && error == 0) error = errno;
    };
    if (packets_broken_off_) cut();
    for (std::size_t at = 0; at < bytes.size() && error == 0;) {
        const ssize_t written = ::write(fd, bytes.data() + at, bytes.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written > 0) {
            at += static_cast<std::size_t>(written);
            continue;
        }
        error = written < 0 ? errno : EIO;
        cut();
    }
    if (error != 0) throw std::runtime_error(packets_path() + ": " + std::strerror(error));
    whole_packets_ += bytes.size();
}

void ExchangeRecord::write_line(const std::string& line) {
    // What is left of a line that could not be written is none; this one must not become part of it.
    if (std::exchange(broken_off_, true)) std::fputc('\n', log_.file);
    if (std::fwrite(line.data(), 1, line.size(), log_.file) != line.size() || std::fputc('\n', log_.file) == EOF)
        throw std::runtime_error(log_path() + ": " + std::strerror(errno));
    flush();
    broken_off_ = false;
    if (full_.empty()) full_ = keep_free();
}

bool ExchangeRecord::settle(const std::string& key, ProbeOutcome outcome, bool unasked, const std::string& reason) {
    if (settled(outcome, unasked)) {
        done_.insert(key);
        open_.erase(key);
        return true;
    }
    // Of a question that has an outcome by now nothing is open, whatever a later run says.
    if (done_.contains(key)) return true;
    const std::string before = std::exchange(open_[key], std::string(name(outcome)) + ": " + reason);
    return !unasked || before != open_[key];
}

void ExchangeRecord::add(const std::string& key, const Probe& probe, const Report& report) {
    if (!settle(key, report.outcome, report.unasked, report.reason)) return;
    PacketBytes blocks;
    const std::size_t count = append_packets(blocks, probe, report.target, report.said);
    write_packets(blocks);
    Json line = Json::object();
    line["type"] = "exchange";
    line["key"] = key;
    line["probe"] = probe.name;
    line["at"] = rfc3339(report.began);
    line["until"] = rfc3339(report.ended);
    if (report.target.ip.known()) line["target"] = report.target.ip.text();
    if (report.target.port != 0) line["port"] = static_cast<int>(report.target.port);
    if (report.target.unit_known) line["unit"] = static_cast<std::int64_t>(report.target.unit);
    if (probe.each == Probe::Each::Slot) line["slot"] = static_cast<std::int64_t>(report.target.slot);
    if (!report.target.station.empty()) line["station"] = report.target.station;
    if (report.target.my_ip.known()) line["from"] = report.target.my_ip.text();
    line["outcome"] = name(report.outcome);
    if (!report.reason.empty()) line["reason"] = report.reason;
    if (!report.tls.empty()) line["tls"] = report.tls;
    if (report.unasked) line["unasked"] = true;
    if (report.accepted) line["accepted"] = true;
    if (report.unclosed) line["unclosed"] = true;
    if (report.drained != 0) line["drained"] = report.drained;
    if (report.cut_off) line["cut_off"] = true;
    if (report.upset) line["upset"] = true;
    if (count != 0) {
        line["frames"].push(frames_ + 1);
        line["frames"].push(frames_ + count);
    }
    frames_ += count;
    std::size_t request = 0;
    for (const Said& said : report.said) {
        Json message = Json::object();
        message["at"] = rfc3339(said.at);
        message["by"] = said.ours ? "us" : "them";
        if (said.layer != Said::Layer::Wire) message["layer"] = layer_word(said.layer);
        if (said.ours && said.layer != Said::Layer::Tls && request < report.asked.size())
            message["request"] = report.asked[request++];
        message["bytes"] = said.bytes.size();
        message["sha256"] = sha256(said.bytes);
        if (said.from_ip.known()) message["from"] = said.from_ip.text();
        if (keep_bytes_) message["hex"] = hex(said.bytes.data(), said.bytes.size());
        line["said"].push(std::move(message));
    }
    if (report.target.my_ip.known()) own_.insert(report.target.my_ip);
    write_line(write_json(line));
}

void ExchangeRecord::add_unasked(const IpAddress& target, std::size_t questions, const std::string& why, Time at) {
    Json line = Json::object();
    line["type"] = "unasked";
    line["at"] = rfc3339(at);
    if (target.known()) line["target"] = target.text();
    line["questions"] = questions;
    ++unasked_;
    line["outcome"] = name(ProbeOutcome::BudgetSpent);
    line["reason"] = why;
    write_line(write_json(line));
}

}  // namespace herkomst
