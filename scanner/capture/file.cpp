#include "capture/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "capture/analysis.h"
#include "core/file.h"

namespace herkomst {

namespace {

// Small enough to stay in the processor's cache between being read and being looked at.
constexpr std::size_t buffer_size = std::size_t{128} << 10;

class FileBytes : public ByteSource {
  public:
    FileBytes(int file, Sha256* digest) : file_(file), digest_(digest) {}
    ~FileBytes() override {
        if (file_ > STDIN_FILENO) close(file_);
    }
    FileBytes(const FileBytes&) = delete;
    FileBytes& operator=(const FileBytes&) = delete;

    std::size_t read(std::uint8_t* into, std::size_t size) override {
        for (;;) {
            const ssize_t got = ::read(file_, into, size);
            if (got >= 0) {
                if (digest_ != nullptr) digest_->add({reinterpret_cast<const char*>(into), static_cast<std::size_t>(got)});
                return static_cast<std::size_t>(got);
            }
            if (errno == EINTR) continue;
            problem = std::string("cannot be read further: ") + std::strerror(errno);
            return 0;
        }
    }
    void drain() override {
        std::vector<std::uint8_t> block(std::size_t{64} << 10);
        while (read(block.data(), block.size()) != 0) {
        }
    }

  private:
    int file_;
    Sha256* digest_;
};

class MemoryBytes : public ByteSource {
  public:
    explicit MemoryBytes(Bytes bytes) : bytes_(bytes) {}
    std::size_t read(std::uint8_t* into, std::size_t size) override {
        const std::size_t n = std::min(size, bytes_.size());
        if (n != 0) std::memcpy(into, bytes_.data(), n);
        bytes_ = bytes_.subspan(n);
        return n;
    }

  private:
    Bytes bytes_;
};

// What was read to see what it is, in front of the rest.
class Prefixed : public ByteSource {
  public:
    Prefixed(std::vector<std::uint8_t> prefix, std::unique_ptr<ByteSource> rest)
        : prefix_(std::move(prefix)), rest_(std::move(rest)) {}
    std::size_t read(std::uint8_t* into, std::size_t size) override {
        const std::size_t n = std::min(size, prefix_.size() - at_);
        if (n != 0) {
            std::memcpy(into, prefix_.data() + at_, n);
            at_ += n;
            return n;
        }
        const std::size_t got = rest_->read(into, size);
        problem = rest_->problem;
        return got;
    }
    void drain() override { rest_->drain(); }

  private:
    std::vector<std::uint8_t> prefix_;
    std::size_t at_ = 0;
    std::unique_ptr<ByteSource> rest_;
};

// Unpacks as it reads; the ratio of unpacked to packed bytes is bounded, so that a small file cannot keep us for ever.
class Unpacking : public ByteSource {
  public:
    explicit Unpacking(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)), in_(std::size_t{256} << 10) {}

    std::size_t read(std::uint8_t* into, std::size_t size) override {
        if (!problem.empty() || ended_) return 0;
        for (;;) {
            if (used_ == filled_ && !packed_ended_) {
                filled_ = packed_->read(in_.data(), in_.size());
                used_ = 0;
                packed_bytes_ += filled_;
                packed_ended_ = filled_ == 0;
                if (!packed_->problem.empty()) problem = packed_->problem;
            }
            const std::size_t out = unpack(into, size);
            unpacked_bytes_ += out;
            if (unpacked_bytes_ > (std::uint64_t{64} << 20) + packed_bytes_ * CaptureFile::unpacked_ratio_max) {
                problem = "unpacks to more than " + std::to_string(CaptureFile::unpacked_ratio_max) + " times its size";
                return 0;
            }
            if (out != 0) return out;
            if (ended_ || !problem.empty()) return 0;
            if (packed_ended_ && used_ == filled_) {
                problem = "the packed data ends too early";
                return 0;
            }
        }
    }

    void drain() override { packed_->drain(); }

  protected:
    // Unpacks what is in [used_, filled_) as far as it goes.
    virtual std::size_t unpack(std::uint8_t* into, std::size_t size) = 0;

    std::unique_ptr<ByteSource> packed_;
    std::vector<std::uint8_t> in_;
    std::size_t used_ = 0;
    std::size_t filled_ = 0;
    bool packed_ended_ = false;
    bool ended_ = false;

