-- 4 to 5. Which assets were never heard on the network. What was found of them says so from the next run on.
ALTER TABLE assets ADD COLUMN observation TEXT NOT NULL DEFAULT 'observed';
UPDATE assets SET observation = 'imported_only'
WHERE uid IN (SELECT uid FROM claims WHERE source IN (SELECT id FROM sources WHERE kind = 'inventory'))
  AND uid NOT IN (SELECT uid FROM claims WHERE source IN (SELECT id FROM sources WHERE kind <> 'inventory'));
-- Measures that people recorded count in the residual rating.
ALTER TABLE ratings ADD COLUMN measures TEXT NOT NULL DEFAULT '{}';
PRAGMA user_version = 5;
