-- Who said something that is archived, and when about: a line for each of some minutes instead of an entry of an index for each
-- message, which lay on another page for each author.

CREATE TABLE author (
    room    text COLLATE "C" NOT NULL REFERENCES room (jid) ON DELETE CASCADE,
    jid     text COLLATE "C" NOT NULL, -- bare
    from_id uuid             NOT NULL, -- the least message id of that time
    to_id   uuid             NOT NULL  -- and the greatest
);

INSERT INTO author (room, jid, from_id, to_id)
SELECT DISTINCT room, real_jid, (left(id::text, 7) || '0-0000-0000-0000-000000000000')::uuid, (left(id::text, 7) || 'f-ffff-ffff-ffff-ffffffffffff')::uuid
FROM message WHERE archived;

-- As with affiliations.
CREATE INDEX author_room ON author (room, from_id);
CREATE INDEX author_jid ON author USING hash (jid);

DROP INDEX message_author;
