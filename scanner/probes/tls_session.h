// TLS as a client that wants to see a certificate, with OpenSSL, without a socket: bytes go in, bytes come out, wire.cpp
// carries them. For reading identity only: every version that OpenSSL still has and every cipher is accepted, no certificate is
// believed or checked, none of ours is shown, and what was agreed is said. Nothing secret ever travels on it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace herkomst {

class TlsSession {
  public:
    enum class State : std::uint8_t { Wants, Done, Failed };

    TlsSession();
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    State handshake();
    void received(Bytes);
    // What is to be sent, taken out.
    std::vector<std::uint8_t> to_send();
    void write(Bytes plain);
    // What came in, in the clear.
    std::vector<std::uint8_t> read();
    void close();
    // The server has said that nothing more comes.
    [[nodiscard]] bool ended() const;

    // It said no with a fatal alert of TLS: it wants a certificate of ours, or nothing of what we offer.
    [[nodiscard]] bool refused() const;

    // The version that was agreed, also where nothing came of it after that; empty: none was.
    [[nodiscard]] std::string version() const;
    // The certificates that the server showed, as the record in which TLS up to 1.2 shows them, with the version that was
    // agreed: so the passive decoder reads them whatever the version. TLS 1.3 encrypts its own, and writes 1.2 on every record
    // (RFC 8446 section 5.1). Also where it refused the rest afterwards. Empty: none.
    [[nodiscard]] std::vector<std::uint8_t> certificates() const;

  private:
    struct Held;
    std::unique_ptr<Held> held_;
};

}  // namespace herkomst
