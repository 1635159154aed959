// Tuya's search: plugs, lamps, thermostats and chargers with the firmware of Tuya Smart. Older ones announce themselves every
// few seconds, so that listening is enough; those of version 3.5 keep silent until a program asks, and answer to port 7000 of
// the address that it names. The frame is encrypted under a key that all of them, and all programs, share.
//
//   |00006699|0000|sequence 4 = 0|command 4 = 25|length 4|nonce 12|{"from":"app","ip":"..."} in AES-128-GCM, tag 16|00009966|
#include <string>

#include "probes/group_asks.h"
#include "probes/probe.h"

namespace herkomst::probes {

namespace {

// No specification is public. The key is the MD5 sum of a text that is the same in every device.
constexpr std::string_view key("\x6c\x1e\xc8\xe2\xbb\x9b\xb5\x9a\xb5\x0b\x0d\xaf\x64\x9b\x41\x0a", 16);
constexpr Hole holes[] = {hole::length("size", 4, "sealed", 12), hole::octets("nonce", 12),
                          hole::sealed("sealed", "{\"from\":\"app\",\"ip\":\"{my-ip}\"}", key, 4)};
constexpr Request requests[] = {
    {"search", "00006699 0000 00000000 00000025 {size} {nonce} {sealed} 00009966", {}, holes},
};

Step next(Talk& talk) {
    if (talk.begins()) {
        if (talk.target->my_ip.version != 4) return end(ProbeOutcome::Gated);
        std::string nonce(12, '\0');
        for (std::size_t i = 0; i < 8; ++i)
            nonce[i] = static_cast<char>(static_cast<std::uint8_t>(talk.target->token >> (8 * i)));
        return ask(0).with("nonce", nonce);
    }
    Reading reading;
    return end(ByteCursor(talk.reply, reading).be32() == 0x00006699 ? ProbeOutcome::Answered : ProbeOutcome::OtherProtocol);
}

// ---- examples ----

constexpr Turn device_turns[] = {
    {"00006699000000000000000000250000003c34120000000000000000000097e5e0a36daa398d900484e910bcb5d36ee9b696"
     "4bd86168e749c0d5ff7f5e324cc42291abd22679fba5580f02e0c4c800009966",
     {},
     "0000669900000000000000000013000000b3020202020202020202020202c07fae40d072db216efcf1cac2da0312414d3ae3"
     "1d1eae9cc58fd753b4702c95eff8e3461d5669456480514223cce033c5c6eca33047bc1649c5a67c69b0dfed1534bc070b1a"
     "b1842085682d5e8cdc705afa541348e8c89067102a7652ef242faae349d94a0857716a2bb18e27f1f60e653488759e1da69d"
     "5bafdc5e657b6dc98d5485b59e9165afd405819e1b2fe34eb71aae01055b460677044728b78d0407c03b91e29ee6d9000099"
     "66",
     {}},
};
constexpr std::string_view device_claims[] = {"server device_type=tuya:keyexample", "server stack_maker=Tuya",
                                              "server unique_id=tuya:exdevice000000000042"};

constexpr Transcript transcripts[] = {
    {"a device of version 3.5 answers", Origin::Project, "tinytuya, a public project", device_turns, device_claims},
};
constexpr std::uint16_t ports[] = {7000};

}  // namespace

Probe tuya() {
    Probe probe = group_asks::of_group("broadcast");
    probe.name = "tuya";
    probe.title = "Search for Tuya devices";
    probe.spec = "no specification is public; as tinytuya sends and reads it, a public project";
    probe.why_safe = "The search that the maker's own program sends when it is opened; nothing is changed";
    probe.family = Family::It;
    probe.decoder = "tuya";
    probe.ports = ports;
    probe.local_port = 7000;
    probe.requests = requests;
    probe.next = next;
    probe.transcripts = transcripts;
    return probe;
}

}  // namespace herkomst::probes
