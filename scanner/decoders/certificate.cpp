#include "decoders/certificate.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "decoders/der.h"

namespace herkomst {

namespace {

struct Attribute {
    std::string_view oid;
    std::string_view name;
};

// RFC 4519, RFC 4514 section 3, CA/Browser Forum Baseline Requirements section 7.1.4.2. Attributes that are not listed are left
// out: among them e-mail (1.2.840.113549.1.9.1), surname (2.5.4.4), given name (2.5.4.42), user id, telephone and street.
constexpr std::array<Attribute, 12> attributes = {{{"2.5.4.3", "CN"},
                                                   {"2.5.4.5", "serialNumber"},
                                                   {"2.5.4.6", "C"},
                                                   {"2.5.4.7", "L"},
                                                   {"2.5.4.8", "ST"},
                                                   {"2.5.4.10", "O"},
                                                   {"2.5.4.11", "OU"},
                                                   {"2.5.4.13", "description"},
                                                   {"2.5.4.15", "businessCategory"},
                                                   {"2.5.4.97", "organizationIdentifier"},
                                                   {"0.9.2342.19200300.100.1.25", "DC"},
                                                   {"1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"}}};

// A mail address, or what a certificate made for one holds: "jan@example.org".
bool holds_mail(std::string_view text) {
    const std::size_t mark = text.find('@');
    return mark != std::string_view::npos && mark > 0 && mark + 1 < text.size();
}

// A natural person's number in attribute serialNumber (ETSI EN 319 412-1 section 5.1.3): type, country, '-', number.
bool holds_person_number(std::string_view text) {
    if (text.size() < 7 || text[5] != '-') return false;
    constexpr std::array<std::string_view, 5> types = {"PAS", "IDC", "PNO", "TAX", "TIN"};
    return std::find(types.begin(), types.end(), text.substr(0, 3)) != types.end();
}

void append_attribute(std::string& name, std::string_view attribute, const std::string& value) {
    if (name.size() > 512) return;
    if (!name.empty()) name += ", ";
    name.append(attribute).push_back('=');
    for (const char c : value) {
        if (c == ',' || c == '+' || c == '\\') name.push_back('\\');
        name.push_back(c);
    }
}

// RFC 5280 section 4.1.2.4: Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value }.
std::string read_name(ByteCursor name, std::string* serial_number) {
    std::string text;
    while (!name.done()) {
        ByteCursor relative = next_der(name, der::set).content;
        while (!relative.done()) {
            ByteCursor pair = next_der(relative, der::sequence).content;
            const std::string type = der_oid(next_der(pair, der::object_identifier).content.rest());
            const std::string value = clean(der_text(next_der(pair)));
            const auto known =
                std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& a) { return a.oid == type; });
            if (!pair.ok() || known == attributes.end() || value.empty() || holds_mail(value)) continue;
            if (holds_person_number(value)) continue;
            append_attribute(text, known->name, value);
            if (serial_number != nullptr && type == "2.5.4.5") *serial_number = value;
        }
    }
    return text;
}

// RFC 5280 section 4.2.1.6: GeneralNames; [2] dNSName, [6] uniformResourceIdentifier. [1] rfc822Name is a mail address.
void read_alternative_names(ByteCursor value, CertificateNames& names) {
    ByteCursor general = next_der(value, der::sequence).content;
    while (!general.done()) {
        DerItem item = next_der(general);
        const Slice text = item.content.rest();
        if (!printable_ascii(text.text()) || text.empty()) continue;
        if (item.tag == der::context(2, false) && names.dns_names.size() < 32 && !holds_mail(text.text())) {
            names.dns_names.push_back(text);
        } else if (item.tag == der::context(6, false) && names.uris.size() < 8 && !holds_mail(text.text())) {
            names.uris.push_back(text);
        }
    }
}

// RFC 5280 section 4.1: Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }.
void read_extensions(ByteCursor extensions, CertificateNames& names) {
    while (!extensions.done()) {
        ByteCursor extension = next_der(extensions, der::sequence).content;
        const std::string type = der_oid(next_der(extension, der::object_identifier).content.rest());
        if (extension.peek() == der::boolean) next_der(extension);
        DerItem value = next_der(extension, der::octet_string);
        if (type == "2.5.29.17") read_alternative_names(value.content, names);
    }
}

}  // namespace

std::string CertificateNames::text() const {
    return subject.empty() && issuer.empty() ? std::string() : subject + " / " + issuer;
}

bool looks_like_certificate(ByteCursor at) {
    const auto length_octets = [&](std::size_t where) -> std::size_t {
        const std::uint8_t first = at.peek(where);
        return first < 0x80 ? 1U : (first & 0x7fU) + 1U;
    };
    if (at.peek() != der::sequence) return false;
    const std::size_t outer = 1 + length_octets(1);
    if (outer > 6 || at.peek(outer) != der::sequence) return false;
    const std::size_t inner = outer + 1 + length_octets(outer + 1);
    if (inner > outer + 6) return false;
    const std::uint8_t next = at.peek(inner);
    return next == der::context(0, true) || next == der::integer;
}

// RFC 5280 section 4.1: Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue };
// TBSCertificate ::= SEQUENCE { [0] version OPTIONAL, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo,
// [1], [2], [3] extensions }.
CertificateNames read_certificate(ByteCursor& from) {
    CertificateNames names;
    ByteCursor certificate = next_der(from, der::sequence).content;
    ByteCursor body = next_der(certificate, der::sequence).content;
    if (body.peek() == der::context(0, true)) next_der(body);
    next_der(body, der::integer);
    next_der(body, der::sequence);
    names.issuer = read_name(next_der(body, der::sequence).content, nullptr);
    next_der(body, der::sequence);
    names.subject = read_name(next_der(body, der::sequence).content, &names.subject_serial_number);
    next_der(body, der::sequence);
    while (!body.done()) {
        DerItem item = next_der(body);
        if (item.tag == der::context(3, true)) read_extensions(next_der(item.content, der::sequence).content, names);
    }
    return names;
}

}  // namespace herkomst
