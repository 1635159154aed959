// OCPP-J: how electric-vehicle chargers talk to whoever operates them. A charger names its maker, model, serial number,
// firmware and meter when it starts, and its operator can stop, limit or re-programme it from afar: both are seen here.
//
//   upgrade    GET /<path>/<identity> HTTP/1.1, Upgrade: websocket, Sec-WebSocket-Protocol: ocpp1.6 | ocpp2.0.1 | ocpp2.1
//   frame      |FIN rsv3 opcode 1|MASK length 1|length 2 or 8|mask 4|payload|      client to server: masked
//   payload    [2,"id","Action",{...}] call, [3,"id",{...}] result, [4,"id",code,text,{...}] error; 2.1 adds [5,...] an error
//              of a result and [6,"id","Action",{...}] a call without a result; DEFLATE when rsv1 is set
//
// The charger opens the WebSocket. Of a call only its action is kept: tags, users, limits and locations are not. Of the
// settings that a charger lists when asked, those by which it names itself are read and no others: keys and passwords stand
// among them.
#include <algorithm>
#include <array>

#include "core/text.h"
#include "decoders/decoder.h"
#include "decoders/http_message.h"
#include "decoders/inflate_text.h"
#include "decoders/json_reader.h"
#include "decoders/websocket.h"

