-- 3 to 4: who holds a session with a server that takes one client or a few.
CREATE TABLE sessions (
    site TEXT NOT NULL,
    server TEXT NOT NULL,
    service TEXT NOT NULL,
    client TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (site, server, service, client)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 4;
