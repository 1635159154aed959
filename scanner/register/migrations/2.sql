-- 2 to 3: what people decide stands apart from what the program saw; the chain covers its own end, and details can be forgotten.
DROP VIEW finding_state;
DROP VIEW asset_state;
DROP TRIGGER events_are_not_changed;
ALTER TABLE runs ADD COLUMN networks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE runs ADD COLUMN assertions TEXT NOT NULL DEFAULT '';
ALTER TABLE assets ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assets ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE findings ADD COLUMN observation TEXT NOT NULL DEFAULT 'observed';
ALTER TABLE findings ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE findings ADD COLUMN merged_into TEXT;
ALTER TABLE findings ADD COLUMN last_event INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN digest TEXT NOT NULL DEFAULT '';
CREATE INDEX findings_by_subject ON findings (subject_kind, subject_key);
CREATE TABLE work (
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (subject_kind, subject, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE chain_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
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
CREATE TRIGGER events_move_the_head AFTER INSERT ON events
BEGIN INSERT OR REPLACE INTO chain_head VALUES (1, NEW.seq, NEW.hash); END;
INSERT INTO chain_head SELECT 1, seq, hash FROM events ORDER BY seq DESC LIMIT 1;
-- The last event that decided: of a scan (it saw that the rule is false), of a merge, or of a person.
CREATE TEMP TABLE decisive AS
SELECT subject AS finding, max(seq) AS seq FROM events
WHERE subject_kind = 'finding' AND event IN ('opened', 'reopened', 'accepted', 'mitigated', 'closed', 'merged') GROUP BY subject;
UPDATE findings SET observation = 'refuted', missed = 1 WHERE finding IN (
    SELECT d.finding FROM decisive d JOIN events e ON e.seq = d.seq WHERE e.event = 'closed' AND e.detail ->> '$.by' = 'scan');
UPDATE findings SET merged_into = '' WHERE finding IN (
    SELECT d.finding FROM decisive d JOIN events e ON e.seq = d.seq WHERE e.event = 'merged');
INSERT INTO work SELECT 'finding', d.finding, 'status', CASE e.event WHEN 'accepted' THEN 'accepted' ELSE 'closed' END, d.seq
FROM decisive d JOIN events e ON e.seq = d.seq
WHERE e.event IN ('accepted', 'mitigated', 'closed') AND coalesce(e.detail ->> '$.by', '') <> 'scan';
DROP TABLE decisive;
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
CREATE VIEW asset_state AS
SELECT a.*, a.last_run = (SELECT max(run) FROM runs) AS seen_in_last_run
FROM assets a WHERE a.merged_into IS NULL;
CREATE VIEW answers AS
SELECT e.seq, e.at AS recorded, e.subject, e.detail,
       EXISTS (SELECT 1 FROM events w WHERE w.subject_kind = 'answer' AND w.subject = e.subject AND w.event = 'withdrawn'
               AND w.seq > e.seq) AS withdrawn
FROM events e WHERE e.subject_kind = 'answer' AND e.event = 'answered' AND e.detail <> '';
CREATE VIEW assertions AS
SELECT subject AS assertion, max(CASE field WHEN 'kind' THEN value END) AS kind, max(CASE field WHEN 'a' THEN value END) AS a,
       max(CASE field WHEN 'b' THEN value END) AS b, max(CASE field WHEN 'field' THEN value END) AS field,
       max(CASE field WHEN 'value' THEN value END) AS value, max(CASE field WHEN 'state' THEN value END) AS state, min(event) AS event
FROM work WHERE subject_kind = 'assertion' GROUP BY subject;
PRAGMA user_version = 3;
