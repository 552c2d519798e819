-- The id of the turn up to which the server has all that the room said.

ALTER TABLE room ADD COLUMN delivered uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
UPDATE room SET delivered = coalesce((SELECT id FROM message WHERE message.room = room.jid ORDER BY id DESC LIMIT 1), delivered);
