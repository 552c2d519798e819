-- What was archived in rooms that were destroyed, where the operator keeps that. The service only ever removes from these.

CREATE TABLE destroyed_room (
    id       TEXT    NOT NULL PRIMARY KEY,
    jid      TEXT    NOT NULL, -- several may have had the same address, one after another
    name     TEXT    NOT NULL,
    at       INTEGER NOT NULL, -- when it was destroyed
    keep_for INTEGER           -- as in room
);

-- As in message.
CREATE TABLE destroyed_message (
    archive     TEXT    NOT NULL REFERENCES destroyed_room (id) ON DELETE CASCADE,
    id          TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    sender      TEXT    NOT NULL,
    real_jid    TEXT    NOT NULL,
    resource    TEXT    NOT NULL,
    affiliation TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    open        INTEGER NOT NULL,
    xml         TEXT    NOT NULL,
    PRIMARY KEY (archive, id)
);
