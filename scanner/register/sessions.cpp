#include "register/sessions.h"

#include <algorithm>

#include "register/open.h"
#include "register/recorder.h"

namespace herkomst {

using sql::Query;

// The latest time stays, whatever order files were read in.
void Recorder::put_sessions() {
    Query put(database_,
              "INSERT INTO sessions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_seen = max(last_seen, "
              "excluded.last_seen)");
    for (const SeenSession& session : run_.sessions) {
        put.bind(run_.site)
            .bind(session.server.text())
            .bind(session.service)
            .bind(session.client.known() ? session.client.text() : std::string())
            .bind(rfc3339(session.last))
            .run();
    }
    Query(database_, "DELETE FROM sessions WHERE last_seen < ?").bind(rfc3339(run_.now - sessions_kept)).run();
}

std::vector<SeenSession> sessions_of(const Register& held) {
    std::vector<SeenSession> out;
    Query rows(held.connection().database,
               "SELECT server, service, client, last_seen FROM sessions ORDER BY site, server, service, client");
    while (rows.step()) {
        const auto server = IpAddress::parse(rows.text(0));
        if (!server) continue;
        out.push_back({*server, IpAddress::parse(rows.text(2)).value_or(IpAddress{}), rows.text(1),
                       parse_rfc3339(rows.text(3)).value_or(Time{})});
    }
    return out;
}

Time last_listened(const Register& held) {
    // Where nothing was heard it is not known who would have been.
    Query rows(held.connection().database,
               "SELECT s.kind, s.path, s.first, s.last, r.at FROM sources s JOIN runs r ON r.run = s.run "
               "WHERE s.usable AND s.packets > 0 AND s.kind IN ('interface', 'capture')");
    Time latest{};
    while (rows.step()) {
        const Time at = parse_rfc3339(rows.text(4)).value_or(Time{});
        Time last = at;
        if (rows.text(0) == "capture") {
            const std::string path = rows.text(1);
            const std::string file = path.substr(path.rfind('/') + 1);
            // Our own questions; what was too short.
            if (file == "exchanges.pcapng" || file.starts_with("heard_in_part")) continue;
            last = parse_rfc3339(rows.text(3)).value_or(Time{});
            const Time first = parse_rfc3339(rows.text(2)).value_or(Time{});
            if (last - first < listening_least || last > at + std::chrono::hours(24)) continue;
        }
        latest = std::max(latest, last);
    }
    return latest;
}

}  // namespace herkomst
