-- 5 to 6. What the tables hold after an interval in which nothing happened.
CREATE TABLE interim (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    after_run INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    tables TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
PRAGMA user_version = 6;
