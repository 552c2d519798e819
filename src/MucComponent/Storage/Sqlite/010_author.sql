-- Who said something that is archived, and when about: a line for each of some minutes instead of an entry of an index for each
-- message, which lay on another page for each author.

CREATE TABLE author (
    room    TEXT NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    jid     TEXT NOT NULL, -- bare
    from_id TEXT NOT NULL, -- the least message id of that time
    to_id   TEXT NOT NULL, -- and the greatest
    PRIMARY KEY (room, jid, from_id)
) WITHOUT ROWID;

INSERT INTO author (room, jid, from_id, to_id)
SELECT DISTINCT room, real_jid, substr(id, 1, 7) || '0-0000-0000-0000-000000000000', substr(id, 1, 7) || 'F-FFFF-FFFF-FFFF-FFFFFFFFFFFF'
FROM message WHERE archived;

DROP INDEX message_author;
