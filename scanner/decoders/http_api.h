// A device's own interface over HTTP: a few paths whose answers tell who it is. What decoders of such interfaces have in
// common: whose requests these are, which answer belongs to which of them, and where its body ends.
//
// A flow belongs to an interface when its first request is for one of its paths. Another page of the same server, and an answer
// that is none of the interface's, hand the flow on to http: a path alone makes nobody's device. Heads say what they say
// anywhere else. Bodies of at most 16 KiB are read whole, chunked or not; what a request carries is not read. What a request
// orders is a claim once the device has answered that it did it; asked to log in first, it is waited for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "decoders/decoder.h"
#include "decoders/http_message.h"

namespace herkomst {

struct HttpApi {
    // Numbers from here on: asked for only where the connection has shown itself to be the interface's. A path of a name that
    // many servers have does not begin a flow.
    static constexpr std::uint8_t only_within = 128;

    // What a request asks, in the decoder's own numbers; 0: it is none of the interface's.
    std::uint8_t (*asked_for)(std::string_view method, std::string_view target) = nullptr;
    // The body of a response with status 200; `place`: its bytes as they came. False when it is not the interface that
    // answers so.
    bool (*answer)(std::uint8_t asked, std::string_view body, const Slice& place, Claims& claims) = nullptr;
    // What a request orders, as it is claimed: "shelly switch"; empty: nothing. Such a response may also be a 204, without a
    // body.
    std::string_view (*order)(std::uint8_t asked) = nullptr;
};

bool recognise_http_api(ByteCursor message, const Flow& flow, const HttpApi& api);
Verdict observe_http_api(ByteCursor message, Flow& flow, Claims& claims, const HttpApi& api);

inline constexpr std::uint16_t http_api_ports[] = {80};

// All of a decoder that is the same for each of them; name, title, specification, examples and how its requests begin are its
// own.
template <const HttpApi& api>
Decoder http_api_decoder() {
    Decoder decoder;
    decoder.layers = only(Layer::Tcp);
    decoder.ports = http_api_ports;
    decoder.recognise = [](ByteCursor message, const Flow& flow) { return recognise_http_api(message, flow, api); };
    decoder.observe = [](ByteCursor message, Flow& flow, Claims& claims) {
        return observe_http_api(message, flow, claims, api);
    };
    decoder.specialises = "http";
    return decoder;
}

// Where a value stands in a body; else its first bytes. A page may also hold what people call the thing, which no claim points
// at.
inline Slice place_of(const Slice& body, std::string_view value) {
    const std::size_t found = value.empty() ? std::string_view::npos : body.text().find(value);
    const bool there = found != std::string_view::npos;
    const std::size_t at = there ? found : 0;
    const std::size_t size = there ? value.size() : std::min<std::size_t>(body.size(), 4);
    return {body.bytes.subspan(at, size), body.offset + at};
}

// "/info?x=1" without what comes behind the path.
inline std::string_view http_path(std::string_view target) { return target.substr(0, target.find_first_of("?#")); }

}  // namespace herkomst
