-- Messages that were taken back stay as tombstones; what they said may be put aside for a while.

ALTER TABLE message ADD COLUMN retracted boolean NOT NULL DEFAULT FALSE;

CREATE TABLE removed_message (
    room    text COLLATE "C" NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    id      uuid   NOT NULL, -- the message's
    removal uuid   NOT NULL, -- what was taken away together
    until   bigint NOT NULL,
    xml     text   NOT NULL,
    PRIMARY KEY (room, id)
);

CREATE INDEX removed_message_removal ON removed_message (removal, room, id);
CREATE INDEX removed_message_until ON removed_message (until);

-- By SQLite's name, so that a statement means the same in both.
CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT strpos($1, $2)';

-- When the room has something to do of itself: an end of a ban or of a mute.

ALTER TABLE room ADD COLUMN due bigint;

CREATE INDEX room_due ON room (due) WHERE due IS NOT NULL;
