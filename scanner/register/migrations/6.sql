-- 6 to 7. What each row of the program's tables held when it was sealed last.
CREATE TABLE row_seals (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 7;
