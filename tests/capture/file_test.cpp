// Capture files: every format read alike, every damage reported with its place, what is readable used.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "writer.h"

using namespace herkomst;
using namespace herkomst::made;

namespace file_test {

TEST_SUITE_BEGIN("capture.file");

namespace {

struct Read {
    std::vector<Octets> frames;
    std::vector<std::int64_t> times;
    std::vector<std::uint32_t> links;
    Problems problems;
    bool usable = false;
};

Read read_all(const Octets& bytes) {
    Read out;
    const auto file = CaptureFile::open(memory_source(bytes), "made", out.problems);
    out.usable = file != nullptr;
    if (!out.usable) return out;
    Packet packet;
    while (file->next(packet)) {
        out.frames.emplace_back(packet.bytes.begin(), packet.bytes.end());
        out.times.push_back(packet.at.time_since_epoch().count());
        out.links.push_back(packet.link_type);
        CHECK(packet.number == out.frames.size());
        CHECK(packet.wire_length >= packet.bytes.size());
    }
    out.problems = file->problems();
    return out;
}

const Octets one = octets("first frame");
const Octets two = octets("the second frame");
constexpr std::int64_t second = 1'000'000'000;

Octets gzipped(const Octets& bytes) {
    Octets out(bytes.size() + 256);
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = const_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

Octets zstandard(const Octets& bytes) {
    Octets out(ZSTD_compressBound(bytes.size()));
    const std::size_t size = ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3);
    REQUIRE(ZSTD_isError(size) == 0);
    out.resize(size);
    return out;
}

}  // namespace

TEST_CASE("pcap in both byte orders, with microseconds, nanoseconds and the modified header") {
    for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b23c4dU, 0xa1b2cd34U}) {
        for (const bool big : {false, true}) {
            CAPTURE(magic);
            CAPTURE(big);
            const Read read = read_all(Pcap(1, magic, big).add(one).add(two, 2000).bytes);
            CHECK(read.usable);
            CHECK(read.problems.empty());
            CHECK(read.frames == std::vector<Octets>{one, two});
            CHECK(read.times == std::vector<std::int64_t>{start_second * second, start_second * second + 1'000'000});
        }
    }
}

TEST_CASE("the link type of a pcap header stands below its frame check bits") {
    CHECK(read_all(Pcap(0x30000001).add(one).bytes).links == std::vector<std::uint32_t>{1});
}

