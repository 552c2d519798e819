-- How long a room keeps its messages, in microseconds, where it sets that itself.

ALTER TABLE room ADD COLUMN keep_for INTEGER;

CREATE INDEX room_keep_for ON room (keep_for);
