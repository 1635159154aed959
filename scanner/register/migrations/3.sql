-- 3 to 4. What the self-assessment's criteria make of each finding that stands. The next run fills it.
CREATE TABLE ratings (
    finding TEXT PRIMARY KEY,
    criteria TEXT NOT NULL,
    likelihood INTEGER NOT NULL,
    impact INTEGER NOT NULL,
    inherent TEXT NOT NULL,
    residual_likelihood INTEGER NOT NULL,
    residual_impact INTEGER NOT NULL,
    residual TEXT NOT NULL,
    inputs_known INTEGER NOT NULL,
    inputs_all INTEGER NOT NULL,
    considerations TEXT NOT NULL,
    decision TEXT NOT NULL,
    decision_nl TEXT NOT NULL,
    decision_en TEXT NOT NULL,
    inputs TEXT NOT NULL,
    run INTEGER NOT NULL REFERENCES runs,
    event INTEGER NOT NULL
) STRICT;

-- Who holds a session with a server that takes one client or a few.
CREATE TABLE sessions (
    site TEXT NOT NULL,
    server TEXT NOT NULL,
    service TEXT NOT NULL,
    client TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (site, server, service, client)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 4;
