-- In a large room the others do not know of this occupant.

ALTER TABLE session ADD COLUMN held_back INTEGER NOT NULL DEFAULT 0;
