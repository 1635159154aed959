-- The register, schema 7. One file per site; open to anyone with `sqlite3`. Times are RFC 3339 UTC. JSON columns hold lists or
-- objects as herkomst prints them.
--
-- What happened is in `events`, which only grows: each row carries the hash of the one before it, so a gap or an edit shows.
-- The other tables hold the last known state: what the program saw is brought up to date by each run, what people decided is in
-- `work`, which no run touches but for the events that its comment names. Views put them together.

PRAGMA application_id = 1213352787;  -- "HRKS"
PRAGMA user_version = 7;

-- One row per scan: one transaction.
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    at TEXT NOT NULL,                -- the run's clock
    site TEXT NOT NULL,
    program TEXT NOT NULL,           -- "herkomst 0.1.0"
    vendordb TEXT NOT NULL,          -- version of the vendor data
    rules TEXT NOT NULL,             -- version of the rules
    people_devices INTEGER NOT NULL, -- phones and laptops with a randomised address: counted, not inventoried
    unknown_vendors TEXT NOT NULL,   -- JSON list: names on the network that the vendor data does not know
    networks TEXT NOT NULL DEFAULT '[]',  -- JSON list: where it looked, as /24 and /64 of what it saw
    assertions TEXT NOT NULL DEFAULT ''  -- digest of what people had said by then of who is who and what is what
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
    merged_into TEXT,                -- uid: this one turned out to be that one
    missed INTEGER NOT NULL DEFAULT 0,  -- runs in a row that looked where it was and did not see it
    said TEXT NOT NULL DEFAULT '',   -- digest of what was heard of it in the last run, before any of our data was held against it
    -- Whether it was ever heard on the network: observed; imported_only (all that is known of it comes from inventories, logs and
    -- tables that others wrote).
    observation TEXT NOT NULL DEFAULT 'observed'
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
    -- What the program saw last, the second axis beside what people decided: observed; imported_only (its subject, or every asset
    -- of it, is known from inventories alone); not_observed (its subject was not there, where the run looked); refuted (the rule
    -- is false of it now); out_of_scope (the run could not tell).
    observation TEXT NOT NULL DEFAULT 'observed',
    missed INTEGER NOT NULL DEFAULT 0,   -- runs in a row that did not see it, or saw that it is not so
    merged_into TEXT,                    -- finding: its asset turned out to be another one's
    last_event INTEGER NOT NULL DEFAULT 0,  -- events.seq of the last one that changed what this row says
    UNIQUE (rule, subject_kind, subject_key)
) STRICT;
CREATE INDEX findings_by_subject ON findings (subject_kind, subject_key);

-- What the self-assessment's criteria make of each finding that stands (rules/criteria), by the run; never a person's: his is
-- residual_band in `work`. Likelihood and impact are steps from 1 to 5. `residual` is with measures and fallbacks, `inherent`
-- without. What nobody knows counts as unfavourable, and lowers inputs_known. A rating is taken away with its finding, and when
-- its finding becomes a question.
CREATE TABLE ratings (
    finding TEXT PRIMARY KEY,
    criteria TEXT NOT NULL,          -- "zelfscan 1 sha256:0123456789ab"
    likelihood INTEGER NOT NULL,
    impact INTEGER NOT NULL,
    inherent TEXT NOT NULL,          -- low, medium, high, critical
    residual_likelihood INTEGER NOT NULL,
    residual_impact INTEGER NOT NULL,
    residual TEXT NOT NULL,
    inputs_known INTEGER NOT NULL,   -- that somebody answered, or the scan knows
    inputs_all INTEGER NOT NULL,
    considerations TEXT NOT NULL,    -- JSON object: "1", "2", "3A", "3B": yes, no, unknown
    decision TEXT NOT NULL,          -- of the criteria's table of decisions
    decision_nl TEXT NOT NULL,
    decision_en TEXT NOT NULL,
    inputs TEXT NOT NULL,            -- JSON object: question -> {value, from: nobody, scan, person}: it can be computed again
    run INTEGER NOT NULL REFERENCES runs,  -- that changed it last
    event INTEGER NOT NULL,          -- events.seq of the last one that changed it
    measures TEXT NOT NULL DEFAULT '{}'  -- JSON object: question -> answer that measures recorded at the finding stand for
) STRICT;