  private:
    std::uint64_t packed_bytes_ = 0;
    std::uint64_t unpacked_bytes_ = 0;
};

class Gunzip : public Unpacking {
  public:
    explicit Gunzip(std::unique_ptr<ByteSource> packed) : Unpacking(std::move(packed)) {
        if (inflateInit2(&stream_, 15 + 16) != Z_OK) problem = "zlib cannot be started";
    }
    ~Gunzip() override { inflateEnd(&stream_); }
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;

  protected:
    std::size_t unpack(std::uint8_t* into, std::size_t size) override {
        if (between_members_) {
            // RFC 1952 2.2: members simply follow one another; zeros after the last are padding.
            while (used_ < filled_ && in_[used_] == 0) ++used_;
            if (used_ == filled_) {
                ended_ = packed_ended_;
                return 0;
            }
            if (in_[used_] != 0x1f) {
                problem = "bytes follow the packed data that belong to nothing";
                return 0;
            }
            inflateReset(&stream_);
            between_members_ = false;
        }
        stream_.next_in = in_.data() + used_;
        stream_.avail_in = static_cast<uInt>(filled_ - used_);
        stream_.next_out = into;
        stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
        const uInt room = stream_.avail_out;
        const int state = inflate(&stream_, Z_NO_FLUSH);
        used_ = filled_ - stream_.avail_in;
        if (state == Z_STREAM_END) {
            between_members_ = true;
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            problem = "the gzip data is damaged";
        }
        return room - stream_.avail_out;
    }

  private:
    z_stream stream_{};
    bool between_members_ = false;
};

class Unzstd : public Unpacking {
  public:
    explicit Unzstd(std::unique_ptr<ByteSource> packed) : Unpacking(std::move(packed)), stream_(ZSTD_createDStream()) {}
    ~Unzstd() override { ZSTD_freeDStream(stream_); }
    Unzstd(const Unzstd&) = delete;
    Unzstd& operator=(const Unzstd&) = delete;

  protected:
    std::size_t unpack(std::uint8_t* into, std::size_t size) override {
        if (frame_done_ && used_ == filled_) {
            ended_ = packed_ended_;
            return 0;
        }
        ZSTD_inBuffer in{in_.data() + used_, filled_ - used_, 0};
        ZSTD_outBuffer out{into, size, 0};
        const std::size_t hint = ZSTD_decompressStream(stream_, &out, &in);
        if (ZSTD_isError(hint) != 0) {
            problem = "the zstd data is damaged";
            return 0;
        }
        used_ += in.pos;
        frame_done_ = hint == 0;
        return out.pos;
    }

