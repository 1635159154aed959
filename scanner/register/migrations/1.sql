-- 1 to 2: strong identifiers bind within a site.
CREATE TABLE identifiers_2 (uid TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, site TEXT NOT NULL,
    first_run INTEGER NOT NULL, last_run INTEGER NOT NULL, PRIMARY KEY (uid, kind, value)) STRICT;
INSERT INTO identifiers_2 SELECT i.uid, i.kind, i.value, coalesce(a.site, ''), i.first_run, i.last_run
FROM identifiers i LEFT JOIN assets a ON a.uid = i.uid;
DROP TABLE identifiers;
ALTER TABLE identifiers_2 RENAME TO identifiers;
CREATE UNIQUE INDEX identifiers_bind ON identifiers (value, site) WHERE kind IN ('strong', 'key');
PRAGMA user_version = 2;
