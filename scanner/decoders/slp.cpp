// SLP: services announce themselves, as attributes with what they are: printers, storage, and every hypervisor of VMware, which
// names product and version to whoever asks.
//
//   |2|function 1|length 3|flags 2|extension 3|transaction 2|language length 2|language|
//   2 answer, 3 registration: |error 2|count 2| { |0|lifetime 2|length 2|URL|authentications 1| } ...
//   7 attributes: |error 2|length 2|(key=value),(key=value),...|
#include <algorithm>
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"

namespace herkomst::decoders {

namespace {

enum Function : std::uint8_t {
    Request = 1,
    Reply = 2,
    Registration = 3,
    AttributeReply = 7,
    DirectoryAdvert = 8,
    ServiceAdvert = 11
};

struct Head {
    std::uint8_t function = 0;
    bool good = false;
};

// RFC 2608 section 8: version 2, a function of 1 to 11, the length of the whole message, five reserved bits of the flags that
// are zero, and a language tag (RFC 1766) of letters and hyphens.
Head read_head(ByteCursor& at) {
    Head head;
    const std::size_t size = at.left();
    const std::uint8_t version = at.u8();
    head.function = at.u8();
    const std::uint32_t length = at.be24();
    const std::uint16_t flags = at.be16();
    at.skip(5);
    const std::uint16_t tag = at.be16();
    if (version != 2 || head.function == 0 || head.function > ServiceAdvert || (flags & 0x1fff) != 0 || tag < 1 || tag > 16)
        return head;
    const std::string_view language = at.bytes(tag).text();
    const bool letters = std::all_of(language.begin(), language.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    head.good = at.ok() && letters && length == size;
    return head;
}

bool recognise(ByteCursor message, const Flow&) { return read_head(message).good; }

// RFC 2608 section 4.1: "service:" type [":" concrete type] "://" where. Where it is stays out: it may hold a path or a name.
std::string type_of(std::string_view url) {
    if (!starts_with_ignoring_case(url, "service:")) return {};
    std::string type = lower(url.substr(0, url.find("://")));
    const bool plain = std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '.' || c == '_';
    });
    return plain && type.size() <= 64 ? type : std::string();
}

// RFC 2608 section 4.3.
void read_url(ByteCursor& at, Claims& claims) {
    at.skip(3);
    const Slice url = at.bytes(at.be16());
    const std::uint8_t authentications = at.u8();
    if (!at.ok()) return;
    if (const std::string type = type_of(url.text()); !type.empty()) claims.stated(Field::service, type, url, "url");
    for (std::uint8_t i = 0; i < authentications && at.ok(); ++i) {
        at.skip(2);
        const std::uint16_t size = at.be16();
        if (size < 4) return;
        at.skip(size - std::size_t{4});
    }
}

struct Key {
    std::string_view name;
    Field field;
};
constexpr auto keys = std::to_array<Key>({{"product", Field::software},
                                          {"model", Field::model},
                                          {"manufacturer", Field::brand},
                                          {"printer-make-and-model", Field::model},
                                          {"serialnumber", Field::serial}});

// RFC 2608 section 5: "(key=value,value),(key=value),keyword"; a value may be in quotes, as VMware's are.
void read_attributes(const Slice& list, Claims& claims) {
    const std::string_view text = list.text();
    std::size_t at = 0;
    while ((at = text.find('(', at)) != std::string_view::npos) {
        const std::size_t close = text.find(')', at);
        const std::size_t equals = text.find('=', at);
        if (close == std::string_view::npos) return;
        if (equals != std::string_view::npos && equals < close) {
            const std::string_view key = trimmed(text.substr(at + 1, equals - at - 1));
            std::string_view value = trimmed(text.substr(equals + 1, close - equals - 1));
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
            const Slice witness{list.bytes.subspan(at, close + 1 - at), list.offset + at};
            for (const Key& known : keys) {
                if (equal_ignoring_case(known.name, key)) claims.stated(known.field, value, witness, "attribute");
            }
            if (equal_ignoring_case(key, "hardwareUuid"))
                claims.stated(Field::unique_id, "uuid:" + lower(value), witness, "attribute");
        }
        at = close + 1;
    }
}

Verdict observe(ByteCursor message, Flow&, Claims& claims) {
    const Head head = read_head(message);
    if (!head.good) return not_this();
    switch (head.function) {
        case Reply: {
            if (message.be16() != 0) break;
            const std::uint16_t count = message.be16();
            for (std::uint16_t i = 0; i < count && i < 16 && message.ok(); ++i) read_url(message, claims);
            break;
        }
        case Registration:
            read_url(message, claims);
            break;
        case AttributeReply:
            if (message.be16() == 0) read_attributes(message.bytes(message.be16()), claims);
            break;
        case DirectoryAdvert:
            message.skip(6);  // error, boot time
            claims.stated(Field::role, "slp directory agent", message.bytes(message.be16()), "advert");
            break;
        default:
            break;
    }
    return message.ok() ? done() : not_this();
}

constexpr ExampleMessage hypervisor[] = {
    {From::Client,
     "020100003d200000000012340002656e0000001c736572766963653a564d77617265496e6672617374727563747572650007"
     "44454641554c5400000000",
     {}},
    {From::Server,
     "0202000068000000000012340002656e000000020000780029736572766963653a564d77617265496e667261737472756374"
     "7572653a2f2f3139322e302e322e323000000078001f687474703a2f2f70756d70372e6578616d706c652f77696c68656c6d"
     "696e6100",
     {}},
    {From::Server,
     "0207000088000000000012340002656e000000732870726f647563743d224578616d706c652045535820372e302e31206275"
     "696c642d3122292c286861726477617265557569643d2230303030354530302d353331342d303030302d303030302d303030"
     "30303030303030303122292c286f776e65723d57696c68656c6d696e61292c6661737400",
     {}}};
constexpr ExampleMessage directory[] = {
    {From::Server,
     "020800004a000000000012340002656e0000000000010024736572766963653a6469726563746f72792d6167656e743a2f2f"
     "3139322e302e322e3230000744454641554c540000000000",
     {}}};
constexpr std::string_view hypervisor_claims[] = {"server service=service:vmwareinfrastructure",
                                                  "server software=Example ESX 7.0.1 build-1",
                                                  "server unique_id=uuid:00005e00-5314-0000-0000-000000000001"};
constexpr std::string_view directory_claims[] = {"server role=slp directory agent"};
constexpr Example examples[] = {
    {"a hypervisor names its product; addresses and other attributes stay out", Layer::Udp, 427, hypervisor, hypervisor_claims},
    {"a directory agent advertises itself", Layer::Udp, 427, directory, directory_claims},
};
constexpr std::uint16_t ports[] = {427};

}  // namespace

Decoder slp() {
    Decoder decoder;
    decoder.name = "slp";
    decoder.title = "SLP (service location)";
    decoder.spec = "RFC 2608";
    decoder.layers = only(Layer::Udp);
    decoder.ports = ports;
    decoder.starts = Starts("02 0? 00");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
