// nmap's XML report, read as a stream: hosts, addresses, names, services and systems that another tool lists. Strength Listed.
// Element names: nmap.dtd of nmap 7.93. A report that is cut off is used as far as it goes.
#include <expat.h>

#include <memory>
#include <optional>
#include <string_view>

#include "core/file.h"
#include "core/text.h"
#include "imports/import.h"

namespace herkomst::imports {

namespace {

constexpr std::uint64_t hosts_max = 1'000'000;

bool recognise(std::string_view start, std::string_view) {
    return start.find("<nmaprun") != std::string_view::npos && start.find('<') <= 3;
}

struct Host {
    Endpoint subject;
    bool up = true;  // who lists a host without a state says that it is there
    Time seen{};
    std::vector<std::pair<Field, std::pair<std::string, std::string>>> claims;  // field, (value, what)
    std::vector<std::string> bad;                                               // addresses that are none of a device
};

struct Report {
    std::string path;
    const std::string* source_id = nullptr;
    const ImportOptions* options = nullptr;
    Imported* imported = nullptr;
    XML_Parser parser = nullptr;
    bool is_nmap = false;
    bool refused = false;
    std::optional<Host> host;
    std::uint64_t host_line = 0;
    bool port_open = false;
    std::string port;
};

std::string_view attribute(const XML_Char** attributes, std::string_view wanted) {
    for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
        if (wanted == attributes[0]) return attributes[1];
    }
    return {};
}

void XMLCALL start_element(void* user, const XML_Char* element, const XML_Char** attributes) {
    Report& report = *static_cast<Report*>(user);
    const std::string_view name = element;
    if (name == "nmaprun") {
        // Also by whoever else writes this format.
        report.is_nmap = true;
    } else if (name == "host") {
        report.host.emplace();
        report.host->subject.site = report.options->site;
        report.host_line = XML_GetCurrentLineNumber(report.parser);
        const std::string end(attribute(attributes, "endtime"));
        if (!end.empty() && end.size() <= 10 && end.find_first_not_of("0123456789") == std::string::npos) {
            // Nanoseconds since 1970 end in the year 2262.
            const std::int64_t seconds = std::stoll(end);
            if (seconds < 9'223'372'036) report.host->seen = Time(std::chrono::seconds(seconds));
        }
    } else if (!report.host) {
        return;
    } else if (name == "status") {
        report.host->up = attribute(attributes, "state") == "up";
    } else if (name == "address") {
        const std::string_view kind = attribute(attributes, "addrtype");
        const std::string_view text = attribute(attributes, "addr");
        if (kind == "mac") {
            const auto mac = Mac::parse(text);
            if (!mac || mac->group() || !mac->known()) {
                report.host->bad.push_back("\"" + clean(text, 64) + "\" is not the MAC address of a device");
            } else if (!report.host->subject.mac.known()) {
                report.host->subject.mac = *mac;
            }
        } else {
            const auto ip = IpAddress::parse(text);
            if (!ip || ip->unspecified() || ip->multicast()) {
                report.host->bad.push_back("\"" + clean(text, 64) + "\" is not the IP address of a device");
            } else if (!report.host->subject.ip.known()) {
                report.host->subject.ip = *ip;
            }
        }
    } else if (name == "hostname") {
        // A PTR record names what the name server believes; "user" is what was typed on the command line.
        if (attribute(attributes, "type") == "PTR") {
            report.host->claims.push_back({Field::hostname, {std::string(attribute(attributes, "name")), "hostname"}});
        }
    } else if (name == "port") {
        report.port = std::string(attribute(attributes, "protocol")) + "/" + std::string(attribute(attributes, "portid"));
        report.port_open = false;
    } else if (name == "state") {
        report.port_open = attribute(attributes, "state") == "open";
    } else if (name == "service" && report.port_open) {
        const std::string_view method = attribute(attributes, "method");
        std::string service(attribute(attributes, "name"));
        service = (service.empty() ? "unknown" : service) + "/" + report.port;
        report.host->claims.push_back({Field::service, {service, "service"}});
        // A name from the port table is only a guess; "probed" comes from the service's own answer.
        if (method == "probed") {
            std::string software(attribute(attributes, "product"));
            const std::string_view version = attribute(attributes, "version");
            if (!software.empty() && !version.empty()) software += " " + std::string(version);
            report.host->claims.push_back({Field::software, {software, "service"}});
        }
    } else if (name == "osmatch") {
        if (attribute(attributes, "accuracy") == "100") {
            report.host->claims.push_back({Field::os, {std::string(attribute(attributes, "name")), "os"}});
        }
    }
}

void XMLCALL end_element(void* user, const XML_Char* element) {
    Report& report = *static_cast<Report*>(user);
    if (std::string_view(element) != "host" || !report.host) return;
    Host host = std::move(*report.host);
    report.host.reset();
    if (!report.is_nmap || !host.up) return;
    Imported& imported = *report.imported;
    if (imported.rows >= hosts_max) {
        if (imported.rows++ == hosts_max) {
            imported.problems.push_back({report.path + ":" + std::to_string(report.host_line),
                                         "more than " + std::to_string(hosts_max) + " hosts: the rest is not read"});
        }
        return;
    }
    ++imported.rows;
    const std::string place = report.path + ":" + std::to_string(report.host_line);
    if (!host.subject.known()) {
        imported.problems.push_back(
            {place, "host not used: " + (host.bad.empty() ? "it has no address" : join(host.bad, ", "))});
        return;
    }
    for (const std::string& bad : host.bad) imported.problems.push_back({place, "address not used: " + bad});
    ++imported.used;
    const auto put = [&](const Endpoint& subject, Field field, const std::string& value, const std::string& what) {
        Observation observation;
        observation.subject = subject;
        observation.field = field;
        observation.value = clean(value);
        if (observation.value.empty()) return;
        observation.strength = Strength::Listed;
        observation.method = "nmap." + what;
        observation.from = {*report.source_id, report.host_line, 0, 0};
        observation.seen = {host.seen, host.seen, 1};
        imported.observations.add(observation);
    };
    if (host.subject.mac.known() && host.subject.ip.known()) {
        Endpoint station = host.subject;
        station.ip = {};
        put(station, Field::address, host.subject.ip.text(), "address");
    }
    Endpoint subject = host.subject;
    if (subject.ip.known()) subject.mac = {};
    for (const auto& [field, claim] : host.claims) put(subject, field, claim.first, claim.second);
    if (host.claims.empty()) put(subject, Field::role, "host that is up", "status");
}

// Entities are how small files become large ones: nmap writes none.
void XMLCALL entity(void* user, const XML_Char*, int, const XML_Char*, int, const XML_Char*, const XML_Char*, const XML_Char*,
                    const XML_Char*) {
    Report& report = *static_cast<Report*>(user);
    report.refused = true;
    XML_StopParser(report.parser, XML_FALSE);
}

Imported read(const std::string& path, const std::string& source_id, const ImportOptions& options) {
    Imported imported;
    const Result<std::string> raw = read_file(path, std::size_t{1} << 30);
    const Result<std::string> content = raw ? unpacked(raw.value(), path, std::size_t{1} << 30) : raw.problems();
    if (!content) {
        imported.problems = content.problems();
        return imported;
    }
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
    Report report;
    report.path = path;
    report.source_id = &source_id;
    report.options = &options;
    report.imported = &imported;
    report.parser = parser.get();
    XML_SetUserData(parser.get(), &report);
    XML_SetElementHandler(parser.get(), start_element, end_element);
    XML_SetEntityDeclHandler(parser.get(), entity);
    std::string_view rest = content.value();
    for (bool last = false; !last;) {
        const std::string_view block = rest.substr(0, std::size_t{1} << 20);
        rest.remove_prefix(block.size());
        last = rest.empty();
        if (XML_Parse(parser.get(), block.data(), static_cast<int>(block.size()), last ? 1 : 0) == XML_STATUS_ERROR) {
            const std::string place = path + ":" + std::to_string(XML_GetCurrentLineNumber(parser.get()));
            imported.problems.push_back({place, report.refused
                                                    ? "declares an entity: refused"
                                                    : "ends or breaks here (" +
                                                          std::string(XML_ErrorString(XML_GetErrorCode(parser.get()))) +
                                                          "); the hosts before it are used"});
            break;
        }
    }
    if (imported.rows != imported.used)
        imported.coverage.push_back({{}, "nmap", "host not used", imported.rows - imported.used});
    return imported;
}

}  // namespace

Import nmap() { return {"nmap", "nmap XML report", "nmap.dtd, nmap 7.93", recognise, read}; }

}  // namespace herkomst::imports
