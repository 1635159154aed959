// A claim travels with its witness: a text without bytes of the message cannot be stated.
#include "decoders/decoder.h"

using namespace herkomst;

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    const Slice said = message.rest();
#ifdef MISUSE
    claims.stated(Field::model, std::string_view("PLC-5"), "device_id");  // refused
#else
    claims.stated(Field::model, said, "device_id");
#endif
    return done(said.size());
}
