#include "probes/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>

namespace herkomst {

namespace {

void put(std::vector<std::uint8_t>& out, std::size_t number, unsigned bytes) {
    for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

// RFC 5246 section 6.2.1: a record holds at most 2^14 bytes, a message may go on in the next.
constexpr std::size_t record_max = 16'384;

}  // namespace

struct TlsSession::Held {
    SSL_CTX* context = nullptr;
    SSL* ssl = nullptr;
    BIO* in = nullptr;   // owned by ssl
    BIO* out = nullptr;  // owned by ssl
    bool refused = false;

    // RFC 5246 section 7.2: of an alert OpenSSL tells the level (2: fatal) and the description.
    static void tell(const SSL* ssl, int what, int value) {
        auto* held = static_cast<Held*>(SSL_get_app_data(ssl));
        if ((what & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL) held->refused = true;
    }
};

TlsSession::TlsSession() : held_(std::make_unique<Held>()) {
    held_->context = SSL_CTX_new(TLS_client_method());
    if (held_->context == nullptr) throw std::runtime_error("OpenSSL cannot be set up");
    SSL_CTX_set_min_proto_version(held_->context, 0);
    SSL_CTX_set_security_level(held_->context, 0);
    SSL_CTX_set_cipher_list(held_->context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_options(held_->context, SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_verify(held_->context, SSL_VERIFY_NONE, nullptr);
    held_->ssl = SSL_new(held_->context);
    held_->in = BIO_new(BIO_s_mem());
    held_->out = BIO_new(BIO_s_mem());
    if (held_->ssl == nullptr || held_->in == nullptr || held_->out == nullptr)
        throw std::runtime_error("OpenSSL cannot be set up");
    BIO_set_mem_eof_return(held_->in, -1);
    SSL_set_bio(held_->ssl, held_->in, held_->out);
    SSL_set_app_data(held_->ssl, held_.get());
    SSL_set_info_callback(held_->ssl, &Held::tell);
    SSL_set_connect_state(held_->ssl);
}

TlsSession::~TlsSession() {
    SSL_free(held_->ssl);
    SSL_CTX_free(held_->context);
}

TlsSession::State TlsSession::handshake() {
    ERR_clear_error();
    const int done = SSL_do_handshake(held_->ssl);
    if (done == 1) return State::Done;
    const int why = SSL_get_error(held_->ssl, done);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? State::Wants : State::Failed;
}

void TlsSession::received(Bytes bytes) { BIO_write(held_->in, bytes.data(), static_cast<int>(bytes.size())); }

std::vector<std::uint8_t> TlsSession::to_send() {
    std::vector<std::uint8_t> bytes(BIO_ctrl_pending(held_->out));
    if (!bytes.empty()) BIO_read(held_->out, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

void TlsSession::write(Bytes plain) {
    ERR_clear_error();
    SSL_write(held_->ssl, plain.data(), static_cast<int>(plain.size()));
}

std::vector<std::uint8_t> TlsSession::read() {
    std::vector<std::uint8_t> plain;
    std::uint8_t some[4096];
    ERR_clear_error();
    for (;;) {
        const int got = SSL_read(held_->ssl, some, sizeof some);
        if (got <= 0) return plain;
        plain.insert(plain.end(), some, some + got);
    }
}

void TlsSession::close() {
    ERR_clear_error();
    SSL_shutdown(held_->ssl);
}

bool TlsSession::ended() const { return (SSL_get_shutdown(held_->ssl) & SSL_RECEIVED_SHUTDOWN) != 0; }

bool TlsSession::refused() const { return held_->refused; }

std::string TlsSession::version() const {
    // A cipher is chosen in the same message as the version.
    const bool chosen = SSL_get_current_cipher(held_->ssl) != nullptr || SSL_get_pending_cipher(held_->ssl) != nullptr;
    return chosen ? SSL_get_version(held_->ssl) : "";
}

std::vector<std::uint8_t> TlsSession::certificates() const {
    const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(held_->ssl);
    if (chain == nullptr) return {};
    // RFC 5246 section 7.4.2.
    std::vector<std::uint8_t> list;
    for (int i = 0; i < sk_X509_num(chain) && i < 8; ++i) {
        const int size = i2d_X509(sk_X509_value(chain, i), nullptr);
        if (size <= 0 || list.size() + static_cast<std::size_t>(size) > std::size_t{3} * record_max) break;
        put(list, static_cast<std::size_t>(size), 3);
        list.resize(list.size() + static_cast<std::size_t>(size));
        unsigned char* at = list.data() + list.size() - static_cast<std::size_t>(size);
        i2d_X509(sk_X509_value(chain, i), &at);
    }
    if (list.empty()) return {};
    std::vector<std::uint8_t> message;
    put(message, 11, 1);
    put(message, list.size() + 3, 3);
    put(message, list.size(), 3);
    message.insert(message.end(), list.begin(), list.end());
    const auto version = static_cast<std::size_t>(std::min(SSL_version(held_->ssl), TLS1_2_VERSION));
    std::vector<std::uint8_t> records;
    for (std::size_t at = 0; at < message.size(); at += record_max) {
        const std::size_t size = std::min(record_max, message.size() - at);
        put(records, 0x16, 1);
        put(records, version, 2);
        put(records, size, 2);
        records.insert(records.end(), message.begin() + static_cast<std::ptrdiff_t>(at),
                       message.begin() + static_cast<std::ptrdiff_t>(at + size));
    }
    return records;
}

}  // namespace herkomst
