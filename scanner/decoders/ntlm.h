// The NTLM challenge that SMB, HTTP, LDAP and remote desktop servers answer with: the server's own names and version.
//
// Read is the challenge only (MS-NLMP section 2.2.1.2). The client's answer, which holds the user's name, is never looked at.
//   |"NTLMSSP\0"|02000000|target name: length 2, room 2, offset 4|flags 4|challenge 8|0 8|target info: 2, 2, 4|version 8|...
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "decoders/decoder.h"

namespace herkomst {

// Where in these bytes (a SPNEGO token, a security buffer) a challenge begins, as an empty cursor when there is none.
ByteCursor find_ntlm_challenge(ByteCursor);
// Claims host name, DNS name, domain (realm) and Windows' version. `witness`: what the claims point at when the challenge was
// decoded from something else (base64) and has no place of its own; null otherwise. Never fails the message.
void observe_ntlm_challenge(ByteCursor challenge, const Slice* witness, Claims&);
// The same for "NTLM TlRMTVNTUAAC..." or "Negotiate ..." of an HTTP challenge (MS-NTHT section 2.1).
void observe_ntlm_header(const Slice& value, Claims&);
// The base64 alone, as SMTP's "334 " has it (MS-SMTPNTLM section 2.2).
void observe_ntlm_token(const Slice& base64, Claims&);

// UTF-16LE as UTF-8; what is no character is left out.
std::string utf16_text(const Slice&);

}  // namespace herkomst
