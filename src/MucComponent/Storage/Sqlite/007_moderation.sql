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
