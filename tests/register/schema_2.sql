-- A register of schema 2 as herkomst 0.1.0 wrote it: two assets, findings in every state. Input of keep_test.cpp.
PRAGMA application_id = 1213352787;
PRAGMA user_version = 2;
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    site TEXT NOT NULL,
    program TEXT NOT NULL,
    vendordb TEXT NOT NULL,
    rules TEXT NOT NULL,
    people_devices INTEGER NOT NULL,
    unknown_vendors TEXT NOT NULL
) STRICT;
CREATE TABLE sources (
    run INTEGER NOT NULL REFERENCES runs,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    packets INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    usable INTEGER NOT NULL,
    problems TEXT NOT NULL,
    PRIMARY KEY (run, position)
) STRICT;
CREATE INDEX sources_by_id ON sources (id, run);
CREATE TABLE assets (
    number INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    minted_from TEXT NOT NULL,
    derived_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    site TEXT NOT NULL,
    label TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES runs,
    last_run INTEGER NOT NULL REFERENCES runs,
    facts TEXT NOT NULL,
    merged_into TEXT
) STRICT;
CREATE TABLE identifiers (
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    site TEXT NOT NULL,
    first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL,
    PRIMARY KEY (uid, kind, value)
) STRICT;
CREATE UNIQUE INDEX identifiers_bind ON identifiers (value, site) WHERE kind IN ('strong', 'key');
CREATE TABLE beliefs (
    uid TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    vendor TEXT NOT NULL,
    vendor_name TEXT NOT NULL,
    strength TEXT NOT NULL,
    methods TEXT NOT NULL,
    dissent TEXT NOT NULL,
    contested INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (uid, field)
) STRICT;
CREATE TABLE claims (
    uid TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    vendor TEXT NOT NULL,
    strength TEXT NOT NULL,
    method TEXT NOT NULL,
    because TEXT NOT NULL,
    source TEXT NOT NULL,
    frame INTEGER NOT NULL,
    first_byte INTEGER NOT NULL,
    end_byte INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    count INTEGER NOT NULL,
    subject TEXT NOT NULL
) STRICT;
CREATE INDEX claims_by_asset ON claims (uid, field);
CREATE INDEX claims_by_source ON claims (source);
CREATE TABLE rules (
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    policy TEXT NOT NULL,
    version INTEGER NOT NULL,
    over TEXT NOT NULL,
    condition TEXT NOT NULL,
    likelihood TEXT NOT NULL,
    impact TEXT NOT NULL,
    PRIMARY KEY (rule, rule_hash)
) STRICT;
CREATE TABLE findings (
    finding TEXT PRIMARY KEY,
    policy TEXT NOT NULL,
    rule TEXT NOT NULL,
    version INTEGER NOT NULL,
    rule_hash TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    subject_nl TEXT NOT NULL,
    subject_en TEXT NOT NULL,
    verdict TEXT NOT NULL,
    band TEXT NOT NULL,
    likelihood INTEGER NOT NULL,
    impact INTEGER NOT NULL,
    missing TEXT NOT NULL,
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    because_nl TEXT NOT NULL,
    because_en TEXT NOT NULL,
    advice_nl TEXT NOT NULL,
    advice_en TEXT NOT NULL,
    consideration TEXT NOT NULL,
    literature TEXT NOT NULL,
    facts TEXT NOT NULL,
    evidence TEXT NOT NULL,
    condition_hash TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES runs,
    last_run INTEGER NOT NULL REFERENCES runs,
    UNIQUE (rule, subject_kind, subject_key)
) STRICT;
CREATE TABLE sums (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    assets INTEGER NOT NULL,
    power_assets INTEGER NOT NULL,
    rated_power INTEGER NOT NULL,
    rated_power_unknown INTEGER NOT NULL,
    switchable_assets INTEGER NOT NULL,
    switchable_power INTEGER NOT NULL,
    switchable_power_unknown INTEGER NOT NULL,
    switchable_maybe INTEGER NOT NULL,
    facts TEXT NOT NULL,
    members TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
CREATE TABLE coverage (
    run INTEGER NOT NULL REFERENCES runs,
    asked TEXT NOT NULL,
    outcome TEXT NOT NULL,
    subjects INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run, asked, outcome)
) STRICT;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_subject ON events (subject_kind, subject, seq);
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_follow_each_other BEFORE INSERT ON events
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
  OR NEW.prev <> coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), '')
BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END;
CREATE VIEW finding_state AS
SELECT f.*,
       CASE d.event WHEN 'opened' THEN 'open' WHEN 'reopened' THEN 'open' ELSE d.event END AS status,
       d.at AS status_since,
       (SELECT at FROM events o WHERE o.subject_kind = 'finding' AND o.subject = f.finding AND o.event = 'opened'
        ORDER BY seq LIMIT 1) AS opened_at,
       (SELECT at FROM runs r WHERE r.run = f.last_run) AS last_at,
       f.last_run = (SELECT max(run) FROM runs) AS seen_in_last_run
FROM findings f
LEFT JOIN events d ON d.seq = (
    SELECT max(seq) FROM events e
    WHERE e.subject_kind = 'finding' AND e.subject = f.finding
      AND e.event IN ('opened', 'reopened', 'accepted', 'mitigated', 'closed', 'merged'));
CREATE VIEW asset_state AS
SELECT a.*, a.last_run = (SELECT max(run) FROM runs) AS seen_in_last_run
FROM assets a WHERE a.merged_into IS NULL;
INSERT INTO runs VALUES (1, '2026-01-01T02:00:00Z', 'north', 'herkomst 0.1.0', '2026-01-01 sha256:00', 'nl-zelfscan sha256:00', 0, '[]');
INSERT INTO sources VALUES (1, 1, '0123456789abcdef', 'plant.pcap', 'capture', '', 12, 900, '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z', 1, '[]');
INSERT INTO assets VALUES (NULL, '11111111-1111-8111-8111-111111111111', 'mac:00:00:5e:00:53:01', 'k1', 'device', '', 'north', 'device 1', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z', 1, 1, '{}', NULL);
INSERT INTO identifiers VALUES ('11111111-1111-8111-8111-111111111111', 'strong', 'mac:00:00:5e:00:53:01', 'north', 1, 1);
INSERT INTO identifiers VALUES ('11111111-1111-8111-8111-111111111111', 'key', 'key:k1', 'north', 1, 1);
INSERT INTO identifiers VALUES ('11111111-1111-8111-8111-111111111111', 'mac', '00:00:5e:00:53:01', 'north', 1, 1);
INSERT INTO assets VALUES (NULL, '22222222-2222-8222-8222-222222222222', 'mac:00:00:5e:00:53:02', 'k2', 'device', '', 'north', 'device 2', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z', 1, 1, '{}', NULL);
INSERT INTO identifiers VALUES ('22222222-2222-8222-8222-222222222222', 'strong', 'mac:00:00:5e:00:53:02', 'north', 1, 1);
INSERT INTO identifiers VALUES ('22222222-2222-8222-8222-222222222222', 'key', 'key:k2', 'north', 1, 1);
INSERT INTO identifiers VALUES ('22222222-2222-8222-8222-222222222222', 'mac', '00:00:5e:00:53:02', 'north', 1, 1);
INSERT INTO findings VALUES ('R-open000000000000', 'nl-zelfscan', 'rule-0', 1, '0123456789ab', 'asset', '11111111-1111-8111-8111-111111111111', 'device 1', 'device 1', 'open', 'medium', 3, 2, '[]', 't', 't', 'b', 'b', 'a', 'a', '', '[]', '{}', '[]', 'cffd97c8aab97075', 1, 1);
INSERT INTO findings VALUES ('R-scanclosed000000', 'nl-zelfscan', 'rule-1', 1, '0123456789ab', 'asset', '11111111-1111-8111-8111-111111111111', 'device 1', 'device 1', 'open', 'medium', 3, 2, '[]', 't', 't', 'b', 'b', 'a', 'a', '', '[]', '{}', '[]', 'cffd97c8aab97075', 1, 1);
INSERT INTO findings VALUES ('R-accepted00000000', 'nl-zelfscan', 'rule-2', 1, '0123456789ab', 'asset', '11111111-1111-8111-8111-111111111111', 'device 1', 'device 1', 'open', 'medium', 3, 2, '[]', 't', 't', 'b', 'b', 'a', 'a', '', '[]', '{}', '[]', 'cffd97c8aab97075', 1, 1);
INSERT INTO findings VALUES ('R-personclosed0000', 'nl-zelfscan', 'rule-3', 1, '0123456789ab', 'asset', '11111111-1111-8111-8111-111111111111', 'device 1', 'device 1', 'open', 'medium', 3, 2, '[]', 't', 't', 'b', 'b', 'a', 'a', '', '[]', '{}', '[]', 'cffd97c8aab97075', 1, 1);
INSERT INTO events VALUES (1, 1, '2026-01-01T02:00:00Z', 'opened', 'finding', 'R-open000000000000', '{"band":"medium","verdict":"open"}', '', 'df7ed124b3856e866f673c3d2bc94de814f51fd390098f5cc8e5a984f7620eca');
INSERT INTO events VALUES (2, 1, '2026-01-01T02:00:00Z', 'opened', 'finding', 'R-scanclosed000000', '{"band":"medium","verdict":"open"}', 'df7ed124b3856e866f673c3d2bc94de814f51fd390098f5cc8e5a984f7620eca', 'bc9d5e22308c9c500df0c83ff7c51976665a9c109ae3f79c4bd7880f67a781cf');
INSERT INTO events VALUES (3, 1, '2026-01-01T02:00:00Z', 'opened', 'finding', 'R-accepted00000000', '{"band":"medium","verdict":"open"}', 'bc9d5e22308c9c500df0c83ff7c51976665a9c109ae3f79c4bd7880f67a781cf', '5d51170514db5bdfa28fc9762668de307a7d9eea36b87fcc72566af8edf9679f');
INSERT INTO events VALUES (4, 1, '2026-01-01T02:00:00Z', 'opened', 'finding', 'R-personclosed0000', '{"band":"medium","verdict":"open"}', '5d51170514db5bdfa28fc9762668de307a7d9eea36b87fcc72566af8edf9679f', '9bf7c119f0a36017d62c08ab569cb0c2a35c5a7e54f098d3713db9e45d414fbb');
INSERT INTO events VALUES (5, 1, '2026-01-01T02:00:00Z', 'closed', 'finding', 'R-scanclosed000000', '{"because":"the rule is false now","by":"scan"}', '9bf7c119f0a36017d62c08ab569cb0c2a35c5a7e54f098d3713db9e45d414fbb', 'aac0e1e556f57ba00b028f278a1a1f66cc20f7caa07ba55a474a85cb418e742c');
INSERT INTO events VALUES (6, 1, '2026-01-01T02:00:00Z', 'accepted', 'finding', 'R-accepted00000000', '{}', 'aac0e1e556f57ba00b028f278a1a1f66cc20f7caa07ba55a474a85cb418e742c', '505cfc970c4c429911cb006a76cd95fe2a519d04a25f8dbcaad4e9ff4e5d3c94');
INSERT INTO events VALUES (7, 1, '2026-01-01T02:00:00Z', 'closed', 'finding', 'R-personclosed0000', '{"by":"R. Owner"}', '505cfc970c4c429911cb006a76cd95fe2a519d04a25f8dbcaad4e9ff4e5d3c94', 'b0534a1a47bfe4d7a80dec0cd721069855de8ffdbfb21d8c33a23a69d870f09c');
