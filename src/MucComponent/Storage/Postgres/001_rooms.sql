-- Rooms and all that is kept of them. Addresses compare byte by byte (collation "C"); times are microseconds since
-- 1970, UTC.

CREATE TABLE room (
    jid          text COLLATE "C" PRIMARY KEY,
    claim        uuid    NOT NULL, -- the token of whoever loaded or created it last: the only one who may save
    salt         text    NOT NULL,
    options      text    NOT NULL, -- JSON: {"muc#roomconfig_…": ["value", …]}
    name         text    NOT NULL,
    listed       boolean NOT NULL,
    locked       boolean NOT NULL,
    created      bigint  NOT NULL,
    subject      text,
    subject_from text,
    subject_at   bigint,
    extra        text    NOT NULL  -- JSON: {"name": "value"}
);

CREATE INDEX room_listed ON room (jid) WHERE listed;

-- An address may have 3071 bytes, and a sorted index takes entries of no more than 2704: so the addresses of people are
-- found by hash. That there is one row for each is kept by the room's only writer.

CREATE TABLE affiliation (
    room        text COLLATE "C" NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    jid         text COLLATE "C" NOT NULL,
    affiliation text NOT NULL,
    nick        text,
    reason      text
);

CREATE INDEX affiliation_room ON affiliation (room);
CREATE INDEX affiliation_jid ON affiliation USING hash (jid);

CREATE TABLE session (
    room     text COLLATE "C" NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    jid      text COLLATE "C" NOT NULL,
    nick     text   NOT NULL,
    role     text   NOT NULL,
    presence text   NOT NULL,
    since    bigint NOT NULL
);

CREATE INDEX session_room ON session (room);
CREATE INDEX session_jid ON session USING hash (jid);

-- What was said: all that is archived, and of the rest what newcomers still get to see.
CREATE TABLE message (
    room        text COLLATE "C" REFERENCES room (jid) ON DELETE CASCADE,
    id          uuid,             -- UUIDv7: the order of the room's messages
    at          bigint  NOT NULL,
    sender      text    NOT NULL, -- occupant JID
    real_jid    text    NOT NULL, -- bare
    resource    text    NOT NULL,
    affiliation text    NOT NULL, -- as of then, like the two below
    role        text    NOT NULL,
    open        boolean NOT NULL, -- everybody was shown the real JID
    xml         text    NOT NULL,
    in_history  boolean NOT NULL,
    archived    boolean NOT NULL,
    PRIMARY KEY (room, id)
);

CREATE INDEX message_history ON message (room, id) WHERE in_history;
CREATE INDEX message_passing ON message (room, id) WHERE NOT archived;
CREATE INDEX message_author ON message (room, real_jid, id) WHERE archived;

-- What stays of a destroyed room until its name is used again.
CREATE TABLE tombstone (
    room      text COLLATE "C" PRIMARY KEY,
    reason    text,
    alternate text,
    until     bigint NOT NULL
);
