// A MAC names a network card, an IP address a place: they do not stand in for each other.
#include "core/endpoint.h"

using namespace herkomst;

Endpoint subject(const Mac& mac) {
    Endpoint endpoint;
#ifdef MISUSE
    endpoint.ip = mac;  // refused
#else
    endpoint.mac = mac;
#endif
    return endpoint;
}
