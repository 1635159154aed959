// A device's own interface over HTTP: a few paths whose answers tell who it is. What decoders of such interfaces have in
// common: whose requests these are, which answer belongs to which of them, and where its body ends.
//
// A flow belongs to an interface when its first request is a GET for one of its paths; another page of the same server hands
// the flow on to http. Heads say what they say anywhere else. Bodies of at most 16 KiB are read whole, chunked or not.
#pragma once

#include <cstdint>
#include <string_view>

#include "decoders/decoder.h"
#include "decoders/http_message.h"

namespace herkomst {

struct HttpApi {
    // What a request for this target asks, in the decoder's own numbers; 0: it is none of the interface's.
    std::uint8_t (*asked_for)(std::string_view target) = nullptr;
    // The body of a response with status 200; `place`: its bytes as they came.
    void (*answer)(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) = nullptr;
};

bool recognise_http_api(ByteCursor message, const Flow& flow, const HttpApi& api);
Verdict observe_http_api(ByteCursor message, Flow& flow, Claims& claims, const HttpApi& api);

// "/info?x=1" without what comes behind the path.
inline std::string_view http_path(std::string_view target) { return target.substr(0, target.find_first_of("?#")); }

}  // namespace herkomst
