-- Since when nobody is in a temporary room that waits for its end.

ALTER TABLE room ADD COLUMN emptied bigint;

CREATE INDEX room_emptied ON room (emptied) WHERE emptied IS NOT NULL;