TEST_CASE("pcapng: sections, interfaces, link types, resolutions, offsets and all packet blocks, in both byte orders") {
    for (const bool big : {false, true}) {
        CAPTURE(big);
        Pcapng file(big);
        Octets offset(8, 0);
        offset[big ? 7 : 0] = 100;
        file.block(0x0000000a, octets("secrets are not kept")).block(4, Octets(8)).block(5, Octets(12)).block(0xbad, Octets(4));
        file.block(0x80001234, octets("local"));
        file.interface(1).interface(101, file.option(9, {9})).interface(113, file.option(9, {0x80 | 10}));
        Octets options = file.option(9, {3});
        put(options, file.option(14, offset));
        put(options, file.option(0, {}));
        file.interface(1, options);
        file.packet(0, std::uint64_t{start_second} * 1'000'000 + 5, one);
        file.packet(1, std::uint64_t{start_second} * 1'000'000'000 + 7, two);
        file.packet(2, (std::uint64_t{start_second} << 10) + 512, one);
        file.packet(3, std::uint64_t{start_second} * 1000 + 1, two);
        file.packet(0, std::uint64_t{start_second} * 1'000'000, one, true);
        file.simple_packet(two);
        file.section(!big).interface(127).packet(0, 0, one);
        const Read read = read_all(file.bytes);
        CHECK(read.problems.empty());
        CHECK(read.frames == std::vector<Octets>{one, two, one, two, one, two, one});
        CHECK(read.links == std::vector<std::uint32_t>{1, 101, 113, 1, 1, 1, 127});
        const std::int64_t base = std::int64_t{start_second} * second;
        CHECK(read.times == std::vector<std::int64_t>{base + 5000, base + 7, base + second / 2, base + 100 * second + 1'000'000,
                                                      base, base, 0});
    }
}

TEST_CASE("a pcap cut at any byte gives the packets before the cut, and says where it ends") {
    const Octets whole = Pcap().add(one).add(two).bytes;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        const Read read = read_all(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
        const std::size_t complete = length < 24 + 16 + one.size() ? 0 : 1;
        CHECK(read.usable == (length >= 24));
        CHECK(read.frames.size() == complete);
        const bool clean_end = length == 24 || length == 24 + 16 + one.size();
        CHECK(read.problems.empty() == clean_end);
        if (read.usable && !clean_end)
            CHECK(read.problems.front().place ==
                  fmt::format("made: packet {} at byte {}", complete + 1, complete == 0 ? 24 : 24 + 16 + one.size()));
    }
}

TEST_CASE("a pcapng cut at any byte gives the packets before the cut") {
    Pcapng file;
    file.interface(1).packet(0, 1, one);
    const std::size_t after_one = file.bytes.size();
    const Octets whole = file.packet(0, 2, two).bytes;
    for (std::size_t length = 28; length < whole.size(); ++length) {
        CAPTURE(length);
        const Read read = read_all(Octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
        CHECK(read.frames.size() == (length < after_one ? 0U : 1U));
        const bool clean_end = length == 28 || length == after_one || length == 28 + 20;
        CHECK(read.problems.empty() == clean_end);
    }
}

TEST_CASE("absurd lengths are refused with their place") {
    Octets bytes = Pcap().add(one).bytes;
    const Octets header = {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f};
    const std::size_t at = bytes.size();
    put(bytes, header);
    const Read read = read_all(bytes);
    CHECK(read.frames.size() == 1);
    REQUIRE(read.problems.size() == 1);
    CHECK(read.problems[0].place == fmt::format("made: packet 2 at byte {}", at));

    Pcapng file;
    file.interface(1).packet(0, 1, one);
    for (const std::uint32_t length : {0U, 8U, 13U, 0xfffffff0U, 0x7ffffffcU}) {
        CAPTURE(length);
        Octets broken = file.bytes;
        file.order.u32(broken, 6);
        file.order.u32(broken, length);
        file.order.u32(broken, 0);
        const Read ng = read_all(broken);
        CHECK(ng.frames.size() == 1);
        REQUIRE(ng.problems.size() == 1);
        CHECK(ng.problems[0].place == fmt::format("made: block 4 at byte {}", file.bytes.size()));
    }
}

TEST_CASE("a pcapng packet that contradicts its block is left out, the next one is read") {
    Pcapng file;
    file.interface(1);
    Octets body;
    for (const std::uint32_t value : {0U, 0U, 1U, 5000U, 5000U}) file.order.u32(body, value);
    file.block(6, body).packet(7, 1, one).packet(0, 2, two);
    const Read read = read_all(file.bytes);
    CHECK(read.frames == std::vector<Octets>{two});
    CHECK(read.problems.size() == 2);
}

TEST_CASE("what is no capture is refused with a sentence") {
    CHECK(!read_all({}).usable);
    CHECK(read_all({}).problems.front().sentence == "is empty");
    CHECK(!read_all(octets("ip,mac,vendor\n192.0.2.1,,Example\n")).usable);
    Octets version_nine = Pcap().bytes;
    version_nine[4] = 9;
    CHECK(!read_all(version_nine).usable);
}

TEST_CASE("gzip, several gzip members and zstd are unpacked while reading; damage keeps what came before") {
    Pcap pcap;
    for (int i = 0; i < 3000; ++i) pcap.add(two);
    CHECK(read_all(gzipped(pcap.bytes)).frames.size() == 3000);
    CHECK(read_all(zstandard(pcap.bytes)).frames.size() == 3000);
    const auto half = static_cast<std::ptrdiff_t>(pcap.bytes.size() / 2);
    Octets members = gzipped(Octets(pcap.bytes.begin(), pcap.bytes.begin() + half));
    put(members, gzipped(Octets(pcap.bytes.begin() + half, pcap.bytes.end())));
    CHECK(read_all(members).frames.size() == 3000);
    CHECK(read_all(members).problems.empty());
    for (Octets packed : {gzipped(pcap.bytes), zstandard(pcap.bytes)}) {
        packed.erase(packed.end() - 12, packed.end());
        const Read read = read_all(packed);
        // gzip gives out all but what stood in the last bytes, zstd whole blocks: here there is one.
        if (packed[0] == 0x1f) CHECK(read.frames.size() > 2900);
        CHECK(read.frames.size() < 3000);
        CHECK(read.problems.size() == 1);
    }
}

TEST_CASE("a packed file that unpacks without end is given up") {
    Octets bomb = Pcap().bytes;
    bomb.resize(bomb.size() + (std::size_t{96} << 20));  // packets of length zero
    const Octets packed = zstandard(bomb);
    REQUIRE(packed.size() * CaptureFile::unpacked_ratio_max < (std::size_t{32} << 20));
    Problems problems;
    const auto file = CaptureFile::open(memory_source(packed), "made", problems);
    REQUIRE(file != nullptr);
    Packet packet;
    while (file->next(packet)) {
    }
    REQUIRE(file->problems().size() == 1);
    CHECK(file->problems()[0].sentence.find("unpacks to more than") != std::string::npos);
}

TEST_CASE("files on disk: recognised, identified by their content, found again frame by frame") {
    const std::string folder = (std::filesystem::temp_directory_path() / fmt::format("herkomst-capture-{}", getpid())).string();
    std::filesystem::create_directories(folder);
    const auto save = [&](const std::string& name, const Octets& bytes) {
        std::ofstream(folder + "/" + name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return folder + "/" + name;
    };
    const Octets bytes = Pcap().add(one).add(two).bytes;
    const std::string plain = save("b.pcap", bytes);
    const std::string packed = save("c.pcap.gz", gzipped(bytes));
    const std::string copy = save("a.pcap", bytes);
    const std::string text = save("d.csv", octets("ip,vendor\n"));
    CHECK(is_capture(plain));
    CHECK(is_capture(packed));
    CHECK(!is_capture(text));
    CHECK(!is_capture(folder + "/missing"));
    CHECK(source_id(plain).value() == source_id(copy).value());
    CHECK(source_id(plain).value() != source_id(packed).value());
    CHECK(source_id(plain).value().size() == 16);
    CHECK(!source_id(folder + "/missing").ok());
    CHECK(frame_of(plain, 2).value() == two);
    CHECK(frame_of(packed, 1).value() == one);
    CHECK(!frame_of(plain, 3).ok());
    AnalysisOptions options;
    options.hash = true;
    const Analysis analysis = analyse({text, copy, plain, packed, folder + "/missing"}, options);
    REQUIRE(analysis.sources.size() == 4);
    // Two files that are no captures; and each of the others says which of its made-up frames is too short.
    std::vector<std::string> in_frames;
    for (const Problem& problem : analysis.problems) {
        if (const std::size_t at = problem.text().find(": frame "); at != std::string::npos)
            in_frames.push_back(problem.text().substr(at));
    }
    CHECK(in_frames == std::vector<std::string>{": frame 1: short frame", ": frame 1: short frame"});
    CHECK(analysis.problems.size() == 4);
    CHECK(!analysis.sources[0].usable);
    CHECK(!analysis.sources[1].usable);
    for (std::size_t i : {2U, 3U}) {
        CHECK(analysis.sources[i].usable);
        CHECK(analysis.sources[i].packets == 2);
        CHECK(analysis.sources[i].sha256.size() == 64);
    }
    std::filesystem::remove_all(folder);
}

TEST_SUITE_END();

}  // namespace file_test