namespace herkomst::decoders {

namespace {

constexpr std::size_t longest_payload = 60 * 1024;

struct Side {
    bool skipping;  // continuation frames of a message that is too large
};
struct Notes {
    Side sides[2];
    std::array<char, 56> identity;
    std::uint8_t identity_size;
};

// Chargers behind one address (a gateway, address translation, a proxy that shares the load) are told apart by the identity
// that each connects with: what one says is said of the part by that name, which is the device itself where it is the only one
// (identity/resolve.h). Who is not known by name is whoever has the address.
Claims about_charger(const Flow& flow, const Claims& claims, const Party& charger) {
    const Notes& notes = flow.state->notes<Notes>();
    const Claims about = claims.about(charger);
    if (notes.identity_size == 0) return about;
    return about.part("ocpp/" + std::string(notes.identity.data(), notes.identity_size));
}

// Calls by which an operator acts on a charger: what it does, holds, runs or shows. OCPP 1.6 section 5 and its security
// whitepaper (edition 3); OCPP 2.0.1 part 2; OCPP 2.1. Not here: calls that only ask (GetLog, TriggerMessage) or tell
// (DataTransfer).
constexpr std::array<std::string_view, 41> acting = {
    // 1.6
    "RemoteStartTransaction", "RemoteStopTransaction", "ChangeConfiguration",
    // 1.6, security whitepaper
    "SignedUpdateFirmware",
    // 1.6 and later
    "CancelReservation", "CertificateSigned", "ChangeAvailability", "ClearCache", "ClearChargingProfile", "DeleteCertificate",
    "InstallCertificate", "ReserveNow", "Reset", "SendLocalList", "SetChargingProfile", "UnlockConnector", "UpdateFirmware",
    // 2.0.1 and later
    "ClearDisplayMessage", "ClearVariableMonitoring", "CostUpdated", "PublishFirmware", "RequestStartTransaction",
    "RequestStopTransaction", "SetDisplayMessage", "SetMonitoringBase", "SetMonitoringLevel", "SetNetworkProfile",
    "SetVariableMonitoring", "SetVariables", "UnpublishFirmware",
    // 2.1
    "AFRRSignal", "AdjustPeriodicEventStream", "ChangeTransactionTariff", "ClearDERControl", "ClearTariffs",
    "NotifyAllowedEnergyTransfer", "RequestBatterySwap", "SetDERControl", "SetDefaultTariff", "UpdateDynamicSchedule",
    "UsePriorityCharging"};
// Calls that are frequent enough to know a conversation by whose beginning was not captured.
constexpr std::array<std::string_view, 15> usual = {"BootNotification",
                                                    "Heartbeat",
                                                    "StatusNotification",
                                                    "MeterValues",
                                                    "StartTransaction",
                                                    "StopTransaction",
                                                    "TransactionEvent",
                                                    "Authorize",
                                                    "DataTransfer",
                                                    "GetConfiguration",
                                                    "FirmwareStatusNotification",
                                                    "TriggerMessage",
                                                    "NotifyReport",
                                                    "GetVariables",
                                                    "NotifyEvent"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// OCPP-J 1.6 section 3.1.2, OCPP 2.0.1 part 4 section 3.1.2: the sub-protocol's name is "ocpp" and the version.
bool speaks_ocpp(const HttpHead& head) {
    std::string_view rest = head.field("Sec-WebSocket-Protocol").text();
    while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        const std::string_view name = trimmed(rest.substr(0, comma));
        if (starts_with_ignoring_case(name, "ocpp1.") || starts_with_ignoring_case(name, "ocpp2.")) return true;
        rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
    return false;
}

// OCPP-J 1.6 section 4.2.1: [2,"<at most 36 characters>","<Action>",{...}].
bool starts_like_known_call(std::string_view text) {
    const auto expect = [&](std::string_view part) {
        while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
        if (text.substr(0, part.size()) != part) return false;
        text.remove_prefix(part.size());
        return true;
    };
    if (!expect("[") || (!expect("2") && !expect("6")) || !expect(",") || !expect("\"")) return false;
    const std::size_t id_end = text.find('"');
    if (id_end == std::string_view::npos || id_end == 0 || id_end > 36) return false;
    text.remove_prefix(id_end + 1);
    if (!expect(",") || !expect("\"")) return false;
    const std::size_t action_end = text.find('"');
    if (action_end == std::string_view::npos) return false;
    const std::string_view action = text.substr(0, action_end);
    text.remove_prefix(action_end + 1);
    return expect(",") && expect("{") && (is_among(acting, action) || is_among(usual, action));
}

// The upgrade of either side; or in the middle, a text frame with a call that OCPP knows.
bool recognise(ByteCursor message, const Flow&) {
    if (looks_like_http(message)) {
        const HttpHead head = read_http_head(message);
        return is_websocket_upgrade(head) && speaks_ocpp(head);
    }
    WebSocketFrame frame;
    if (!read_websocket_frame(message, frame) || frame.opcode != websocket::text_frame || frame.deflated || frame.length < 16)
        return false;
    std::string start;
    append_websocket_payload(message.bytes(std::min<std::size_t>(message.left(), 96)), frame, start);
    return message.ok() && starts_like_known_call(start);
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digits = text[i] == '%' ? unhex(text.substr(i + 1, 2)) : std::vector<std::uint8_t>();
        if (digits.size() == 1) {
            out.push_back(static_cast<char>(digits[0]));
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

// OCPP-J 1.6 section 3.1.1: the charger's identity is the last part of the address it connects to.
std::string_view identity_of(std::string_view target) {
    target = target.substr(0, target.find_first_of("?#"));
    while (!target.empty() && target.back() == '/') target.remove_suffix(1);
    const std::size_t slash = target.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : target.substr(slash + 1);
}

Slice slice_of(const ByteCursor& message, std::string_view part) {
    const auto into = static_cast<std::size_t>(part.data() - message.text_ahead().data());
    return {bytes_in(part), message.offset() + into};
}

Verdict observe_upgrade(ByteCursor message, Flow& flow, Claims& claims) {
    const ByteCursor start = message;
    const HttpHead head = read_http_head(message);
    if (head.kind == HttpHead::Kind::Incomplete && !flow.ended) return need(start.left() + 1);
    if (head.kind == HttpHead::Kind::Incomplete || head.kind == HttpHead::Kind::NotHttp) return not_this();
    observe_http_head(head, claims);
    const std::size_t size = message.offset() - start.offset();
    if (head.kind == HttpHead::Kind::Response) {
        // A refusal (a challenge, a redirect) may carry a page; the next attempt follows on the same connection.
        std::size_t body = 0;
        for (const char c : head.status == 101 ? std::string_view() : head.field("Content-Length").text()) {
            if (c < '0' || c > '9' || body > longest_http_head) break;
            body = body * 10 + static_cast<std::size_t>(c - '0');
        }
        return done(size + body);
    }
    if (is_websocket_upgrade(head) && speaks_ocpp(head)) {
        const std::string_view identity = identity_of(head.target);
        const std::string name = percent_decoded(identity);
        const bool named = !name.empty() && name.find('@') == std::string::npos;
        Notes& notes = flow.state->notes<Notes>();
        notes.identity_size = 0;
        if (named && name.find('/') == std::string::npos) {
            notes.identity_size = static_cast<std::uint8_t>(std::min(name.size(), notes.identity.size()));
            std::copy_n(name.begin(), notes.identity_size, notes.identity.begin());
        }
        Claims charger = about_charger(flow, claims, flow.sender);
        if (named) charger.stated(Field::client_id, name, slice_of(start, identity), "identity");
        charger.stated(Field::category, "ev_charger", head.field("Sec-WebSocket-Protocol"), "charger");
    }
    return done(size);
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// ITU-T E.118: 89, country, issuer: the first seven digits name the issuer, the rest the subscriber. ITU-T E.212: country and
// network, five digits, then the subscriber. Both say where the one card comes from, so they are one value; of the subscriber
// nothing is kept, not even as a hash: ten digits are found again by trying.
void observe_modem(std::string_view iccid, std::string_view imsi, const Slice& witness, Claims& charger) {
    iccid = trimmed(iccid);
    imsi = trimmed(imsi);
    std::string card;
    if (iccid.size() >= 18 && iccid.size() <= 20 && all_digits(iccid.substr(0, 18)) && iccid.substr(0, 2) == "89") {
        card.append("iccid issuer ").append(iccid.substr(0, 7));
    }
    if (imsi.size() >= 14 && imsi.size() <= 15 && all_digits(imsi)) {
        card.append(card.empty() ? "imsi " : ", imsi ").append(imsi.substr(0, 5));
    }
    charger.stated(Field::cellular, card, witness, "modem");
}

// OCPP 1.6 section 6.1 (BootNotification.req) and OCPP 2.0.1 part 2, BootNotificationRequest with ChargingStationType.
void observe_boot(const JsonScalars& call, const Slice& witness, Claims charger) {
    const auto either = [&](std::string_view first, std::string_view second) {
        const std::string_view text = call.string_at(first);
        return trimmed(text).empty() ? call.string_at(second) : text;
    };
    charger.stated(Field::category, "ev_charger", witness, "charger");
    charger.stated(Field::brand, either("3/chargePointVendor", "3/chargingStation/vendorName"), witness, "boot.vendor");
    charger.stated(Field::model, either("3/chargePointModel", "3/chargingStation/model"), witness, "boot.model");
    // chargeBoxSerialNumber is deprecated but often the only one.
    const std::string_view old_serial = either("3/chargePointSerialNumber", "3/chargeBoxSerialNumber");
    charger.stated(Field::serial, old_serial.empty() ? call.string_at("3/chargingStation/serialNumber") : old_serial, witness,
                   "boot.serial");
    charger.stated(Field::firmware, either("3/firmwareVersion", "3/chargingStation/firmwareVersion"), witness, "boot.firmware");
    observe_modem(either("3/iccid", "3/chargingStation/modem/iccid"), either("3/imsi", "3/chargingStation/modem/imsi"), witness,
                  charger);
    Claims meter = charger.part("ocpp/meter");
    meter.stated(Field::model, call.string_at("3/meterType"), witness, "boot.meter-type");
    meter.stated(Field::serial, call.string_at("3/meterSerialNumber"), witness, "boot.meter-serial");
}

// By which names a charger lists what it is: settings of 1.6 (they are free; these are in use), variables of the component
// ChargingStation of 2.0.1 (part 2, appendix 3.1).
struct Setting {
    std::string_view name;
    Field field;
    std::string_view what;
};
constexpr Setting settings[] = {
    {"ChargePointVendor", Field::brand, "settings.vendor"},
    {"ChargePointModel", Field::model, "settings.model"},
    {"ChargePointSerialNumber", Field::serial, "settings.serial"},
    {"FirmwareVersion", Field::firmware, "settings.firmware"},
};
constexpr Setting variables[] = {
    {"VendorName", Field::brand, "report.vendor"},
    {"Model", Field::model, "report.model"},
    {"SerialNumber", Field::serial, "report.serial"},
    {"FirmwareVersion", Field::firmware, "report.firmware"},
};

void observe_setting(std::span<const Setting> known, std::string_view name, std::string_view value, const Slice& witness,
                     Claims& charger) {
    const auto setting = std::find_if(known.begin(), known.end(), [&](const Setting& one) { return one.name == name; });
    if (setting != known.end()) charger.stated(setting->field, trimmed(value), witness, setting->what);
}

// The number after `list` in a path, "2" of "2/configurationKey/2/key"; nothing else of it may follow but `rest`.
std::string_view item_of(std::string_view path, std::string_view list, std::string_view rest) {
    if (!path.starts_with(list) || !path.ends_with(rest) || path.size() <= list.size() + rest.size()) return {};
    const std::string_view item = path.substr(list.size(), path.size() - list.size() - rest.size());
    return all_digits(item) ? item : std::string_view();
}

// GetConfiguration.conf (1.6, 6.24), GetVariablesResponse and NotifyReportRequest (2.0.1). A long list is read as far as the
// reader of JSON goes.
void observe_settings(const JsonScalars& message, const Slice& witness, Claims charger) {
    const auto at = [&](std::string_view list, std::string_view item, std::string_view rest) {
        return message.string_at(std::string(list).append(item).append(rest));
    };
    constexpr std::string_view keys = "2/configurationKey/", results = "2/getVariableResult/", report = "3/reportData/";
    for (const JsonScalar& scalar : message.all) {
        if (const std::string_view key = item_of(scalar.path, keys, "/key"); !key.empty()) {
            observe_setting(settings, scalar.text, at(keys, key, "/value"), witness, charger);
        } else if (const std::string_view result = item_of(scalar.path, results, "/component/name"); !result.empty()) {
            if (scalar.text == "ChargingStation") {
                observe_setting(variables, at(results, result, "/variable/name"), at(results, result, "/attributeValue"),
                                witness, charger);
            }
        } else if (const std::string_view entry = item_of(scalar.path, report, "/component/name"); !entry.empty()) {
            if (scalar.text == "ChargingStation") {
                observe_setting(variables, at(report, entry, "/variable/name"), at(report, entry, "/variableAttribute/0/value"),
                                witness, charger);
            }
        }
    }
}

void observe_payload(std::string_view text, bool from_charger, const Slice& witness, const Flow& flow, Claims& claims) {
    const JsonScalars message = read_json(text);
    const std::string_view kind = message.at("0");
    if (message.string_at("1").empty()) return;
    const bool call = kind == "2" || kind == "6";
    const std::string_view action = call ? message.string_at("2") : std::string_view();
    if (from_charger) {
        if (kind == "3" || action == "NotifyReport")
            observe_settings(message, witness, about_charger(flow, claims, flow.sender));
        if (message.whole && action == "BootNotification")
            observe_boot(message, witness, about_charger(flow, claims, flow.sender));
        return;
    }
    if (message.whole && call && is_among(acting, action)) {
        const std::string seen = std::string("ocpp ").append(action).append(" from ").append(flow.sender.ip.text());
        about_charger(flow, claims, flow.receiver).stated(Field::remote_observed, seen, witness, lower(action));
    }
}

Verdict observe(ByteCursor message, Flow& flow, Claims& claims) {
    if (message.starts_with("GET ") || message.starts_with("HTTP/1.")) return observe_upgrade(message, flow, claims);
    Side& side = flow.state->notes<Notes>().sides[flow.from_opener ? 1 : 0];
    const ByteCursor start = message;
    std::string payload;
    bool begun = false;
    bool deflated = false;
    bool masked = false;
    // One message: its frames up to the last one, with control frames in between (RFC 6455 section 5.4).
    while (true) {
        WebSocketFrame frame;
        if (!read_websocket_frame(message, frame)) return not_this();
        if (!message.ok()) return need(start.left() + 1);
        const std::size_t size = message.offset() - start.offset();
        if (frame.opcode >= websocket::close_frame) {
            if (!begun) return done(size + frame.length);
            message.skip(frame.length);
            continue;
        }
        if (begun != (frame.opcode == websocket::continuation) && !side.skipping) return not_this();
        if (side.skipping || frame.length + payload.size() > longest_payload) {
            side.skipping = !frame.last;
            return done(size + frame.length);
        }
        if (message.left() < frame.length) return need(size + frame.length);
        if (!begun) {
            begun = true;
            deflated = frame.deflated;
            masked = frame.masked;
        }
        append_websocket_payload(message.bytes(frame.length), frame, payload);
        if (frame.last) break;
    }
    if (deflated) {
        // With context takeover (RFC 7692 section 7.1.1) a later message may lean on an earlier one: that one is passed over.
        std::string inflated;
        if (!inflate_text(payload, longest_payload, inflated)) return done(message.offset() - start.offset());
        payload = std::move(inflated);
    }
    observe_payload(payload, masked, message.since(start), flow, claims);
    return done(message.offset() - start.offset());
}

constexpr std::string_view boot_16 =
    "81fe01211234567849067a5a7005745430763917667a390c7b523f1b73403f177c167a0330573e19605333287d5d380c4451"
    "381c7d46744230712e197f443a1d32773e196053330a61167a5a715c370a755106177b5a22357d503314300e743d5119644a"
    "3018741b7a55241f776439117c40051d605d37145c413b1a7746744230167a5a715c370a755114176a67330a7b553a366759"
    "341d60166c5a577766482205644b26167a5a745d24156555241d4451240b7b5b385a28166756261a645a3e163f1b715d325a"
    "28166e412105664822046648220466482204664823037454305d3b0b7b166c5a200462482a046648220466482205615a3e16"
    "3b1d6651242c6b44335a281613353f0774543059330c7746051d605d37145c413b1a774674423079624f230574054f";
constexpr std::string_view authorize =
    "81aea1b2c3d4fa80eff6c380e1f883f3b6a0c9ddb1bddbd7e1f8da90aab0f5d3a4f69b908995ef9f9099e8e68bf9f5f384f6"
    "dcef";
constexpr std::string_view operator_calls =
    "81525b332c226231222c7b22737461747573223a224163636570746564222c2263757272656e7454696d65223a2232303030"
    "2d30312d30315430303a30303a30305a222c22696e74657276616c223a3330307d5d81355b322c227331222c2252656d6f74"
    "6553746f705472616e73616374696f6e222c7b227472616e73616374696f6e4964223a31377d5d81445b322c227332222c22"
    "4368616e6765417661696c6162696c697479222c7b22636f6e6e6563746f724964223a302c2274797065223a22496e6f7065"
    "726174697665227d5d81405b322c227333222c22476574436f6e66696775726174696f6e222c7b226b6579223a5b22537570"
    "706f727465644665617475726550726f66696c6573225d7d5d";
constexpr std::string_view boot_201_in_pieces =
    "01bc1234567849067a5a7105745430763917667a390c7b523f1b73403f177c167a0330463319615b385a281606176551242d"
    "62167a5a715c370a755d381f4140370c8982123456787a5d00bc123456787b5b385a284f740e775a3217607a371577166c5a"
    "574c0a0d220433417f443a1d301874157d503314300e743d511963483018740b77463f197e7a231580cc123456787051245a"
    "2816133b27047b4f3018741e7b463b0f7346332e774625117d5a744230067848301874157d503315300e2d5a7b5735117616"
    "6c5a301874117f473f5a2816644e2004675a6f492b25";
constexpr std::string_view deflated_call =
    "c1348a36d2512a3654d2510a4a2d2c4d2d2e092ec92f08294acc2b4e4c2ec9cccf53d2a9562a41703d5394ac944a740dcd95"
    "6a630100";
constexpr std::string_view boot_201_modem =
    "81fe00cc1234567849067a5a26167a5a505b390c5c5b2211745d3519665d391630182d5a6051370b7d5a74423064390f7746"
    "03083018741b7a55241f7b5a312b665522117d5a74426916201d7c50390a5c553b1d300e743d6a553b087e51763b7a55241f"
    "7746255a3e163b1776513a5a2816133b3f02665a3e16251d605d37145c413b1a774674423071154e22196f5a3e163b177651"
    "3b5a284f741171573f1c300e74402b07674c26046648220466482204664822047454305d3b0b7b166c5a2004624826046648"
    "220466482204665a6f492b25";
constexpr std::string_view configuration =
    "81fe01321234567849077a5a61057454691635177c523f1f6746370c7b5b3833774d7442494f7413774d74423075230c7a5b"
    "2411685522117d5a1d1d6b167a5a6051371c7d5a3a01300e30197e473354304237146751744230533310775d3b4c2505675a"
    "6f182d5a79512f5a281615107346311d425b3f166679391c7758745430463319765b38146b166c0c60413354304237146751"
    "744230711555200674053e4f7413774d744230773e19605333287d5d380c4451381c7d46745430463319765b38146b166c0c"
    "60413354304237146751744230712e197f443a1d32773e196053330a61162b5469163d1d6b166c5a455d30114255250b655b"
    "241c3018740a775532177c582f5a2852371461517a5a64553a0d77166c5a75513e1d7b59624f230674054f18740d7c5f3817"
    "655a1d1d6b166c23304c74256f69";
constexpr std::string_view report_and_variables =
    "81fe02521234567849067a5a60057454307a390c7b522f2a7744390a66167a03304633096751250c5b5074422318741f775a"
    "330a7340331c5340744230066648221966493f04672c22046c48220e664848167a5a615127367d166c483e16241d625b240c"
    "56552219300e0d0330573915625b381d7c407442691638197f5174423067331b67463f0c6b77220a7e4674053e162019605d"
    "371a7e517442691638197f5174423076370b7b57170d665c061961472117605074053e162019605d371a7e51170c66463f1a"
    "6740335a286f2d5a64553a0d77166c5a75513e1d7b59624f230774054f497a0330573915625b381d7c407442691638197f51"
    "744230773e1960533f1675672219665d391630497a5a6455241173563a1d300e2d5a7c553b1d300e742e775a3217607a3715"
    "77162b543042370a7b5534147775220c605d340d66517442494f740c6b44335a2816171b664137143018740e7358231d300e"
    "743d6a553b087e51763b7a55241f7746255a6f692b54691635177f443916775a225a284f74167359335a2816151073463111"
    "7c53050c73403f177c162b543042370a7b55341477166c03305a371577166c5a5f5b321d7e162b543042370a7b5534147775"
    "220c605d340d66517442494f740e7358231d300e743d5119604830490b053e4f741b7d5926177c51380c300e2d5a7c553b1d"
    "300e743d4467135a3e16330e6151744269163f1c300e67056f18740e73463f197058335a284f74167359335a28161b177651"
    "3a5a6f18740e73463f1970583339664024117041221d300e0d03304237146751744230533310775d3b4c2505625a6f692b25"
    "6f6981fe01281234567849077a5a640574546916311d6662370a7b5534147766330b6758225a286f2d5a7340220a7b56230c"
    "776722196641255a2816171b7151260c775074543055220c605d340d665100197e41335a2816133b24047b413018741b7d59"
    "26177c51380c300e2d5a7c553b1d300e743b7a55241f7b5a312b665522117d5a74053e162019605d371a7e51744269163819"
    "7f5174423067330a7b553a366759341d60162b053e4f7419664024117041221d4140370c674774423075351b7744221d7616"
    "7a5a7340220a7b56230c776237146751744230533310775d3b4c2505635a3e1635177f443916775a225a284f74167359335a"
    "2816051d71412411664d150c6058245a6f18740e73463f197058335a284f74167359335a2816051d605d37145c413b1a7746"
    "74056f692b25";
constexpr std::string_view newer_calls =
    "812f5b322c226331222c225369676e65645570646174654669726d77617265222c7b22726571756573744964223a317d5d81"
    "205b322c226332222c22496e7374616c6c4365727469666963617465222c7b7d5d81145b322c226333222c224765744c6f67"
    "222c7b7d5d81225b322c226334222c22414652525369676e616c222c7b227369676e616c223a317d5d81295b362c22633522"
    "2c224e6f74696679416c6c6f776564456e657267795472616e73666572222c7b7d5d811e5b352c226336222c22496e746572"
    "6e616c4572726f72222c22222c7b7d5d81285b322c226337222c22446174615472616e73666572222c7b2276656e646f7249"
    "64223a2278227d5d";
constexpr std::string_view heartbeat_call = "81971234567849067a5a7a057454307c33196040341d7340745469490b";
constexpr std::string_view meter_call =
    "81b81234567849067a5a7a0674543079330c774600197e41330b30182d5a715b381677572217607d325a28057a5a7f51221d"
    "606237146751744249692b25";
constexpr ExampleMessage session[] = {
    {From::Client,
     {},
     "GET /steve/ocpp/EC%2D22%20gate?token=4711 HTTP/1.1\r\nHost: csms.example:9000\r\nUpgrade: websocket\r\n"
     "Connection: Upgrade\r\nAuthorization: Basic RUM6Z2VoZWlt\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6, ocpp1.5\r\n\r\n"},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nServer: ExampleCsms/3\r\n"
     "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"},
    {From::Client, boot_16, {}},
    {From::Server, operator_calls, {}},
    {From::Client, authorize, {}}};
constexpr std::string_view session_claims[] = {
    "client[ocpp/EC-22 gate] client_id=EC-22 gate",
    "client[ocpp/EC-22 gate] category=ev_charger",
    "server software=ExampleCsms/3",
    "client[ocpp/EC-22 gate] brand=Example Chargers",
    "client[ocpp/EC-22 gate] model=EC-22",
    "client[ocpp/EC-22 gate] serial=EC0001234",
    "client[ocpp/EC-22 gate] firmware=1.4.2",
    "client[ocpp/EC-22 gate] cellular=iccid issuer 8931000, imsi 20408",
    "client[ocpp/EC-22 gate][ocpp/meter] model=EM-3",
    "client[ocpp/EC-22 gate][ocpp/meter] serial=M4711",
    "client[ocpp/EC-22 gate] remote_observed=ocpp RemoteStopTransaction from 192.0.2.20",
    "client[ocpp/EC-22 gate] remote_observed=ocpp ChangeAvailability from 192.0.2.20"};
constexpr ExampleMessage newer[] = {
    {From::Client,
     {},
     "GET /EC50-7 HTTP/1.1\r\nHost: 192.0.2.20\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: "
     "ocpp2.0.1"
     "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"},
    {From::Client, boot_201_in_pieces, {}},
    {From::Server,
     {},
     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ocpp2.0.1\r\n"
     "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"},
    {From::Server, deflated_call, {}}};
constexpr std::string_view newer_claims[] = {"client[ocpp/EC50-7] client_id=EC50-7",
                                             "client[ocpp/EC50-7] category=ev_charger",
                                             "client[ocpp/EC50-7] brand=Ex\u00e9mple",
                                             "client[ocpp/EC50-7] model=EC-50",
                                             "client[ocpp/EC50-7] serial=EC50-7",
                                             "client[ocpp/EC50-7] firmware=2.0",
                                             "client[ocpp/EC50-7] remote_observed=ocpp RequestStopTransaction from 192.0.2.20"};
constexpr ExampleMessage modem[] = {
    {From::Client,
     {},
     "GET /ocpp/EC60-9 HTTP/1.1\r\nHost: 192.0.2.20\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
     "Sec-WebSocket-Protocol: ocpp2.0.1\r\n\r\n"},
    {From::Server, {}, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: ocpp2.0.1\r\n\r\n"},
    {From::Client, boot_201_modem, {}}};
constexpr std::string_view modem_claims[] = {
    "client[ocpp/EC60-9] client_id=EC60-9",       "client[ocpp/EC60-9] category=ev_charger",
    "client[ocpp/EC60-9] brand=Example Chargers", "client[ocpp/EC60-9] model=EC-60",
    "client[ocpp/EC60-9] serial=EC60-9",          "client[ocpp/EC60-9] cellular=iccid issuer 8931440, imsi 20404"};
// Its keys and passwords are passed over.
constexpr ExampleMessage listed[] = {{From::Client, heartbeat_call, {}},
                                     {From::Client, configuration, {}},
                                     {From::Client, report_and_variables, {}},
                                     {From::Server, newer_calls, {}}};
constexpr std::string_view listed_claims[] = {"client model=EC-22",
                                              "client brand=Example Chargers",
                                              "client model=EC-60",
                                              "client serial=EC60-9",
                                              "client remote_observed=ocpp SignedUpdateFirmware from 192.0.2.20",
                                              "client remote_observed=ocpp InstallCertificate from 192.0.2.20",
                                              "client remote_observed=ocpp AFRRSignal from 192.0.2.20",
                                              "client remote_observed=ocpp NotifyAllowedEnergyTransfer from 192.0.2.20"};
constexpr ExampleMessage heartbeat[] = {{From::Client, heartbeat_call, {}}, {From::Client, meter_call, {}}};

constexpr Example examples[] = {
    {"a 1.6 charger starts and is switched by its operator", Layer::Tcp, 9000, session, session_claims},
    {"a 2.0.1 charger, fragmented with a ping in between, and a deflated call", Layer::Tcp, 80, newer, newer_claims},
    {"a 2.0.1 charger names its SIM card: country, operator and issuer of it are kept", Layer::Tcp, 80, modem, modem_claims},
    {"settings and variables name a charger, not its keys; calls of later editions", Layer::Tcp, 9000, listed, listed_claims},
    {"heartbeats of a conversation that had begun before claim nothing", Layer::Tcp, 8180, heartbeat, {}},
};
constexpr std::uint16_t ports[] = {80,   443,  8080, 8000, 8008, 8081, 8088, 8180,  8443,  8887,
                                   8888, 9000, 9001, 9220, 3128, 5000, 7547, 49152, 16100, 19520};

}  // namespace

Decoder ocpp() {
    Decoder decoder;
    decoder.name = "ocpp";
    decoder.title = "OCPP-J";
    decoder.spec = "OCPP 1.6, its security whitepaper and OCPP-J 1.6; OCPP 2.0.1 and 2.1, parts 2 and 4; RFC 6455; RFC 7692";
    decoder.layers = only(Layer::Tcp);
    decoder.ports = ports;
    decoder.starts = Starts("01", "81", "4?", "5?");
    decoder.recognise = recognise;
    decoder.observe = observe;
    decoder.commands = true;
    decoder.examples = examples;
    decoder.specialises = "http";
    return decoder;
}

}  // namespace herkomst::decoders
