#include "decoders/inflate_text.h"

#include <zlib.h>

namespace herkomst {

bool inflate_text(std::string_view deflated, std::size_t max, std::string& text) {
    text.clear();
    if (deflated.empty() || deflated.size() > max) return false;
    std::string whole(deflated);
    whole.append("\x00\x00\xff\xff", 4);
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;
    text.resize(max + 1);
    stream.next_in = reinterpret_cast<Bytef*>(whole.data());
    stream.avail_in = static_cast<uInt>(whole.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const int outcome = inflate(&stream, Z_SYNC_FLUSH);
    const std::size_t produced = text.size() - stream.avail_out;
    const bool all_read = outcome == Z_STREAM_END || (outcome == Z_OK && stream.avail_in == 0);
    inflateEnd(&stream);
    if (!all_read || produced > max) {
        text.clear();
        return false;
    }
    text.resize(produced);
    return true;
}

}  // namespace herkomst
