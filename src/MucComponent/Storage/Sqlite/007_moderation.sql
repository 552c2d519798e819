-- Messages that were taken back stay as tombstones; what they said may be put aside for a while.

ALTER TABLE message ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0;

CREATE TABLE removed_message (
    room    TEXT    NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    id      TEXT    NOT NULL, -- the message's
    removal TEXT    NOT NULL, -- what was taken away together
    until   INTEGER NOT NULL,
    xml     TEXT    NOT NULL,
    PRIMARY KEY (room, id)
);

CREATE INDEX removed_message_removal ON removed_message (removal, room, id);
CREATE INDEX removed_message_until ON removed_message (until);

-- When the room has something to do of itself: an end of a ban or of a mute.

ALTER TABLE room ADD COLUMN due INTEGER;

CREATE INDEX room_due ON room (due) WHERE due IS NOT NULL;

-- Who moderated what in a room.

CREATE TABLE audit (
    room   TEXT    NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    id     TEXT    NOT NULL, -- the turn's
    number INTEGER NOT NULL, -- of several in one turn
    at     INTEGER NOT NULL,
    actor  TEXT,             -- bare; null is the service, or somebody who was erased
    action TEXT    NOT NULL,
    about  TEXT,             -- whom it concerns: bare
    detail TEXT,
    reason TEXT,
    PRIMARY KEY (room, id, number)
) WITHOUT ROWID;

CREATE INDEX audit_at ON audit (at);
