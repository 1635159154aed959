-- A register of schema 3 as the program of that day wrote it: one run over an inventory of three inverters, when the rule
-- solar-inverter-remote-control asked about each device. A person looks into the first of the three questions, the second is
-- accepted, nobody touched the third; one finding has a person's residual rating.
PRAGMA application_id = 1213352787;
PRAGMA user_version = 3;
BEGIN TRANSACTION;
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
    said TEXT NOT NULL DEFAULT ''    -- digest of what was heard of it in the last run, before any of our data was held against it
) STRICT;
INSERT INTO "assets" VALUES(1,'90f11ea9-2466-879b-a97f-63d57fd2a7f5','mac:00:00:5e:00:53:02','37fe017f5ff0ab89','device','','north','Example riverside RS50K','1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,1,'{"asset":"37fe017f5ff0ab89","brand":"Example riverside","category":"solar_inverter","compelled_cooperation":1,"control_country":"XA","control_status":"reported","country_lists":" ","function":"inverter","kind":"device","label":"Example riverside RS50K","maker":"riverside","maker_contested":0,"maker_lists":" ","maker_name":"Example riverside","maker_strength":"listed","model":"RS50K","nic_maker":"ICANN, IANA Department","oem_lists":" ","offensive_programme":1,"ordered_out":0,"plant_protocol":0,"power_device":1,"rated_power_contested":0,"site":"north","strained_relation":0}',NULL,0,'8eec37ed82dcc433');
INSERT INTO "assets" VALUES(2,'838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','mac:00:00:5e:00:53:01','da1ac2bb597945b9','device','','north','Example riverside RS50K','1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,1,'{"asset":"da1ac2bb597945b9","brand":"Example riverside","category":"solar_inverter","compelled_cooperation":1,"control_country":"XA","control_status":"reported","country_lists":" ","function":"inverter","kind":"device","label":"Example riverside RS50K","maker":"riverside","maker_contested":0,"maker_lists":" ","maker_name":"Example riverside","maker_strength":"listed","model":"RS50K","nic_maker":"ICANN, IANA Department","oem_lists":" ","offensive_programme":1,"ordered_out":0,"plant_protocol":0,"power_device":1,"rated_power_contested":0,"site":"north","strained_relation":0}',NULL,0,'674040e037104f16');
INSERT INTO "assets" VALUES(3,'186df292-9a80-86e1-8b4d-32ff18fcbfa7','mac:00:00:5e:00:53:03','fd83f60efcd2689b','device','','north','Example riverside RS50K','1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,1,'{"asset":"fd83f60efcd2689b","brand":"Example riverside","category":"solar_inverter","compelled_cooperation":1,"control_country":"XA","control_status":"reported","country_lists":" ","function":"inverter","kind":"device","label":"Example riverside RS50K","maker":"riverside","maker_contested":0,"maker_lists":" ","maker_name":"Example riverside","maker_strength":"listed","model":"RS50K","nic_maker":"ICANN, IANA Department","oem_lists":" ","offensive_programme":1,"ordered_out":0,"plant_protocol":0,"power_device":1,"rated_power_contested":0,"site":"north","strained_relation":0}',NULL,0,'fdb1f17d769508b7');
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
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','brand','Example riverside','riverside','Example riverside','listed','["csv.brand"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','category','solar_inverter','','','listed','["csv.category"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','function','inverter','','','listed','["function:category"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','location','roof','','','listed','["csv.location"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','maker','Example riverside','riverside','Example riverside','listed','["csv.brand"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','model','RS50K','','','listed','["csv.model"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','nic_maker','ICANN, IANA Department','','','hinted','["oui"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','purdue_level','1','','','hinted','["level:function"]','[]',0,1);
INSERT INTO "beliefs" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','serial','EX-2','','','listed','["csv.serial"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','brand','Example riverside','riverside','Example riverside','listed','["csv.brand"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','category','solar_inverter','','','listed','["csv.category"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','function','inverter','','','listed','["function:category"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','location','roof','','','listed','["csv.location"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','maker','Example riverside','riverside','Example riverside','listed','["csv.brand"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','model','RS50K','','','listed','["csv.model"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','nic_maker','ICANN, IANA Department','','','hinted','["oui"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','purdue_level','1','','','hinted','["level:function"]','[]',0,1);
INSERT INTO "beliefs" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','serial','EX-1','','','listed','["csv.serial"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','brand','Example riverside','riverside','Example riverside','listed','["csv.brand"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','category','solar_inverter','','','listed','["csv.category"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','function','inverter','','','listed','["function:category"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','location','roof','','','listed','["csv.location"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','maker','Example riverside','riverside','Example riverside','listed','["csv.brand"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','model','RS50K','','','listed','["csv.model"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','nic_maker','ICANN, IANA Department','','','hinted','["oui"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','purdue_level','1','','','hinted','["level:function"]','[]',0,1);
INSERT INTO "beliefs" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','serial','EX-3','','','listed','["csv.serial"]','[]',0,1);
CREATE TABLE chain_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO "chain_head" VALUES(1,19,'6399f32a87503c4fd1ee90bb478ce18ed89947d47bbe19f909c15b95ee185926');
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
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','brand','Example riverside','riverside','listed','csv.brand','','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','category','solar_inverter','','listed','csv.category','','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','function','inverter','','listed','function:category','category=solar_inverter','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','location','roof','','listed','csv.location','','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','maker','Example riverside','riverside','listed','alias:csv.brand','brand=Example riverside','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','model','RS50K','','listed','csv.model','','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','nic_maker','ICANN, IANA Department','','hinted','oui','mac=00:00:5e:00:53:02','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','purdue_level','1','','hinted','level:function','function=inverter','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','serial','EX-2','','listed','csv.serial','','aaa12fe9fdfc39d0',3,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.12","mac":"00:00:5e:00:53:02","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','brand','Example riverside','riverside','listed','csv.brand','','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','category','solar_inverter','','listed','csv.category','','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','function','inverter','','listed','function:category','category=solar_inverter','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','location','roof','','listed','csv.location','','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','maker','Example riverside','riverside','listed','alias:csv.brand','brand=Example riverside','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','model','RS50K','','listed','csv.model','','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','nic_maker','ICANN, IANA Department','','hinted','oui','mac=00:00:5e:00:53:01','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','purdue_level','1','','hinted','level:function','function=inverter','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','serial','EX-1','','listed','csv.serial','','aaa12fe9fdfc39d0',2,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.11","mac":"00:00:5e:00:53:01","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','brand','Example riverside','riverside','listed','csv.brand','','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','category','solar_inverter','','listed','csv.category','','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','function','inverter','','listed','function:category','category=solar_inverter','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','location','roof','','listed','csv.location','','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','maker','Example riverside','riverside','listed','alias:csv.brand','brand=Example riverside','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','model','RS50K','','listed','csv.model','','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','nic_maker','ICANN, IANA Department','','hinted','oui','mac=00:00:5e:00:53:03','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','purdue_level','1','','hinted','level:function','function=inverter','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
INSERT INTO "claims" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','serial','EX-3','','listed','csv.serial','','aaa12fe9fdfc39d0',4,0,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'{"ip":"192.0.2.13","mac":"00:00:5e:00:53:03","site":"north"}');
CREATE TABLE coverage (
    run INTEGER NOT NULL REFERENCES runs,
    asked TEXT NOT NULL,
    outcome TEXT NOT NULL,
    subjects INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run, asked, outcome)
) STRICT;
INSERT INTO "coverage" VALUES(1,'csv','column not understood',0,1);
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
INSERT INTO "events" VALUES(1,1,'2026-03-01T08:00:00Z','opened','finding','R-yrqzxp05gzmk4k5k','{"band":"high","condition":"be579daafe8b1d78","verdict":"question"}','','ac6a26b7cdd702865b8185ba70bb83533eb1dba145a31f0a61e26a46a692b3ff','dc70d67c88c6acb5a50f8d42b762e8e6bccd7d91c0ca32ee2b02c4f157998ad7');
INSERT INTO "events" VALUES(2,1,'2026-03-01T08:00:00Z','opened','finding','R-0hrz9e3q7bfq240c','{"band":"high","condition":"be579daafe8b1d78","verdict":"question"}','ac6a26b7cdd702865b8185ba70bb83533eb1dba145a31f0a61e26a46a692b3ff','c6e358b97e208f7c149ffc25f571baee84a8e934f35b0f3e21957b865472dcf5','dc70d67c88c6acb5a50f8d42b762e8e6bccd7d91c0ca32ee2b02c4f157998ad7');
INSERT INTO "events" VALUES(3,1,'2026-03-01T08:00:00Z','opened','finding','R-54q1qb2jpstfzeve','{"band":"high","condition":"be579daafe8b1d78","verdict":"question"}','c6e358b97e208f7c149ffc25f571baee84a8e934f35b0f3e21957b865472dcf5','2a12b1c77847ec23c5b6182b14a54df767f6b9989e8e7ca4b66505147138460f','dc70d67c88c6acb5a50f8d42b762e8e6bccd7d91c0ca32ee2b02c4f157998ad7');
INSERT INTO "events" VALUES(4,1,'2026-03-01T08:00:00Z','opened','finding','R-en1dv36nm17t8172','{"band":"medium","condition":"cf5083b4d1ade47e","verdict":"open"}','2a12b1c77847ec23c5b6182b14a54df767f6b9989e8e7ca4b66505147138460f','82a50061881a2a6f6fb86eeec370d8d436233dd7b66f385373e8ad9912d7ef2c','05ff89baa9cdcae4081013359ec42d69c85fb3fc897a878ac82427faf8be5e5d');
INSERT INTO "events" VALUES(5,1,'2026-03-01T08:00:00Z','opened','finding','R-pmd1w6ct40z9ypgj','{"band":"medium","condition":"cf5083b4d1ade47e","verdict":"open"}','82a50061881a2a6f6fb86eeec370d8d436233dd7b66f385373e8ad9912d7ef2c','89fbb7995ec8f61efdbf66c9b6a6626297d3155978a0f3504005e27963e9b7a9','05ff89baa9cdcae4081013359ec42d69c85fb3fc897a878ac82427faf8be5e5d');
INSERT INTO "events" VALUES(6,1,'2026-03-01T08:00:00Z','opened','finding','R-grgvbnq35dd66ez5','{"band":"medium","condition":"cf5083b4d1ade47e","verdict":"open"}','89fbb7995ec8f61efdbf66c9b6a6626297d3155978a0f3504005e27963e9b7a9','dca4352677e6f6c562ebecd01691886e383f47ba320cdb9f389ec43499a403b2','05ff89baa9cdcae4081013359ec42d69c85fb3fc897a878ac82427faf8be5e5d');
INSERT INTO "events" VALUES(7,1,'2026-03-01T08:00:00Z','recorded','run','1','{"assets":3,"findings":6,"program":"herkomst 0.1.0","rules":"riverpack sha256:f6eae0dbfc01","site":"north","sources":["aaa12fe9fdfc39d0"],"vendordb":"2026-11-27 sha256:64afbb1ddb6e + overlay sha256:cab250c88874"}','dca4352677e6f6c562ebecd01691886e383f47ba320cdb9f389ec43499a403b2','559e8c02cf69f81a606caf1ea9182194ea09c59436264d132ac965fbeab264b4','0c8221a53f4de98f81e286a05f85fb6384770579f5af9e986611d6551e8074c5');
INSERT INTO "events" VALUES(8,1,'2026-03-02T08:00:00Z','decided','finding','R-54q1qb2jpstfzeve','{"by":"A.Analyst","from":"new","reason":"asked the supplier","role":"analyst","set":{"status":"investigating"}}','559e8c02cf69f81a606caf1ea9182194ea09c59436264d132ac965fbeab264b4','9186096ebbc2c33ae39b0f2f7eba3d7859278b8b09d7a3f7e4b0a489ddb10819','eee36381b4e1d8dbf529e47e1a04f74ac8e684cd88d0da5451962f584ae80d4a');
INSERT INTO "events" VALUES(9,1,'2026-03-02T08:00:00Z','set','finding','R-54q1qb2jpstfzeve','{"by":"A.Analyst","reason":"known","role":"analyst","set":{"note":"supplier answers in April","owner":"R.Owner"}}','9186096ebbc2c33ae39b0f2f7eba3d7859278b8b09d7a3f7e4b0a489ddb10819','e395ad9fea07816ab0de1329e5c44b8dda0780ff35063a5aae7974c153d82c2e','272109499093dc46a4bd4bfcde89ae1746eeec45b4bc3bcde64b2284e2c54c1a');
INSERT INTO "events" VALUES(10,1,'2026-03-02T08:00:00Z','measured','measure','M-10','{"by":"A.Analyst","reason":"plan","role":"analyst","set":{"due":"2026-09-01","finding":"R-54q1qb2jpstfzeve","kind":"block_egress","owner":"R.Owner","state":"planned","title":"Firewall"}}','e395ad9fea07816ab0de1329e5c44b8dda0780ff35063a5aae7974c153d82c2e','094bb188f2e037a1c29fcc77cb0a97ead2af5f8b21f744cda807567306c615ff','bc551d2c7715ad24697d9741583045788034e92fc0592448c1ba2bbd4926d7e9');
INSERT INTO "events" VALUES(11,1,'2026-03-02T08:00:00Z','assigned','finding','R-0hrz9e3q7bfq240c','{"by":"R.Owner","reason":"mine","role":"owner","set":{"owner":"R.Owner"}}','094bb188f2e037a1c29fcc77cb0a97ead2af5f8b21f744cda807567306c615ff','3d9d7dc2ca4f8c41d97f5922919dd2785da81f08efad32105936dccde3ef9fdc','6f94d50999ea2e03850951a3f675de8146883a3aab6361033e4e4df901c6eb5b');
INSERT INTO "events" VALUES(12,1,'2026-03-02T08:00:00Z','decided','finding','R-0hrz9e3q7bfq240c','{"by":"R.Owner","from":"new","reason":"step","role":"owner","set":{"status":"investigating"}}','3d9d7dc2ca4f8c41d97f5922919dd2785da81f08efad32105936dccde3ef9fdc','b7f4201338ba29b74354c86d4ff9c0b855aa2909d4bbff983739b60e08734a24','1e11dbb9d88172c3a9417aa5a29dfe30e7537e4122b205080f53a6c63c6492c4');
INSERT INTO "events" VALUES(13,1,'2026-03-02T08:00:00Z','decided','finding','R-0hrz9e3q7bfq240c','{"by":"R.Owner","from":"investigating","reason":"step","role":"owner","set":{"status":"assessed"}}','b7f4201338ba29b74354c86d4ff9c0b855aa2909d4bbff983739b60e08734a24','ac0c20fffd2967667e5711e532d90c59f0e546b06e9f4d63d5814dcaf5bdcf89','9afaaaef40ab5c626290859d1f683bd473a5e67ee32fbb07ca2a32b538d903e1');
INSERT INTO "events" VALUES(14,1,'2026-03-02T08:00:00Z','decided','finding','R-0hrz9e3q7bfq240c','{"by":"R.Owner","from":"assessed","reason":"step","role":"owner","set":{"requested_by":"R.Owner","status":"acceptance_requested"}}','ac0c20fffd2967667e5711e532d90c59f0e546b06e9f4d63d5814dcaf5bdcf89','8ca7fb4b9fd1fc94977a1623adbf6a53abac91421412a62b3e4dcea198674948','653d1b4d283242d8c6bfb894ced795010600bc961713ec4daf64837f9ebc7a6d');
INSERT INTO "events" VALUES(15,1,'2026-03-02T09:00:00Z','accepted','finding','R-0hrz9e3q7bfq240c','{"by":"R.Owner","from":"acceptance_requested","reason":"small","role":"owner","set":{"accepted_band":"high","accepted_by":"R.Owner","accepted_until":"2026-12-01","decided_at":"2026-03-02T09:00:00Z","decided_condition":"be579daafe8b1d78","requested_by":null,"status":"accepted"}}','8ca7fb4b9fd1fc94977a1623adbf6a53abac91421412a62b3e4dcea198674948','083732b8f63f54de11751f9c32d4afccc87af9679031792e99ef233abf194a88','4f87845bb76f5ccbb861cfc8d990faaf2b6cc07da343f11ec54e4361bdc0564b');
INSERT INTO "events" VALUES(16,1,'2026-03-02T09:00:00Z','decided','finding','R-grgvbnq35dd66ez5','{"by":"R.Owner","from":"new","reason":"x","role":"owner","set":{"status":"assessed"}}','083732b8f63f54de11751f9c32d4afccc87af9679031792e99ef233abf194a88','cbc406faab8b7d218f16ec1e95efed9a6e7af318e8811f4050fae5b3860d7b42','605cea6e4550b6b85feaf59f139a56994d07c1430023f86605cf5009d32b07f7');
INSERT INTO "events" VALUES(17,1,'2026-03-02T09:00:00Z','decided','finding','R-grgvbnq35dd66ez5','{"by":"R.Owner","from":"assessed","reason":"x","role":"owner","set":{"status":"investigating"}}','cbc406faab8b7d218f16ec1e95efed9a6e7af318e8811f4050fae5b3860d7b42','628ead9f8cafbf5333ab63a9a6c7cb599149d70508d6852b43285efcb48ee4c7','dfe3b0ff89e84d55ed712ecfd2dcbc18c5661a93a2e40d275b4ed28f40031e44');
INSERT INTO "events" VALUES(18,1,'2026-03-02T09:00:00Z','decided','finding','R-grgvbnq35dd66ez5','{"by":"R.Owner","from":"investigating","reason":"x","role":"owner","set":{"status":"assessed"}}','628ead9f8cafbf5333ab63a9a6c7cb599149d70508d6852b43285efcb48ee4c7','fe64c8c66d48f1d62648ae9da50bf5605e7d70b2ab579939f2b4f90d1bfe1032','1b79bedf8c2ece95ecbba862d01710a8d7aa946f534057ac4abb27051bec081d');
INSERT INTO "events" VALUES(19,1,'2026-03-02T10:00:00Z','set','finding','R-grgvbnq35dd66ez5','{"by":"A.Analyst","reason":"seen","role":"analyst","set":{"residual_band":"medium","residual_impact":"3","residual_likelihood":"2","residual_why":"behind a firewall"}}','fe64c8c66d48f1d62648ae9da50bf5605e7d70b2ab579939f2b4f90d1bfe1032','6399f32a87503c4fd1ee90bb478ce18ed89947d47bbe19f909c15b95ee185926','0a4a85103a194721943e1f793249bb671780f11ade50fae41ea3748ebc54b265');
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
    -- What the program saw last, the second axis beside what people decided: observed; not_observed (its subject was not there,
    -- where the run looked); refuted (the rule is false of it now); out_of_scope (the run could not tell).
    observation TEXT NOT NULL DEFAULT 'observed',
    missed INTEGER NOT NULL DEFAULT 0,   -- runs in a row that did not see it, or saw that it is not so
    merged_into TEXT,                    -- finding: its asset turned out to be another one's
    last_event INTEGER NOT NULL DEFAULT 0,  -- events.seq of the last one that changed what this row says
    UNIQUE (rule, subject_kind, subject_key)
) STRICT;
INSERT INTO "findings" VALUES('R-yrqzxp05gzmk4k5k','riverpack','solar-inverter-remote-control',2,'d6f7b74519e0','asset','90f11ea9-2466-879b-a97f-63d57fd2a7f5','Example riverside RS50K','Example riverside RS50K','question','high',3,4,'["remote_documented","remote_exposed","remote_observed"]','Omvormer van een leverancier met verhoogd risico is op afstand aan te sturen','Inverter of a supplier with raised risk can be controlled remotely','Example riverside RS50K is een omvormer. Fabrikant: Example riverside. Land van zeggenschap over de fabrikant: Landa. Wie een omvormer op afstand kan schakelen of bijregelen, kan de levering van stroom onderbreken.','Example riverside RS50K is an inverter. Maker: Example riverside. Jurisdiction of control over the maker: Landia. Whoever can switch or set an inverter remotely can interrupt the supply of power.','Bepaal of beheersmaatregelen mogelijk en realiseerbaar zijn (overweging 3B): lokale aansturing, verkeer naar buiten afsluiten, updates zelf vrijgeven. Zo ja: voer ze uit en laat de risico-eigenaar het restrisico aanvaarden. Zo nee: vervang, faseer uit of koppel af, en informeer het bestuur.','Find out whether controls are possible and feasible (consideration 3B): local control, closing outbound traffic, releasing updates yourself. If so, put them in place and let the risk owner accept the residual risk. If not, replace, phase out or disconnect, and inform the board.','1,2,3A','[{"address":"https://berthub.eu/tkconv/document.html?nummer=2025D45516","title":"Kamerstuk 36 764, nr. 8 (4 november 2025), p. 77-78: overwegingen 1, 2, 3A en 3B"},{"address":"","title":"Cyberbeveiligingsbesluit (Stb. 2026, 189), art. 7 en 10"}]','{"category":"solar_inverter","compelled_cooperation":1,"control_country":"XA","label":"Example riverside RS50K","maker_name":"Example riverside","offensive_programme":1,"rated_power":null,"remote_blocked":null,"remote_documented":null,"remote_exposed":null,"remote_observed":null,"state_control":null,"strained_relation":0}','[{"frame":3,"source":"aaa12fe9fdfc39d0"}]','be579daafe8b1d78',1,1,'observed',0,NULL,1);
INSERT INTO "findings" VALUES('R-0hrz9e3q7bfq240c','riverpack','solar-inverter-remote-control',2,'d6f7b74519e0','asset','838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','Example riverside RS50K','Example riverside RS50K','question','high',3,4,'["remote_documented","remote_exposed","remote_observed"]','Omvormer van een leverancier met verhoogd risico is op afstand aan te sturen','Inverter of a supplier with raised risk can be controlled remotely','Example riverside RS50K is een omvormer. Fabrikant: Example riverside. Land van zeggenschap over de fabrikant: Landa. Wie een omvormer op afstand kan schakelen of bijregelen, kan de levering van stroom onderbreken.','Example riverside RS50K is an inverter. Maker: Example riverside. Jurisdiction of control over the maker: Landia. Whoever can switch or set an inverter remotely can interrupt the supply of power.','Bepaal of beheersmaatregelen mogelijk en realiseerbaar zijn (overweging 3B): lokale aansturing, verkeer naar buiten afsluiten, updates zelf vrijgeven. Zo ja: voer ze uit en laat de risico-eigenaar het restrisico aanvaarden. Zo nee: vervang, faseer uit of koppel af, en informeer het bestuur.','Find out whether controls are possible and feasible (consideration 3B): local control, closing outbound traffic, releasing updates yourself. If so, put them in place and let the risk owner accept the residual risk. If not, replace, phase out or disconnect, and inform the board.','1,2,3A','[{"address":"https://berthub.eu/tkconv/document.html?nummer=2025D45516","title":"Kamerstuk 36 764, nr. 8 (4 november 2025), p. 77-78: overwegingen 1, 2, 3A en 3B"},{"address":"","title":"Cyberbeveiligingsbesluit (Stb. 2026, 189), art. 7 en 10"}]','{"category":"solar_inverter","compelled_cooperation":1,"control_country":"XA","label":"Example riverside RS50K","maker_name":"Example riverside","offensive_programme":1,"rated_power":null,"remote_blocked":null,"remote_documented":null,"remote_exposed":null,"remote_observed":null,"state_control":null,"strained_relation":0}','[{"frame":2,"source":"aaa12fe9fdfc39d0"}]','be579daafe8b1d78',1,1,'observed',0,NULL,2);
INSERT INTO "findings" VALUES('R-54q1qb2jpstfzeve','riverpack','solar-inverter-remote-control',2,'d6f7b74519e0','asset','186df292-9a80-86e1-8b4d-32ff18fcbfa7','Example riverside RS50K','Example riverside RS50K','question','high',3,4,'["remote_documented","remote_exposed","remote_observed"]','Omvormer van een leverancier met verhoogd risico is op afstand aan te sturen','Inverter of a supplier with raised risk can be controlled remotely','Example riverside RS50K is een omvormer. Fabrikant: Example riverside. Land van zeggenschap over de fabrikant: Landa. Wie een omvormer op afstand kan schakelen of bijregelen, kan de levering van stroom onderbreken.','Example riverside RS50K is an inverter. Maker: Example riverside. Jurisdiction of control over the maker: Landia. Whoever can switch or set an inverter remotely can interrupt the supply of power.','Bepaal of beheersmaatregelen mogelijk en realiseerbaar zijn (overweging 3B): lokale aansturing, verkeer naar buiten afsluiten, updates zelf vrijgeven. Zo ja: voer ze uit en laat de risico-eigenaar het restrisico aanvaarden. Zo nee: vervang, faseer uit of koppel af, en informeer het bestuur.','Find out whether controls are possible and feasible (consideration 3B): local control, closing outbound traffic, releasing updates yourself. If so, put them in place and let the risk owner accept the residual risk. If not, replace, phase out or disconnect, and inform the board.','1,2,3A','[{"address":"https://berthub.eu/tkconv/document.html?nummer=2025D45516","title":"Kamerstuk 36 764, nr. 8 (4 november 2025), p. 77-78: overwegingen 1, 2, 3A en 3B"},{"address":"","title":"Cyberbeveiligingsbesluit (Stb. 2026, 189), art. 7 en 10"}]','{"category":"solar_inverter","compelled_cooperation":1,"control_country":"XA","label":"Example riverside RS50K","maker_name":"Example riverside","offensive_programme":1,"rated_power":null,"remote_blocked":null,"remote_documented":null,"remote_exposed":null,"remote_observed":null,"state_control":null,"strained_relation":0}','[{"frame":4,"source":"aaa12fe9fdfc39d0"}]','be579daafe8b1d78',1,1,'observed',0,NULL,3);
INSERT INTO "findings" VALUES('R-en1dv36nm17t8172','riverpack','origin',1,'b019cfc41f2b','asset','90f11ea9-2466-879b-a97f-63d57fd2a7f5','Example riverside RS50K','Example riverside RS50K','open','medium',3,3,'[]','Herkomst','Origin','Om Example riverside RS50K.','Because of Example riverside RS50K.','Doe iets.','Do something.','1','[{"address":"","title":"An act"}]','{"compelled_cooperation":1,"kind":"device","label":"Example riverside RS50K"}','[{"frame":3,"source":"aaa12fe9fdfc39d0"}]','cf5083b4d1ade47e',1,1,'observed',0,NULL,4);
INSERT INTO "findings" VALUES('R-pmd1w6ct40z9ypgj','riverpack','origin',1,'b019cfc41f2b','asset','838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','Example riverside RS50K','Example riverside RS50K','open','medium',3,3,'[]','Herkomst','Origin','Om Example riverside RS50K.','Because of Example riverside RS50K.','Doe iets.','Do something.','1','[{"address":"","title":"An act"}]','{"compelled_cooperation":1,"kind":"device","label":"Example riverside RS50K"}','[{"frame":2,"source":"aaa12fe9fdfc39d0"}]','cf5083b4d1ade47e',1,1,'observed',0,NULL,5);
INSERT INTO "findings" VALUES('R-grgvbnq35dd66ez5','riverpack','origin',1,'b019cfc41f2b','asset','186df292-9a80-86e1-8b4d-32ff18fcbfa7','Example riverside RS50K','Example riverside RS50K','open','medium',3,3,'[]','Herkomst','Origin','Om Example riverside RS50K.','Because of Example riverside RS50K.','Doe iets.','Do something.','1','[{"address":"","title":"An act"}]','{"compelled_cooperation":1,"kind":"device","label":"Example riverside RS50K"}','[{"frame":4,"source":"aaa12fe9fdfc39d0"}]','cf5083b4d1ade47e',1,1,'observed',0,NULL,6);
CREATE TABLE identifiers (
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,              -- strong, key, mac, ip, hostname, path
    value TEXT NOT NULL,
    site TEXT NOT NULL,              -- of the asset
    first_run INTEGER NOT NULL,
    last_run INTEGER NOT NULL,
    PRIMARY KEY (uid, kind, value)
) STRICT;
INSERT INTO "identifiers" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','key','key:37fe017f5ff0ab89','north',1,1);
INSERT INTO "identifiers" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','strong','mac:00:00:5e:00:53:02','north',1,1);
INSERT INTO "identifiers" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','mac','00:00:5e:00:53:02','north',1,1);
INSERT INTO "identifiers" VALUES('90f11ea9-2466-879b-a97f-63d57fd2a7f5','ip','192.0.2.12','north',1,1);
INSERT INTO "identifiers" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','key','key:da1ac2bb597945b9','north',1,1);
INSERT INTO "identifiers" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','strong','mac:00:00:5e:00:53:01','north',1,1);
INSERT INTO "identifiers" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','mac','00:00:5e:00:53:01','north',1,1);
INSERT INTO "identifiers" VALUES('838dcc9d-7708-8a6f-a6f5-1ac6e26dd567','ip','192.0.2.11','north',1,1);
INSERT INTO "identifiers" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','key','key:fd83f60efcd2689b','north',1,1);
INSERT INTO "identifiers" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','strong','mac:00:00:5e:00:53:03','north',1,1);
INSERT INTO "identifiers" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','mac','00:00:5e:00:53:03','north',1,1);
INSERT INTO "identifiers" VALUES('186df292-9a80-86e1-8b4d-32ff18fcbfa7','ip','192.0.2.13','north',1,1);
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
INSERT INTO "rules" VALUES('control-measures-3b','135751d354a1','riverpack',1,'facts','known(power_device) AND power_device = 1 AND (compelled_cooperation = 1 OR state_control = 1) AND (offensive_programme = 1 OR strained_relation = 1) AND ((known(remote_documented) AND remote_documented = 1) OR (known(remote_exposed) AND remote_exposed = 1) OR (known(remote_observed) AND remote_observed = 1)) AND remote_blocked = 0','4','3 + (rated_power >= 20000) + (rated_power >= 100000)');
INSERT INTO "rules" VALUES('origin','b019cfc41f2b','riverpack',1,'facts','known(compelled_cooperation) AND compelled_cooperation = 1 AND kind = ''device''','3','3');
INSERT INTO "rules" VALUES('solar-inverter-remote-control','d6f7b74519e0','riverpack',2,'facts','known(category) AND category IN (''solar_inverter'', ''hybrid_inverter'', ''microinverter'', ''optimizer'') AND (compelled_cooperation = 1 OR state_control = 1) AND (offensive_programme = 1 OR strained_relation = 1) AND (remote_documented = 1 OR remote_exposed = 1 OR remote_observed = 1)','3 + (known(remote_observed) AND remote_observed = 1) - 2 * (known(remote_blocked) AND remote_blocked = 1)','3 + (rated_power >= 20000) + (rated_power >= 100000)');
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
INSERT INTO "runs" VALUES(1,'2026-03-01T08:00:00Z','north','herkomst 0.1.0','2026-11-27 sha256:64afbb1ddb6e + overlay sha256:cab250c88874','riverpack sha256:f6eae0dbfc01',0,'[]','[]','');
CREATE TABLE signatures (
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    key TEXT NOT NULL,               -- the public key (PEM)
    signature TEXT NOT NULL,         -- hexadecimal
    PRIMARY KEY (seq, key)
) STRICT;
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
INSERT INTO "sources" VALUES(1,1,'aaa12fe9fdfc39d0','old/assets.csv','inventory','',3,0,'1970-01-01T00:00:00Z','1970-01-01T00:00:00Z',1,'[]');
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
INSERT INTO "sums" VALUES('jurisdiction','XA','Landa','Landia',3,3,0,3,0,0,0,3,'{"assets":3,"blocked_power_at_least":0,"compelled_cooperation":1,"control_country":"XA","country_lists":" ","critical_assets":0,"documented_power_at_least":0,"exposed_power_at_least":0,"internet_assets":0,"key":"XA","kind":"jurisdiction","label":"Landia","maker_unknown_assets":0,"observed_power_at_least":0,"offensive_programme":1,"portfolio_share_at_least":0,"power_assets":3,"power_assets_share":0,"power_assets_share_at_least":0,"power_contested_assets":0,"power_unknown_assets":3,"rated_power_at_least":0,"remote_service_assets":0,"site_rated_power_at_least":0,"site_share_at_least":0,"strained_relation":0,"switchable_assets":0,"switchable_maybe_assets":3,"switchable_power_at_least":0,"unidentified_assets":0}','["186df292-9a80-86e1-8b4d-32ff18fcbfa7","838dcc9d-7708-8a6f-a6f5-1ac6e26dd567","90f11ea9-2466-879b-a97f-63d57fd2a7f5"]');
INSERT INTO "sums" VALUES('site','north','north','north',3,3,0,3,0,0,0,3,'{"assets":3,"blocked_power_at_least":0,"critical_assets":0,"documented_power_at_least":0,"exposed_power_at_least":0,"internet_assets":0,"key":"north","kind":"site","label":"north","maker_unknown_assets":0,"observed_power_at_least":0,"portfolio_share_at_least":0,"power_assets":3,"power_assets_share":0,"power_assets_share_at_least":0,"power_contested_assets":0,"power_unknown_assets":3,"rated_power_at_least":0,"remote_service_assets":0,"site_rated_power_at_least":0,"site_share_at_least":0,"switchable_assets":0,"switchable_maybe_assets":3,"switchable_power_at_least":0,"unidentified_assets":0}','["186df292-9a80-86e1-8b4d-32ff18fcbfa7","838dcc9d-7708-8a6f-a6f5-1ac6e26dd567","90f11ea9-2466-879b-a97f-63d57fd2a7f5"]');
INSERT INTO "sums" VALUES('vendor','riverside','Example riverside','Example riverside',3,3,0,3,0,0,0,3,'{"assets":3,"blocked_power_at_least":0,"compelled_cooperation":1,"control_country":"XA","country_lists":" ","critical_assets":0,"documented_power_at_least":0,"exposed_power_at_least":0,"internet_assets":0,"key":"riverside","kind":"vendor","label":"Example riverside","maker_lists":" ","maker_unknown_assets":0,"observed_power_at_least":0,"offensive_programme":1,"portfolio_share_at_least":0,"power_assets":3,"power_assets_share":100,"power_assets_share_at_least":100,"power_contested_assets":0,"power_unknown_assets":3,"rated_power_at_least":0,"remote_service_assets":0,"site_rated_power_at_least":0,"site_share_at_least":0,"strained_relation":0,"switchable_assets":0,"switchable_maybe_assets":3,"switchable_power_at_least":0,"unidentified_assets":0}','["186df292-9a80-86e1-8b4d-32ff18fcbfa7","838dcc9d-7708-8a6f-a6f5-1ac6e26dd567","90f11ea9-2466-879b-a97f-63d57fd2a7f5"]');
CREATE TABLE work (
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (subject_kind, subject, field)
) STRICT, WITHOUT ROWID;
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','accepted_band','high',15);
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','accepted_by','R.Owner',15);
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','accepted_until','2026-12-01',15);
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','decided_at','2026-03-02T09:00:00Z',15);
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','decided_condition','be579daafe8b1d78',15);
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','owner','R.Owner',11);
INSERT INTO "work" VALUES('finding','R-0hrz9e3q7bfq240c','status','accepted',15);
INSERT INTO "work" VALUES('finding','R-54q1qb2jpstfzeve','note','supplier answers in April',9);
INSERT INTO "work" VALUES('finding','R-54q1qb2jpstfzeve','owner','R.Owner',9);
INSERT INTO "work" VALUES('finding','R-54q1qb2jpstfzeve','status','investigating',8);
INSERT INTO "work" VALUES('finding','R-grgvbnq35dd66ez5','residual_band','medium',19);
INSERT INTO "work" VALUES('finding','R-grgvbnq35dd66ez5','residual_impact','3',19);
INSERT INTO "work" VALUES('finding','R-grgvbnq35dd66ez5','residual_likelihood','2',19);
INSERT INTO "work" VALUES('finding','R-grgvbnq35dd66ez5','residual_why','behind a firewall',19);
INSERT INTO "work" VALUES('finding','R-grgvbnq35dd66ez5','status','assessed',18);
INSERT INTO "work" VALUES('measure','M-10','due','2026-09-01',10);
INSERT INTO "work" VALUES('measure','M-10','finding','R-54q1qb2jpstfzeve',10);
INSERT INTO "work" VALUES('measure','M-10','kind','block_egress',10);
INSERT INTO "work" VALUES('measure','M-10','owner','R.Owner',10);
INSERT INTO "work" VALUES('measure','M-10','state','planned',10);
INSERT INTO "work" VALUES('measure','M-10','title','Firewall',10);
CREATE INDEX sources_by_id ON sources (id, run);
CREATE UNIQUE INDEX identifiers_bind ON identifiers (value, site) WHERE kind IN ('strong', 'key');
CREATE INDEX claims_by_asset ON claims (uid, field);
CREATE INDEX claims_by_source ON claims (source);
CREATE INDEX findings_by_subject ON findings (subject_kind, subject_key);
CREATE INDEX measures_by_finding ON work (value) WHERE subject_kind = 'measure' AND field = 'finding';
CREATE INDEX events_by_subject ON events (subject_kind, subject, seq);
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
COMMIT;
