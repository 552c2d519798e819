-- What was archived in rooms that were destroyed, where the operator keeps that. The service only ever removes from these.

CREATE TABLE destroyed_room (
    id       uuid    NOT NULL PRIMARY KEY,
    jid      text    NOT NULL, -- several may have had the same address, one after another
    name     text    NOT NULL,
    at       bigint  NOT NULL, -- when it was destroyed
    keep_for bigint           -- as in room
);

-- As in message.
CREATE TABLE destroyed_message (
    archive     uuid    NOT NULL REFERENCES destroyed_room (id) ON DELETE CASCADE,
    id          uuid    NOT NULL,
    at          bigint  NOT NULL,
    sender      text    NOT NULL,
    real_jid    text    NOT NULL,
    resource    text    NOT NULL,
    affiliation text    NOT NULL,
    role        text    NOT NULL,
    open        boolean NOT NULL,
    xml         text    NOT NULL,
    PRIMARY KEY (archive, id)
);
