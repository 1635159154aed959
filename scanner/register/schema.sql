-- The register, schema 2. One file per site; open to anyone with `sqlite3`. Times are RFC 3339 UTC. JSON columns hold lists or
-- objects as herkomst prints them.
--
-- What happened is in `events`, which only grows: each row carries the hash of the one before it, so a gap or an edit shows.
-- The other tables hold the last known state and are brought up to date by each run; views put the two together.

PRAGMA application_id = 1213352787;  -- "HRKS"
PRAGMA user_version = 2;

-- One row per scan: one transaction.
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                -- the run's clock
    site TEXT NOT NULL,
    program TEXT NOT NULL,           -- "herkomst 0.1.0"
    vendordb TEXT NOT NULL,          -- version of the vendor data
    rules TEXT NOT NULL,             -- version of the rules
    people_devices INTEGER NOT NULL, -- phones and laptops with a randomised address: counted, not inventoried
    unknown_vendors TEXT NOT NULL    -- JSON list: names on the network that the vendor data does not know
) STRICT;

-- What a run read. `id` hashes size, first and last MiB; `path` as it was named.
CREATE TABLE sources (
    run INTEGER NOT NULL REFERENCES runs,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,              -- capture, inventory, interface
    sha256 TEXT NOT NULL,            -- empty: not asked for
    packets INTEGER NOT NULL,        -- or rows
    bytes INTEGER NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    usable INTEGER NOT NULL,
    problems TEXT NOT NULL,          -- JSON list of sentences
    PRIMARY KEY (run, position)
) STRICT;
CREATE INDEX sources_by_id ON sources (id, run);

-- A device, part, program or service. `uid` is minted once, from what named it first, and never computed again.
CREATE TABLE assets (
    number INTEGER PRIMARY KEY,      -- age: the oldest is the smallest
    uid TEXT NOT NULL UNIQUE,
    minted_from TEXT NOT NULL,       -- the identifier at first sight
    derived_key TEXT NOT NULL,       -- of the NDJSON, when last seen
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,            -- uid, or empty
    site TEXT NOT NULL,
    label TEXT NOT NULL,
    first_seen TEXT NOT NULL,        -- on the network
    last_seen TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES runs,
    last_run INTEGER NOT NULL REFERENCES runs,
    facts TEXT NOT NULL,             -- JSON object, as judged when last seen
    merged_into TEXT                 -- uid: this one turned out to be that one
) STRICT;

-- What names an asset. Strong ones bind a uid: a device that shows up again with any of them, at the same site, is the same.
-- Weak ones (ip, hostname, path) only describe. The derived key finds an asset again that has nothing better.
CREATE TABLE identifiers (
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,              -- strong, key, mac, ip, hostname, path
    value TEXT NOT NULL,
    site TEXT NOT NULL,              -- of the asset
    first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL,
    PRIMARY KEY (uid, kind, value)
) STRICT;
CREATE UNIQUE INDEX identifiers_bind ON identifiers (value, site) WHERE kind IN ('strong', 'key');

CREATE TABLE beliefs (
    uid TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    vendor TEXT NOT NULL,            -- slug, or empty
    vendor_name TEXT NOT NULL,
    strength TEXT NOT NULL,
    methods TEXT NOT NULL,           -- JSON list
    dissent TEXT NOT NULL,           -- JSON list: other values, strongest first
    contested INTEGER NOT NULL,
    run INTEGER NOT NULL,            -- the last that confirmed it
    PRIMARY KEY (uid, field)
) STRICT;

-- The evidence of today's state: claims of the last reading of each source.
CREATE TABLE claims (
    uid TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    vendor TEXT NOT NULL,
    strength TEXT NOT NULL,
    method TEXT NOT NULL,
    because TEXT NOT NULL,           -- of a derived claim: the observation it was derived from
    source TEXT NOT NULL,            -- sources.id
    frame INTEGER NOT NULL,          -- from 1; row of an inventory
    first_byte INTEGER NOT NULL,
    end_byte INTEGER NOT NULL,       -- past the last one
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    count INTEGER NOT NULL,
    subject TEXT NOT NULL            -- JSON: who said it
) STRICT;
CREATE INDEX claims_by_asset ON claims (uid, field);
CREATE INDEX claims_by_source ON claims (source);

-- The rules that judged, as they were worded then.
CREATE TABLE rules (
    rule TEXT NOT NULL,
    rule_hash TEXT NOT NULL,
    policy TEXT NOT NULL,
    version INTEGER NOT NULL,
    over TEXT NOT NULL,
    condition TEXT NOT NULL,         -- `when`
    likelihood TEXT NOT NULL,
    impact TEXT NOT NULL,
    PRIMARY KEY (rule, rule_hash)
) STRICT;

-- A finding is (rule, subject): a re-scan finds the same row again.
CREATE TABLE findings (
    finding TEXT PRIMARY KEY,
    policy TEXT NOT NULL,
    rule TEXT NOT NULL,
    version INTEGER NOT NULL,
    rule_hash TEXT NOT NULL,
    subject_kind TEXT NOT NULL,      -- asset, vendor, operator, jurisdiction, site
    subject_key TEXT NOT NULL,       -- uid, slug, country, name
    subject_nl TEXT NOT NULL,        -- how to call it
    subject_en TEXT NOT NULL,
    verdict TEXT NOT NULL,           -- open, question
    band TEXT NOT NULL,              -- low, medium, high, critical
    likelihood INTEGER NOT NULL,
    impact INTEGER NOT NULL,
    missing TEXT NOT NULL,           -- JSON list of facts
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    because_nl TEXT NOT NULL,
    because_en TEXT NOT NULL,
    advice_nl TEXT NOT NULL,
    advice_en TEXT NOT NULL,
    consideration TEXT NOT NULL,
    literature TEXT NOT NULL,        -- JSON list {title, address}
    facts TEXT NOT NULL,             -- JSON object: every fact the rule read; null: unknown
    evidence TEXT NOT NULL,          -- JSON list {source, frame, bytes}
    condition_hash TEXT NOT NULL,    -- of verdict, band, facts and rule: differs when something changed
    first_run INTEGER NOT NULL REFERENCES runs,
    last_run INTEGER NOT NULL REFERENCES runs,
    UNIQUE (rule, subject_kind, subject_key)
) STRICT;

-- Sums of the last run.
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
    members TEXT NOT NULL,           -- JSON list of uids
    PRIMARY KEY (kind, key)
) STRICT;

-- What was not understood, per run.
CREATE TABLE coverage (
    run INTEGER NOT NULL REFERENCES runs,
    asked TEXT NOT NULL,
    outcome TEXT NOT NULL,
    subjects INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run, asked, outcome)
) STRICT;

-- opened, seen_again, changed, accepted, mitigated, closed, reopened, answered, assigned (of findings; a "closed" of the program
-- has "by": "scan" in its detail, which facts changed, and is the only one that the program opens again); merged, split (of
-- assets; a finding of a merged asset is merged too). hash = sha256(prev, seq, run, at, event, subject_kind, subject, detail),
-- joined by line ends.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    subject_kind TEXT NOT NULL,      -- finding, asset
    subject TEXT NOT NULL,           -- findings.finding, assets.uid
    detail TEXT NOT NULL,            -- JSON object
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

-- Today's state of each finding: the last event that decides.
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

-- The assets there are, without those that turned out to be another one.
CREATE VIEW asset_state AS
SELECT a.*, a.last_run = (SELECT max(run) FROM runs) AS seen_in_last_run
FROM assets a WHERE a.merged_into IS NULL;
