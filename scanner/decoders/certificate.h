// What an X.509 certificate says about the machine that presents it: names, never keys.
//
// Read from DER (RFC 5280 section 4.1) as far as the extensions; nothing is verified, so this is what the presenter states.
// Attributes that belong to people (mail address, given name, surname, user id, telephone, postal address) are left out, and so
// are values that hold a mail address.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"

namespace herkomst {

struct CertificateNames {
    std::string subject;  // "CN=..., O=..., OU=..." in the order of the certificate; ',', '+' and '\' in values escaped
    std::string issuer;
    std::string subject_serial_number;  // attribute 2.5.4.5
    std::vector<Slice> dns_names;       // subjectAltName, at most 32, as they stand in the message
    std::vector<Slice> uris;            // subjectAltName, at most 8

    // "subject / issuer": one certificate, one text. Empty when both names are.
    [[nodiscard]] std::string text() const;
};

// Reads one certificate from the front. A malformed one fails the reading; what was read before the break is returned.
CertificateNames read_certificate(ByteCursor&);
// Does it start like one? SEQUENCE in SEQUENCE, lengths that fit in one another, version or serial number next. Never fails.
bool looks_like_certificate(ByteCursor);

}  // namespace herkomst
