// One layer is made a set of layers by name, not by chance.
#include "decoders/decoder.h"

using namespace herkomst;

Decoder make() {
    Decoder decoder;
#ifdef MISUSE
    decoder.layers = Layer::Tcp;  // refused
#else
    decoder.layers = only(Layer::Tcp);
#endif
    return decoder;
}
