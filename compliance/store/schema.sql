-- The ledger of one run. Few indexed columns; the record itself is JSON.
CREATE TABLE IF NOT EXISTS meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Every address that was found, once per visitor and session.
CREATE TABLE IF NOT EXISTS frontier (
    id       INTEGER PRIMARY KEY,
    visitor  TEXT NOT NULL,
    session  TEXT NOT NULL,
    key      TEXT NOT NULL,
    url      TEXT NOT NULL,
    depth    INTEGER NOT NULL,
    referrer TEXT NOT NULL DEFAULT '',
    state    TEXT NOT NULL DEFAULT 'queued',   -- queued, claimed, done, skipped
    reason   TEXT NOT NULL DEFAULT '',
    detail   TEXT NOT NULL DEFAULT '',
    owner    TEXT NOT NULL DEFAULT '',
    attempt  INTEGER NOT NULL DEFAULT 0,
    ready_at REAL NOT NULL DEFAULT 0,
    visit    TEXT NOT NULL DEFAULT '',
    UNIQUE (visitor, session, key)
);
CREATE INDEX IF NOT EXISTS frontier_queued ON frontier (visitor, session, depth, id) WHERE state = 'queued';
CREATE INDEX IF NOT EXISTS frontier_claimed ON frontier (visitor, session) WHERE state = 'claimed';

CREATE TABLE IF NOT EXISTS visits (
    position INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    visitor  TEXT NOT NULL,
    session  TEXT NOT NULL,
    key      TEXT NOT NULL,
    final_key TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    final    INTEGER NOT NULL,                 -- 0: an attempt that was tried again
    record   TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS visits_by_page ON visits (visitor, session, key);

CREATE TABLE IF NOT EXISTS aspects (
    visit  TEXT NOT NULL,
    aspect TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (visit, aspect)
) WITHOUT ROWID;

-- What journeys recorded, kept by kind (form_probes, link_probes).
CREATE TABLE IF NOT EXISTS probes (
    position INTEGER PRIMARY KEY,
    visitor  TEXT NOT NULL,
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL,
    record   TEXT NOT NULL,
    UNIQUE (visitor, kind, key)
);
