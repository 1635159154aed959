// Sealing from the command line: passphrases and keys come from files, never from the command line itself.
#pragma once

#include <string>
#include <vector>

#include "core/seal.h"

namespace herkomst {

// Exactly one of the two is given: the file whose first line is the passphrase, or that of the recipient's public key.
Result<std::string> sealed_files(const std::vector<NamedContent>&, const std::string& passphrase_file,
                                 const std::string& recipient);
// With the passphrase or the private key, whichever the file asks for. `input`, where given: whether what failed is what the
// operator gave to open it with (nothing, not what the file asks for, none, not there), and not the file.
Result<std::vector<NamedContent>> opened_files(const std::string& file, const std::string& name,
                                               const std::string& passphrase_file, const std::string& key_file,
                                               bool* input = nullptr);

}  // namespace herkomst
