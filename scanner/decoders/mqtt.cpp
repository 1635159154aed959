// MQTT: a client names itself when it connects; on plants that follow Sparkplug B the topics tell which edge node and which
// devices publish, and that a command was sent to one; so do Victron's (mqtt_topics.h). Accounts, passwords, other topics and
// what payloads measure are not kept.
//
//   |type 4 bits, flags 4 bits|remaining length 1..4|; 1 connect: |0004 "MQTT"|level|flags|keep alive 2|client id|...|
//   3 publish: |topic length 2|topic|...|; Sparkplug: "spBv1.0/group/NBIRTH/node", "spBv1.0/group/DCMD/node/device"
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/mqtt_topics.h"
#include "decoders/sparkplug_birth.h"
#include "decoders/text_lines.h"

namespace herkomst::decoders {

namespace {

enum Type : std::uint8_t { Connect = 1, ConnectAnswer = 2, Publish = 3, Disconnect = 14, Authenticate = 15 };
constexpr std::size_t longest_head = 8 * 1024;

// Which edge nodes spoke in this conversation: commands are theirs only if they did, not a bystander's who listens in.
struct Notes {
    std::array<std::uint64_t, 8> nodes;
    std::uint8_t count;
};

// MQTT 5.0 section 1.5.5: seven bits a byte, low first, at most four.
bool remaining_length(ByteCursor& at, std::size_t& length) {
    length = 0;
    for (unsigned i = 0; i < 4; ++i) {
        const std::uint8_t byte = at.u8();
        length |= static_cast<std::size_t>(byte & 0x7fU) << (7 * i);
        if ((byte & 0x80) == 0) return at.ok();
    }
    return false;
}

// MQTT 3.1.1 sections 3.1 and 3.2, MQTT 5.0 the same: CONNECT is type 1 without flags, "MQTT" with level 4 or 5 or "MQIsdp"
// with 3, connect flags whose lowest bit is 0 and whose will is consistent. A broker's first message is CONNACK, with one flag
// and a known code.
bool recognise(ByteCursor message, const Flow& flow) {
    const std::uint8_t first = message.u8();
    std::size_t length = 0;
    if (first == 0x20 && flow.from_server()) {
        if (!remaining_length(message, length) || length < 2 || length > 256 || message.left() < length) return false;
        const bool flags = message.u8() <= 1;
        const std::uint8_t code = message.u8();
        if (length == 2) return flags && code <= 5 && message.left() == 0;
        return flags && (code == 0 || code >= 0x80) && message.u8() + std::size_t{3} == length;
    }
    if (first != 0x10 || !remaining_length(message, length) || length < 12) return false;
    const std::uint16_t size = message.be16();
    const std::string_view name = message.bytes(size == 4 || size == 6 ? size : 0).text();
    const std::uint8_t level = message.u8();
    const std::uint8_t flags = message.u8();
    const bool named = (name == "MQTT" && (level == 4 || level == 5)) || (name == "MQIsdp" && level == 3);
    const bool will = (flags & 4) != 0 ? (flags & 0x18) != 0x18 : (flags & 0x38) == 0;
    return named && (flags & 1) == 0 && will && message.ok();
}

struct Topic {
    bool sparkplug = false;
    std::string_view group;
    std::string_view kind;
    std::string_view node;
    std::string_view device;
};

// Sparkplug 3.0.0 section 4.2: namespace/group_id/message_type/edge_node_id/[device_id].
Topic read_topic(std::string_view text) {
    Topic topic;
    const auto parts = split(text, '/');
    if (parts.size() < 4 || parts.size() > 5 || parts[0] != "spBv1.0") return topic;
    constexpr std::array<std::string_view, 8> kinds = {"NBIRTH", "NDEATH", "NDATA", "NCMD",
                                                       "DBIRTH", "DDEATH", "DDATA", "DCMD"};
    for (const std::string_view kind : kinds) topic.sparkplug = topic.sparkplug || kind == parts[2];
    topic.group = parts[1];
    topic.kind = parts[2];
    topic.node = parts[3];
    if (parts.size() == 5) topic.device = parts[4];
    topic.sparkplug = topic.sparkplug && !topic.group.empty() && !topic.node.empty() && is_text(text) &&
                      (topic.kind.front() == 'D') == !topic.device.empty();
    return topic;
}

std::uint64_t node_key(const Topic& topic) { return fnv1a(topic.node, fnv1a(topic.group)); }

// A client that publishes its birth, data or death, or leaves its death as will, is that edge node.
void from_node(const Topic& topic, const Slice& place, Notes& notes, Claims& claims) {
    if (!topic.sparkplug || topic.kind.substr(1) == "CMD") return;
    const std::uint64_t key = node_key(topic);
    bool known = false;
    for (std::size_t i = 0; i < notes.count && i < notes.nodes.size(); ++i) known = known || notes.nodes[i] == key;
    if (!known) {
        notes.nodes[notes.count % notes.nodes.size()] = key;
        if (notes.count < notes.nodes.size()) ++notes.count;
        claims.stated(Field::role, "sparkplug edge node", place, "sparkplug");
        claims.stated(Field::service, "sparkplug " + std::string(topic.group) + "/" + std::string(topic.node), place,
                      "sparkplug");
    }
    if (topic.kind != "DBIRTH") return;
    Claims device = claims.part("sparkplug/" + std::string(topic.node) + "/" + std::string(topic.device));
    device.stated(Field::role, "sparkplug device", place, "sparkplug");
}

bool is_birth(const Topic& topic) { return topic.sparkplug && topic.kind.substr(1) == "BIRTH"; }

// What the birth of a node or of a device behind it says of it.
void from_birth(const Topic& topic, const Slice& payload, const Claims& claims) {
    Claims who = claims;
    if (!topic.device.empty()) who = who.part("sparkplug/" + std::string(topic.node) + "/" + std::string(topic.device));
    observe_sparkplug_birth(payload, who);
}

void to_node(const Topic& topic, const Slice& place, const Flow& flow, const Notes& notes, Claims& claims) {
    if (!topic.sparkplug || topic.kind.substr(1) != "CMD") return;
    const std::uint64_t key = node_key(topic);
    bool known = false;
    for (std::size_t i = 0; i < notes.count && i < notes.nodes.size(); ++i) known = known || notes.nodes[i] == key;
    if (!known) return;
    Claims target = claims.about(flow.receiver);
    if (!topic.device.empty()) target = target.part("sparkplug/" + std::string(topic.node) + "/" + std::string(topic.device));
    target.stated(Field::remote_observed, "sparkplug " + std::string(topic.kind) + " from " + flow.sender.ip.text(), place,
                  "command");
}

// A client that publishes a command gives it, whichever way it goes from the broker; the node is behind the broker.
void command(const Topic& topic, const Slice& place, const Flow& flow, Claims& claims) {
    if (!topic.sparkplug || topic.kind.substr(1) != "CMD") return;
    std::string step = "sparkplug/" + std::string(topic.node);
    if (!topic.device.empty()) step.append("/").append(topic.device);
    claims.about(flow.receiver)
        .part(step)
        .stated(Field::remote_observed, "sparkplug " + std::string(topic.kind) + " from " + flow.sender.ip.text(), place,
                "command");
}

// MQTT 3.1.1 section 3.1.3, 5.0 section 3.1.2.11: properties come before the client id and before the will in level 5. The
// account and the password behind them are not looked at.
void connect(ByteCursor body, Notes& notes, Claims& claims) {
    body.skip(body.be16());
    const std::uint8_t level = body.u8();
    const std::uint8_t flags = body.u8();
    body.skip(2);
    std::size_t properties = 0;
    if (level == 5 && remaining_length(body, properties)) body.skip(properties);
    const Slice id = body.bytes(body.be16());
    if (!body.ok()) return;
    claims.stated(Field::client_id, id, "client_id");
    if ((flags & 4) == 0) return;
    if (level == 5 && remaining_length(body, properties)) body.skip(properties);
    const Slice will = body.bytes(body.be16());
    if (body.ok()) from_node(read_topic(will.text()), will, notes, claims);
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    Notes& notes = flow.state->notes<Notes>();
    const ByteCursor start = message;
    const std::uint8_t first = message.u8();
    const unsigned type = first >> 4;
    std::size_t length = 0;
    if (!remaining_length(message, length)) return message.ok() ? not_this() : done();
    const std::size_t total = message.offset() - start.offset() + length;
    // MQTT 3.1.1 section 2.2.2: only PUBLISH has flags of its own; four types have the flags 2.
    const bool two = type == 6 || type == 8 || type == 10;
    if (type == 0 || (type != Publish && (first & 15) != (two ? 2 : 0))) return not_this();
    if (type == Connect) {
        if (length > longest_head) return done(total);
        if (message.left() < length) return flow.ended ? done() : need(total);
        if (!flow.from_opener || !recognise(start, flow)) return not_this();
        Reading reading;
        connect(whole(message.bytes(length), reading), notes, claims);
    } else if (type == Publish) {
        const std::size_t size = message.be16();
        if (size + 2 > length) return message.ok() ? not_this() : done();
        if (size > 512) return done(total);
        const Slice topic = message.bytes(size);
        if (!message.ok()) return done();
        Slice payload;
        const bool birth = flow.from_opener && is_birth(read_topic(topic.text()));
        // MQTT 3.1.1 section 3.3.2.2: a packet identifier where the quality of service is 1 or 2. Level 5 puts properties
        // before the payload, which is then no JSON and says nothing.
        const std::size_t wanted = birth ? longest_birth : payload_wanted(topic.text());
        if (wanted != 0 && length <= wanted) {
            const std::size_t head = size + 2 + ((first & 6) != 0 ? 2 : 0);
            if (message.left() < length - size - 2) return flow.ended ? done() : need(total);
            if (head <= length) {
                message.skip(head - size - 2);
                payload = message.bytes(length - head);
            }
        }
        if (flow.from_opener) {
            from_node(read_topic(topic.text()), topic, notes, claims);
            command(read_topic(topic.text()), topic, flow, claims);
        } else {
            to_node(read_topic(topic.text()), topic, flow, notes, claims);
        }
        if (message.ok() && birth) from_birth(read_topic(topic.text()), payload, claims);
        if (message.ok()) observe_mqtt_topic(topic, payload, flow, claims);
    }
    return done(total);
}

constexpr ExampleMessage node[] = {{From::Client,
                                    "104500044d51545404e6003c000670756d702d37001a73704276312e302f506c616e742f4e44454154482f50"
                                    "756d7037000178000a77696c68656c6d696e61000667656865696d",
                                    {}},
                                   {From::Server, "20020000", {}},
                                   {From::Client,
                                    "322b002073704276312e302f506c616e742f4442495254482f50756d70372f4d6f746f7200017061796c6f61"
                                    "64",
                                    {}},
                                   {From::Server,
                                    "302a001e73704276312e302f506c616e742f44434d442f50756d70372f4d6f746f7277696c68656c6d696e61"
                                    "301b001873704276312e302f506c616e742f4e434d442f50756d703878301b001873704276312e302f506c61"
                                    "6e742f4e434d442f50756d703778",
                                    {}}};
constexpr std::string_view node_claims[] = {"client client_id=pump-7",
                                            "client role=sparkplug edge node",
                                            "client service=sparkplug Plant/Pump7",
                                            "client[sparkplug/Pump7/Motor] role=sparkplug device",
                                            "client[sparkplug/Pump7/Motor] remote_observed=sparkplug DCMD from 192.0.2.20",
                                            "client remote_observed=sparkplug NCMD from 192.0.2.20"};
// What a supervisory system publishes; its own state is no command.
constexpr ExampleMessage supervisor[] = {
    {From::Client, "1011 0004 4d515454 04 02 003c 0005 7363616461", {}},
    {From::Server, "20020000", {}},
    {From::Client, "301b 0018 73704276312e302f506c616e742f4e434d442f50756d7037 78", {}},
    {From::Client, "3021 001e 73704276312e302f506c616e742f44434d442f50756d70372f4d6f746f72 78", {}},
    {From::Client, "3016 0013 73704276312e302f53544154452f7363616461 78", {}}};
constexpr std::string_view supervisor_claims[] = {
    "client client_id=scada", "server[sparkplug/Pump7] remote_observed=sparkplug NCMD from 192.0.2.10",
    "server[sparkplug/Pump7/Motor] remote_observed=sparkplug DCMD from 192.0.2.10"};
constexpr ExampleMessage births[] = {
    {From::Client, "101200044d5154540402003c0006676174652d33", {}},
    {From::Server, "20020000", {}},
    {From::Client,
     "30a101001a73704276312e302f506c616e742f4e42495254482f47617465330801122e0a1850726f706572746965732f"
     "4861726477617265204d616b65200c7a104578616d706c6520476174657761797312230a1950726f706572746965732f"
     "4861726477617265204d6f64656c200c7a0445472d3312160a0d50726f706572746965732f4657200c7a03322e311214"
     "0a0a54616e6b206c6576656c200c7a0466756c6c304e001f73704276312e302f506c616e742f4442495254482f476174"
     "65332f50756d70122b0a1850726f706572746965732f4861726477617265204d616b65200c7a0d4578616d706c652050"
     "756d7073",
     {}}};
constexpr std::string_view births_claims[] = {"client client_id=gate-3",
                                              "client role=sparkplug edge node",
                                              "client service=sparkplug Plant/Gate3",
                                              "client brand=Example Gateways",
                                              "client model=EG-3",
                                              "client firmware=2.1",
                                              "client[sparkplug/Gate3/Pump] role=sparkplug device",
                                              "client[sparkplug/Gate3/Pump] brand=Example Pumps"};
constexpr ExampleMessage person[] = {
    {From::Client, "102600044d51545405c2003c0511000000100000000a77696c68656c6d696e61000667656865696d", {}},
    {From::Server, "200600000322000a", {}},
    {From::Client, "301a0014686f6d652f77696c68656c6d696e612f646f6f726f70656e", {}},
    {From::Server, "302a001e73704276312e302f506c616e742f44434d442f50756d70372f4d6f746f7277696c68656c6d696e61", {}}};
constexpr ExampleMessage victron[] = {
    {From::Client, "100e00044d5154540402003c00026778", {}},
    {From::Server, "20020000", {}},
    {From::Client,
     "303f00244e2f3030303035653030353333332f76656275732f3237362f50726f647563744e616d657b227661"
     "6c7565223a20224578616d706c652033303030227d303c00234e2f3030303035653030353333332f76656275"
     "732f3237362f437573746f6d4e616d657b2276616c7565223a202257696c68656c6d696e61227d",
     {}},
    {From::Server,
     "302b001d572f3030303035653030353333332f76656275732f3237362f4d6f64657b2276616c7565223a2034"
     "7d",
     {}},
};
constexpr std::string_view victron_claims[] = {"client client_id=gx",
                                               "client unique_id=vrm:00005e005333",
                                               "client stack_maker=Victron Energy",
                                               "client brand=Victron Energy",
                                               "client[victron/vebus-276] product=Example 3000",
                                               "client remote_observed=victron write vebus from 192.0.2.20"};
constexpr ExampleMessage bridge[] = {
    {From::Client, "101200044d5154540402003c0006627269646765", {}},
    {From::Server, "20020000", {}},
    {From::Client,
     "32a4010028686f6d65617373697374616e742f73656e736f722f6d65746572372f706f7765722f636f6e6669"
     "6700017b226e616d65223a2257696c68656c6d696e61222c22646576223a7b22696473223a5b223078303030"
     "30356530303533225d2c226d66223a224578616d706c65204d65746572696e67222c226d646c223a22454d2d"
     "31222c227377223a22312e32222c226e616d65223a2257696c68656c6d696e61227d7d",
     {}},
    {From::Server,
     "3039001e4e2f3030303035653030353333332f73797374656d2f302f53657269616c7b2276616c7565223a20"
     "22303030303565303035333333227d303b0016686f6d652f77696c68656c6d696e612f636f6e6669677b2264"
     "6576223a7b22696473223a5b2278225d2c226d66223a224e6f626f6479227d7d",
     {}},
};
constexpr std::string_view bridge_claims[] = {"client client_id=bridge",
                                              "client[mqtt/0x00005e0053] brand=Example Metering",
                                              "client[mqtt/0x00005e0053] model=EM-1",
                                              "client[mqtt/0x00005e0053] firmware=1.2",
                                              "server[victron/00005e005333] unique_id=vrm:00005e005333",
                                              "server[victron/00005e005333] stack_maker=Victron Energy",
                                              "server[victron/00005e005333] brand=Victron Energy"};
constexpr ExampleMessage switches[] = {
    {From::Client, "101a00044d5154540402003c000e7368656c6c79312d303035333134", {}},
    {From::Server, "20020000", {}},
    {From::Client,
     "30930100117368656c6c6965732f616e6e6f756e63657b226964223a227368656c6c79312d303035333134222c226d6f64656c223a2253"
     "4853572d31222c226d6163223a22303030303545303035333041222c226970223a223139322e302e322e3130222c226e65775f6677223a"
     "66616c73652c2266775f766572223a2232303230303130312d3030303030302f76312e392e30227d"
     "309f0100257461736d6f74612f646973636f766572792f3030303035453030353333332f636f6e6669677b226970223a223139322e302e"
     "322e3333222c22646e223a2257696c68656c6d696e61222c22686e223a227461736d6f74612d35333333222c226d6163223a2230303030"
     "3545303035333333222c226d64223a224578616d706c6520506c7567222c227377223a2231322e312e30222c22766572223a317d"
     "301d0019636d6e642f7461736d6f74615f3030353333332f504f5745524f4e302c00277368656c6c6965732f7368656c6c79312d303035"
     "3331342f72656c61792f302f636f6d6d616e646f666630190015636d6e642f77696c68656c6d696e612f504f5745524f4e",
     {}},
};
constexpr std::string_view switches_claims[] = {"client client_id=shelly1-005314",
                                                "client brand=Shelly",
                                                "client model=SHSW-1",
                                                "client firmware=20200101-000000/v1.9.0",
                                                "client[mqtt/00:00:5e:00:53:33] software=Tasmota 12.1.0",
                                                "client[mqtt/00:00:5e:00:53:33] product=Example Plug",
                                                "server[mqtt/tasmota_005333] remote_observed=tasmota switch from 192.0.2.10",
                                                "server[mqtt/shelly1-005314] remote_observed=shelly switch from 192.0.2.10"};
constexpr Example examples[] = {
    {"a node and a device are born: who made them is kept, what they measure is not", Layer::Tcp, 1883, births, births_claims},
    {"switches tell what they are and are told to switch; names that people gave are not kept", Layer::Tcp, 1883, switches,
     switches_claims},
    {"a Victron GX that publishes, and is asked to change something; names that people gave are not kept", Layer::Tcp, 1883,
     victron, victron_claims},
    {"a bridge announces a meter; a broker tells of what is behind it", Layer::Tcp, 1883, bridge, bridge_claims},
    {"an edge node, its device, and commands to them; account and payload are not kept", Layer::Tcp, 1883, node, node_claims},
    {"who publishes commands gives them", Layer::Tcp, 1883, supervisor, supervisor_claims},
    {"a client without a name; who it is, what it publishes, and others' commands say nothing", Layer::Tcp, 1883, person, {}},
};
constexpr std::uint16_t ports[] = {1883};

}  // namespace

Decoder mqtt() {
    Decoder decoder;
    decoder.name = "mqtt";
    decoder.title = "MQTT, Sparkplug B, Victron, Shelly, Tasmota";
    decoder.spec =
        "MQTT 3.1.1; MQTT 5.0; Sparkplug 3.0.0 section 4.2; victronenergy/dbus-flashmq; Home Assistant MQTT discovery; Shelly "
        "Gen1 API; Tasmota, MQTT";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("10", "20");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    return decoder;
}

}  // namespace herkomst::decoders