  private:
    ZSTD_DStream* stream_;
    bool frame_done_ = false;
};

bool starts(Bytes bytes, std::initializer_list<std::uint8_t> magic) {
    return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

// Wraps what is packed; packed twice is not a capture.
std::unique_ptr<ByteSource> unwrapped(std::unique_ptr<ByteSource> source) {
    std::vector<std::uint8_t> head(4);
    std::size_t got = 0;
    while (got < head.size()) {
        const std::size_t n = source->read(head.data() + got, head.size() - got);
        if (n == 0) break;
        got += n;
    }
    head.resize(got);
    const bool gzip = starts(head, {0x1f, 0x8b});
    const bool zstd = starts(head, {0x28, 0xb5, 0x2f, 0xfd});
    auto whole = std::make_unique<Prefixed>(std::move(head), std::move(source));
    if (gzip) return std::make_unique<Gunzip>(std::move(whole));
    if (zstd) return std::make_unique<Unzstd>(std::move(whole));
    return whole;
}

}  // namespace

std::unique_ptr<ByteSource> file_source(const std::string& path, std::string& problem, Sha256* digest) {
    const int file = open_to_read(path);
    if (file < 0) {
        problem = std::string("cannot be opened: ") + std::strerror(errno);
        return nullptr;
    }
    posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::make_unique<FileBytes>(file, digest);
}

std::unique_ptr<ByteSource> memory_source(Bytes bytes) { return std::make_unique<MemoryBytes>(bytes); }

CaptureFile::CaptureFile(std::unique_ptr<ByteSource> source, std::string name)
    : source_(std::move(source)), name_(std::move(name)), buffer_(buffer_size) {
    at_ = end_ = buffer_.data();
}

std::unique_ptr<CaptureFile> CaptureFile::open(std::unique_ptr<ByteSource> source, std::string name, Problems& problems) {
    std::unique_ptr<CaptureFile> file(new CaptureFile(unwrapped(std::move(source)), std::move(name)));
    if (!file->start(problems)) return nullptr;
    return file;
}

std::unique_ptr<CaptureFile> CaptureFile::open(const std::string& path, Problems& problems, Sha256* digest) {
    std::string problem;
    auto source = file_source(path, problem, digest);
    if (source == nullptr) {
        problems.push_back({path, problem});
        return nullptr;
    }
    return open(std::move(source), path, problems);
}

bool CaptureFile::fill(std::size_t n) {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (n > buffer_.size()) {
        std::vector<std::uint8_t> larger(std::bit_ceil(n));
        std::memcpy(larger.data(), at_, left);
        buffer_.swap(larger);
    } else if (left != 0) {
        std::memmove(buffer_.data(), at_, left);
    }
    at_ = buffer_.data();
    end_ = at_ + left;
    while (!source_ended_ && static_cast<std::size_t>(end_ - at_) < n) {
        const std::size_t got = source_->read(end_, static_cast<std::size_t>(buffer_.data() + buffer_.size() - end_));
        source_ended_ = got == 0;
        end_ += got;
        read_before_ += got;
    }
    return static_cast<std::size_t>(end_ - at_) >= n;
}

bool CaptureFile::skip(std::uint64_t n) {
    while (n > 0) {
        if (at_ == end_ && !fill(1)) return false;
        const std::uint64_t step = std::min<std::uint64_t>(n, static_cast<std::uint64_t>(end_ - at_));
        consume(static_cast<std::size_t>(step));
        n -= step;
    }
    return true;
}

std::uint16_t CaptureFile::u16(const std::uint8_t* at) const {
    return static_cast<std::uint16_t>(swapped_ ? (at[0] << 8) | at[1] : (at[1] << 8) | at[0]);
}

std::uint32_t CaptureFile::u32(const std::uint8_t* at) const {
    std::uint32_t value = 0;
    std::memcpy(&value, at, 4);
    if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap32(value);
    return swapped_ ? __builtin_bswap32(value) : value;
}

void CaptureFile::report(const std::string& place, std::string sentence) {
    if (problems_.size() >= problems_max) {
        ++more_problems_;
        return;
    }
    problems_.push_back({name_ + ": " + place, std::move(sentence)});
}

bool CaptureFile::stop(const std::string& what, std::string sentence) {
    if (!source_->problem.empty()) sentence = source_->problem;
    report(what, std::move(sentence));
    stopped_ = true;
    return false;
}

// `swapped_` means big-endian: all values are read as little-endian unless it is set.
bool CaptureFile::start(Problems& problems) {
    const bool any = have(1);
    if (!any) {
        problems.push_back({name_, source_->problem.empty() ? "is empty" : source_->problem});
        return false;
    }
    if (!have(4)) {
        problems.push_back(
            {name_, source_->problem.empty() ? "is not a capture: it has less than four bytes" : source_->problem});
        return false;
    }
    const Bytes magic(at_, 4);
    if (starts(magic, {0x0a, 0x0d, 0x0d, 0x0a})) {
        format_ = Format::Pcapng;
        if (!have(28)) {
            problems.push_back({name_ + ": block 1 at byte 0", "the file ends inside its section header"});
            return false;
        }
        const bool magic_known =
            starts(Bytes(at_ + 8, 4), {0x1a, 0x2b, 0x3c, 0x4d}) || starts(Bytes(at_ + 8, 4), {0x4d, 0x3c, 0x2b, 0x1a});
        if (!magic_known) {
            problems.push_back({name_ + ": block 1 at byte 0", "the byte-order magic of the section header is unknown"});
            return false;
        }
        return true;
    }
    if (starts(magic, {0xd4, 0xc3, 0xb2, 0xa1})) {
    } else if (starts(magic, {0xa1, 0xb2, 0xc3, 0xd4})) {
        swapped_ = true;
    } else if (starts(magic, {0x4d, 0x3c, 0xb2, 0xa1})) {
        nanoseconds_ = true;
    } else if (starts(magic, {0xa1, 0xb2, 0x3c, 0x4d})) {
        nanoseconds_ = swapped_ = true;
    } else if (starts(magic, {0x34, 0xcd, 0xb2, 0xa1})) {
        format_ = Format::Modified;
    } else if (starts(magic, {0xa1, 0xb2, 0xcd, 0x34})) {
        format_ = Format::Modified;
        swapped_ = true;
    } else {
        problems.push_back({name_, "is not a capture: it starts like neither pcap nor pcapng"});
        return false;
    }
    if (!have(24)) {
        problems.push_back({name_, "the file ends inside its header"});
        return false;
    }
    if (u16(at_ + 4) != 2) {
        problems.push_back({name_, "is a pcap file of version " + std::to_string(u16(at_ + 4)) + ", only version 2 is known"});
        return false;
    }
    // The upper six bits tell about a frame check sequence (draft-ietf-opsawg-pcap 4).
    link_type_ = u32(at_ + 20) & 0x03ff'ffff;
    consume(24);
    return true;
}

bool CaptureFile::next(Packet& packet) {
    if (stopped_) return false;
    return format_ == Format::Pcapng ? next_block(packet) : next_pcap(packet);
}

bool CaptureFile::next_pcap(Packet& packet) {
    const std::size_t header = format_ == Format::Modified ? 24 : 16;
    const auto place = [&] { return "packet " + std::to_string(number_ + 1) + " at byte " + std::to_string(position()); };
    if (!have(header)) {
        if (at_ == end_ && source_->problem.empty()) {
            stopped_ = true;
            return false;
        }
        return stop(place(), "the file ends inside the packet's header");
    }
    const std::uint32_t captured = u32(at_ + 8);
    const std::uint32_t length = u32(at_ + 12);
    if (captured > packet_max)
        return stop(place(),
                    "claims " + std::to_string(captured) + " captured bytes, more than any packet has: reading stops here");
    if (!have(header + captured)) return stop(place(), "the file ends inside the packet");
    const std::uint32_t seconds = u32(at_);
    const std::uint32_t fraction = u32(at_ + 4);
    const std::uint64_t nanoseconds = nanoseconds_ ? fraction : std::uint64_t{fraction} * 1000;
    packet.at = Time(Nanoseconds(static_cast<std::int64_t>(std::uint64_t{seconds} * 1'000'000'000U + nanoseconds)));
    packet.bytes = Bytes(at_ + header, captured);
    packet.wire_length = std::max(length, captured);
    packet.link_type = link_type_;
    packet.number = ++number_;
    consume(header + captured);
    return true;
}

// draft-ietf-opsawg-pcapng 4.1: the section header says the byte order of its own length, so it is read before it.
CaptureFile::Block CaptureFile::section_header(std::uint64_t at) {
    const std::string place = "block " + std::to_string(block_ + 1) + " at byte " + std::to_string(at);
    if (!have(28)) {
        stop(place, "the file ends inside a section header");
        return Block::Stop;
    }
    if (starts(Bytes(at_ + 8, 4), {0x4d, 0x3c, 0x2b, 0x1a})) {
        swapped_ = false;
    } else if (starts(Bytes(at_ + 8, 4), {0x1a, 0x2b, 0x3c, 0x4d})) {
        swapped_ = true;
    } else {
        stop(place, "the byte-order magic of the section header is unknown");
        return Block::Stop;
    }
    const std::uint16_t version = u16(at_ + 12);
    if (version != 1) {
        stop(place, "the section has version " + std::to_string(version) + ", only version 1 is known");
        return Block::Stop;
    }
    interfaces_.clear();
    return Block::Other;
}

void CaptureFile::interface_block(Bytes body) {
    const auto place = [&] { return "block " + std::to_string(block_) + " at byte " + std::to_string(position()); };
    if (body.size() < 8) {
        report(place(), "the interface description is too short");
        return;
    }
    if (interfaces_.size() >= interfaces_max) {
        report(place(), "describes more than " + std::to_string(interfaces_max) + " interfaces");
        return;
    }
    Interface interface;
    interface.link_type = u16(body.data());
    interface.snap_length = u32(body.data() + 4);
    Bytes options = body.subspan(8);
    while (options.size() >= 4) {
        const std::uint16_t code = u16(options.data());
        const std::uint16_t length = u16(options.data() + 2);
        options = options.subspan(4);
        if (code == 0) break;
        const std::size_t padded = (std::size_t{length} + 3) & ~std::size_t{3};
        if (length > options.size()) {
            report(place(), "an option of the interface description is longer than the block");
            break;
        }
        if (code == 9 && length >= 1) {  // if_tsresol
            const unsigned exponent = options[0] & 0x7fU;
            const bool binary = (options[0] & 0x80) != 0;
            if (binary ? exponent <= 63 : exponent <= 19) {
                std::uint64_t ticks = 1;
                for (unsigned i = 0; i < exponent; ++i) ticks *= binary ? 2 : 10;
                interface.ticks_per_second = ticks;
            } else {
                report(place(), "the time resolution of the interface cannot be");
            }
        }
        if (code == 14 && length >= 8) {  // if_tsoffset
            const std::uint64_t low = u32(options.data() + (swapped_ ? 4 : 0));
            const std::uint64_t high = u32(options.data() + (swapped_ ? 0 : 4));
            interface.offset_seconds = static_cast<std::int64_t>((high << 32) | low);
        }
        options = options.subspan(std::min(padded, options.size()));
    }
    interfaces_.push_back(interface);
}

Time CaptureFile::time_of(const Interface& interface, std::uint64_t ticks) const {
    // A day of room, so that patience and idle times can be added to any time.
    constexpr std::int64_t seconds_max = std::numeric_limits<std::int64_t>::max() / 1'000'000'000 - 86'400;
    const std::uint64_t whole = ticks / interface.ticks_per_second;
    const std::uint64_t part = ticks % interface.ticks_per_second;
    const auto fraction =
        static_cast<std::int64_t>(static_cast<unsigned __int128>(part) * 1'000'000'000U / interface.ticks_per_second);
    const std::int64_t offset = std::clamp(interface.offset_seconds, -seconds_max / 2, seconds_max / 2);
    const std::int64_t seconds = std::min(
        static_cast<std::int64_t>(std::min<std::uint64_t>(whole, static_cast<std::uint64_t>(seconds_max / 2))) + offset,
        seconds_max);
    return Time(Nanoseconds(seconds * 1'000'000'000 + fraction));
}

bool CaptureFile::packet_block(std::uint32_t type, Bytes body, Packet& packet) {
    const auto place = [&] { return "block " + std::to_string(block_) + " (packet " + std::to_string(number_ + 1) + ")"; };
    const std::size_t header = type == 3 ? 4 : 20;
    if (body.size() < header) {
        report(place(), "the block is too short for its header");
        return false;
    }
    const std::uint8_t* at = body.data();
    std::uint32_t interface = 0;
    std::uint32_t captured = 0;
    std::uint32_t length = 0;
    if (type == 3) {  // simple packet block
        length = u32(at);
        captured = length;
    } else {
        interface = type == 6 ? u32(at) : u16(at);
        captured = u32(at + 12);
        length = u32(at + 16);
    }
    if (interface >= interfaces_.size()) {
        report(place(), "belongs to interface " + std::to_string(interface) + ", which is not described");
        return false;
    }
    const Interface& from = interfaces_[interface];
    const std::size_t room = body.size() - header;
    if (type == 3) {
        if (from.snap_length != 0) captured = std::min(captured, from.snap_length);
        captured = static_cast<std::uint32_t>(std::min<std::size_t>(captured, room));
        packet.at = last_time_;  // it has no time of its own
    } else {
        if (captured > room) {
            report(place(),
                   "claims " + std::to_string(captured) + " captured bytes in a block that has " + std::to_string(room));
            return false;
        }
        packet.at = time_of(from, (std::uint64_t{u32(at + 4)} << 32) | u32(at + 8));
        last_time_ = packet.at;
    }
    if (captured > packet_max) {
        report(place(), "claims " + std::to_string(captured) + " captured bytes, more than any packet has");
        return false;
    }
    packet.bytes = body.subspan(header, captured);
    packet.wire_length = std::max(length, captured);
    packet.link_type = from.link_type;
    packet.number = ++number_;
    return true;
}

bool CaptureFile::next_block(Packet& packet) {
    for (;;) {
        const std::uint64_t at = position();
        const auto place = [&] { return "block " + std::to_string(block_ + 1) + " at byte " + std::to_string(at); };
        if (!have(12)) {
            if (at_ == end_ && source_->problem.empty()) {
                stopped_ = true;
                return false;
            }
            return stop(place(), "the file ends inside a block's header");
        }
        const bool new_section = starts(Bytes(at_, 4), {0x0a, 0x0d, 0x0d, 0x0a});
        if (new_section && section_header(at) == Block::Stop) return false;
        const std::uint32_t type = u32(at_);
        const std::uint32_t total = u32(at_ + 4);
        if (total < 12 || total % 4 != 0)
            return stop(place(),
                        "claims a length of " + std::to_string(total) + " bytes, which no block has: reading stops here");
        ++block_;
        const bool looked_into = type == 1 || type == 2 || type == 3 || type == 6;
        if (!looked_into) {
            // Names, statistics, secrets, custom and unknown blocks say nothing that is needed here; none of it is kept.
            if (!skip(total))
                return stop("block " + std::to_string(block_) + " at byte " + std::to_string(at),
                            "the file ends inside the block");
            continue;
        }
        if (total > block_max) {
            return stop("block " + std::to_string(block_) + " at byte " + std::to_string(at),
                        "claims a length of " + std::to_string(total) + " bytes, more than is read: reading stops here");
        }
        if (!have(total))
            return stop("block " + std::to_string(block_) + " at byte " + std::to_string(at), "the file ends inside the block");
        if (u32(at_ + total - 4) != total) {
            return stop("block " + std::to_string(block_) + " at byte " + std::to_string(at),
                        "its two lengths differ: reading stops here");
        }
        const Bytes body(at_ + 8, total - 12);
        consume(total);
        if (type == 1) {
            interface_block(body);
        } else if (packet_block(type, body, packet)) {
            return true;
        }
    }
}

std::string CaptureFile::digest_of_rest(Sha256& digest) {
    source_->drain();
    return digest.hex();
}

std::string packing_problem(const std::string& path) {
    std::string problem;
    auto source = file_source(path, problem, nullptr);
    if (source == nullptr) return {};
    source = unwrapped(std::move(source));
    std::uint8_t byte = 0;
    return source->read(&byte, 1) == 0 ? source->problem : std::string();
}

bool is_stream(const std::string& path) {
    if (path == "-") return true;
    struct stat status {};
    return stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool is_capture(const std::string& path) {
    if (is_stream(path)) return true;
    Problems problems;
    return CaptureFile::open(path, problems) != nullptr;
}

bool begins_like_capture(std::string_view start) {
    Problems problems;
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(start.data()), start.size());
    return CaptureFile::open(memory_source(bytes), "", problems) != nullptr;
}

Result<std::string> source_id(const std::string& path) {
    if (is_stream(path)) return path;
    constexpr std::size_t mebibyte = std::size_t{1} << 20;
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return Problem{path, std::string("cannot be opened: ") + std::strerror(errno)};
    const off_t size = lseek(file, 0, SEEK_END);
    Sha256 digest;
    digest.add(std::to_string(size) + "\n");
    std::vector<std::uint8_t> block(mebibyte);
    bool readable = size >= 0;
    const off_t last = std::max<off_t>(0, size - static_cast<off_t>(mebibyte));
    for (const off_t start : {off_t{0}, last}) {
        std::size_t got = 0;
        while (readable && got < block.size()) {
            const ssize_t n = pread(file, block.data() + got, block.size() - got, start + static_cast<off_t>(got));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) {
                readable = n == 0;
                break;
            }
            got += static_cast<std::size_t>(n);
        }
        digest.add({reinterpret_cast<const char*>(block.data()), got});
    }
    const int error = errno;
    close(file);
    if (!readable) return Problem{path, std::string("cannot be read: ") + std::strerror(error)};
    return digest.hex().substr(0, 16);
}

Result<std::vector<std::uint8_t>> frame_of(const std::string& path, std::uint64_t frame) {
    Problems problems;
    const auto file = CaptureFile::open(path, problems);
    if (file == nullptr) return problems;
    Packet packet;
    while (file->next(packet)) {
        if (packet.number == frame) return std::vector<std::uint8_t>(packet.bytes.begin(), packet.bytes.end());
    }
    return Problem{path, "has no frame " + std::to_string(frame) + ", it ends after " + std::to_string(file->packets())};
}

}  // namespace herkomst