-- What people decided, one row per field; `event` is the event that says who, when and why. Empty values are rows that are gone.
--   finding    status owner due review_by response closure_reason accepted_by accepted_until accepted_band decided_condition
--              accepted_inherent accepted_residual (the rating when it was accepted) decided_at residual_likelihood residual_impact residual_band residual_why note
--   asset      name zone process owner purdue criticality retired note
--   measure    finding title kind state owner due effect cost
--   assertion  kind (same, not_same, is) a b field value state; a_names b_names (JSON: what each went by when it was said), before
--              these were kept: places
--   zone, process, supplier, site: owner note;  person: role;  setting: value
-- A run writes here in three cases, each with its event: a finding that nobody had judged yet is `new`; `reopened` puts a
-- decided finding back to `assessed`; and what stood at an asset that turned out to be another one is carried over.
CREATE TABLE work (
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (subject_kind, subject, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX measures_by_finding ON work (value) WHERE subject_kind = 'measure' AND field = 'finding';

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

-- Who was seen in a session with a server that takes one client or a few (a Modbus master, an engineering station): whoever asks
-- questions must not displace it. Addresses as they were on the network. A session that is not seen for 90 days is taken away.
CREATE TABLE sessions (
    site TEXT NOT NULL,
    server TEXT NOT NULL,            -- address
    service TEXT NOT NULL,           -- name of the decoder, or "tcp/502"
    client TEXT NOT NULL,            -- address; empty: not known
    last_seen TEXT NOT NULL,         -- on the network
    PRIMARY KEY (site, server, service, client)
) STRICT, WITHOUT ROWID;

-- What was not understood, per run.
CREATE TABLE coverage (
    run INTEGER NOT NULL REFERENCES runs,
    asked TEXT NOT NULL,
    outcome TEXT NOT NULL,
    subjects INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run, asked, outcome)
) STRICT;

-- Of the program: new (an asset, where it is not new by the network), opened, seen_again, changed, rated (only its rating is another), moved (a question that is asked of the
-- supplier or the site now), not_observed, out_of_scope, refuted, reopened (findings), missed, seen_after
-- (an asset that a person had put away), merged, split (assets), carried (to what a merge left), recorded (a run; `tables` in its
-- detail: a digest of every table that the program writes), sealed (these digests, after an act that changed them), unlike (what
-- somebody edited beside the program, found before anything else was written), migrated.
-- Of people, with "by", "role" and "reason" in the detail and what they set in "set": decided, accepted, closed, assigned, set,
-- asserted, withdrawn, answered, measured, merged, split, forgot, restored, signed.
-- hash = sha256(prev, seq, run, at, event, subject_kind, subject, digest), joined by line ends; digest = sha256(detail). Events from
-- before schema 3 have no digest, and their detail in its place. `forget` empties details and leaves their digests.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,            -- the last one then; 0: none yet
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    subject_kind TEXT NOT NULL,      -- finding, asset, answer, assertion, measure, run, register, ... (as in `work`)
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,            -- JSON object; empty: forgotten
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    digest TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX events_by_subject ON events (subject_kind, subject, seq);

-- The last event, so that taking away the end shows.
CREATE TABLE chain_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;

-- What the last interval of `listen` left in which nothing happened, for it has no event: one row, until an event says what the
-- tables hold. hash = sha256("herkomst-interim/1", hash of event seq, seq, after_run, tables), joined by line ends.
CREATE TABLE interim (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    after_run INTEGER NOT NULL,      -- that interval
    seq INTEGER NOT NULL,            -- the last event then
    tables TEXT NOT NULL,            -- JSON object: as `tables` in the detail of `recorded`
    hash TEXT NOT NULL
) STRICT;

-- What each row of the program's tables held when an event sealed them last (of tables with at most 50,000 rows), so that `verify`
-- names the row that was edited. Itself sealed with the tables; where it was edited too, or a quiet interval wrote that table since
-- then, verify names the table.
CREATE TABLE row_seals (
    name TEXT NOT NULL,              -- of the table
    key TEXT NOT NULL,               -- what the row is called
    digest TEXT NOT NULL,            -- first 16 digits of the SHA-256 of what it held
    PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;

-- Signatures (Ed25519) over "herkomst-register-head/1", seq, hash and time, joined by line ends, each with one at the end. Not
-- part of the chain: they are about it.
CREATE TABLE signatures (
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    key TEXT NOT NULL,               -- the public key (PEM)
    signature TEXT NOT NULL,         -- hexadecimal
    PRIMARY KEY (seq, key)
) STRICT;

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
WHEN NOT (NEW.detail = '' AND OLD.digest <> '' AND NEW.seq = OLD.seq AND NEW.run = OLD.run AND NEW.at = OLD.at
          AND NEW.event = OLD.event AND NEW.subject_kind = OLD.subject_kind AND NEW.subject = OLD.subject
          AND NEW.prev = OLD.prev AND NEW.hash = OLD.hash AND NEW.digest = OLD.digest)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_follow_each_other BEFORE INSERT ON events
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM events)
  OR NEW.prev <> coalesce((SELECT hash FROM events ORDER BY seq DESC LIMIT 1), '')
BEGIN SELECT RAISE(ABORT, 'an event follows the last one'); END;
CREATE TRIGGER events_move_the_head AFTER INSERT ON events
BEGIN INSERT OR REPLACE INTO chain_head VALUES (1, NEW.seq, NEW.hash); END;

-- Today's state of each finding: what the program saw and what people decided.
CREATE VIEW finding_state AS
SELECT f.*,
       coalesce(s.value, 'new') AS status,
       coalesce((SELECT at FROM events WHERE seq = s.event),
                (SELECT at FROM runs r WHERE r.run = f.first_run)) AS status_since,
       coalesce((SELECT value FROM work WHERE subject_kind = 'finding' AND subject = f.finding AND field = 'owner'), '') AS owner,
       coalesce((SELECT value FROM work WHERE subject_kind = 'finding' AND subject = f.finding AND field = 'due'), '') AS due,
       coalesce((SELECT value FROM work WHERE subject_kind = 'finding' AND subject = f.finding AND field = 'accepted_until'), '')
           AS accepted_until,
       (SELECT at FROM runs r WHERE r.run = f.first_run) AS opened_at,
       (SELECT at FROM runs r WHERE r.run = f.last_run) AS last_at,
       f.last_run = (SELECT max(run) FROM runs) AS seen_in_last_run,
       f.missed >= 3 OR f.observation = 'refuted' AS closure_candidate
FROM findings f
LEFT JOIN work s ON s.subject_kind = 'finding' AND s.subject = f.finding AND s.field = 'status';

-- The assets there are, without those that turned out to be another one.
CREATE VIEW asset_state AS
SELECT a.*, a.last_run = (SELECT max(run) FROM runs) AS seen_in_last_run
FROM assets a WHERE a.merged_into IS NULL;

-- Answers of people, all of them. `detail` holds question, scope, key, value, by, when, source, expires (register/answers.h): use
-- detail ->> '$.question' and so on. The latest by `when` counts, unless it was withdrawn.
CREATE VIEW answers AS
SELECT e.seq, e.at AS recorded, e.subject, e.detail,
       EXISTS (SELECT 1 FROM events w WHERE w.subject_kind = 'answer' AND w.subject = e.subject AND w.event = 'withdrawn'
               AND w.seq > e.seq) AS withdrawn
FROM events e WHERE e.subject_kind = 'answer' AND e.event = 'answered' AND e.detail <> '';

-- What people said of who is who, and what is what.
CREATE VIEW assertions AS
SELECT subject AS assertion, max(CASE field WHEN 'kind' THEN value END) AS kind, max(CASE field WHEN 'a' THEN value END) AS a,
       max(CASE field WHEN 'b' THEN value END) AS b, max(CASE field WHEN 'field' THEN value END) AS field,
       max(CASE field WHEN 'value' THEN value END) AS value, max(CASE field WHEN 'state' THEN value END) AS state, min(event) AS event
FROM work WHERE subject_kind = 'assertion' GROUP BY subject;
