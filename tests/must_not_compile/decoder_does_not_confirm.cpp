// Only a named person confirms: a decoder has no way to say so, nor to choose a strength by value.
#include "decoders/decoder.h"

using namespace herkomst;

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    const Slice said = message.rest();
#ifdef MISUSE
    claims.put(Strength::Confirmed, Field::model, said.text(), said, "device_id");  // refused
#else
    claims.matched(Field::model, said.text(), said, "device_id");
#endif
    return done();
}
