-- 3 to 4: what the self-assessment's criteria make of each finding that stands. The next run fills it.
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
PRAGMA user_version = 4;
