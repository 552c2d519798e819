-- Rooms and all that is kept of them. Addresses compare byte by byte (BINARY is SQLite's default); times are
-- microseconds since 1970, UTC.

CREATE TABLE room (
    jid          TEXT    NOT NULL PRIMARY KEY,
    claim        TEXT    NOT NULL, -- the token of whoever loaded or created it last: the only one who may save
    salt         TEXT    NOT NULL,
    options      TEXT    NOT NULL, -- JSON: {"muc#roomconfig_…": ["value", …]}
    name         TEXT    NOT NULL,
    listed       INTEGER NOT NULL,
    locked       INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    subject      TEXT,
    subject_from TEXT,
    subject_at   INTEGER,
    extra        TEXT    NOT NULL  -- JSON: {"name": "value"}
) WITHOUT ROWID;

CREATE INDEX room_listed ON room (jid) WHERE listed;

CREATE TABLE affiliation (
    room        TEXT NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    jid         TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    nick        TEXT,
    reason      TEXT,
    PRIMARY KEY (room, jid)
) WITHOUT ROWID;

CREATE TABLE session (
    room     TEXT    NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    jid      TEXT    NOT NULL,
    nick     TEXT    NOT NULL,
    role     TEXT    NOT NULL,
    presence TEXT    NOT NULL,
    since    INTEGER NOT NULL,
    PRIMARY KEY (room, jid)
) WITHOUT ROWID;

-- What was said: all that is archived, and of the rest what newcomers still get to see.
CREATE TABLE message (
    room        TEXT    NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    id          TEXT    NOT NULL, -- UUIDv7: the order of the room's messages
    at          INTEGER NOT NULL,
    sender      TEXT    NOT NULL, -- occupant JID
    real_jid    TEXT    NOT NULL, -- bare
    resource    TEXT    NOT NULL,
    affiliation TEXT    NOT NULL, -- as of then, like the two below
    role        TEXT    NOT NULL,
    open        INTEGER NOT NULL, -- everybody was shown the real JID
    xml         TEXT    NOT NULL,
    in_history  INTEGER NOT NULL,
    archived    INTEGER NOT NULL,
    PRIMARY KEY (room, id)
);

CREATE INDEX message_history ON message (room, id) WHERE in_history;
CREATE INDEX message_passing ON message (room, id) WHERE NOT archived;
CREATE INDEX message_author ON message (room, real_jid, id) WHERE archived;

-- What stays of a destroyed room until its name is used again.
CREATE TABLE tombstone (
    room      TEXT    NOT NULL PRIMARY KEY,
    reason    TEXT,
    alternate TEXT,
    until     INTEGER NOT NULL
) WITHOUT ROWID;
