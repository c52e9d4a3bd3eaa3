-- From release 1 to 2: chats.
ALTER TABLE cases ADD COLUMN last_shown int NOT NULL DEFAULT 0;
COMMENT ON COLUMN cases.last_shown IS 'The number of the newest message that is no note: what a citizen''s page must have seen before the next.';
ALTER TABLE contact ADD COLUMN away_from timestamptz;
COMMENT ON COLUMN contact.away_from IS 'Since when a chatting citizen''s page is not connected; such a contact keeps its place and is not offered.';
CREATE INDEX contact_chatting ON contact (id) WHERE channel = 'chat' AND state IN ('queued', 'offered', 'active');
CREATE INDEX contact_away ON contact (away_from) WHERE away_from IS NOT NULL AND state IN ('queued', 'offered', 'active');

CREATE TABLE chat (
    case_id bigint PRIMARY KEY,
    contact_id bigint NOT NULL,
    secret bytea,
    next_secret bytea,
    socket bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    read_by_citizen int NOT NULL DEFAULT 0,
    read_by_agent int NOT NULL DEFAULT 0,
    ended text CHECK (ended IN ('left', 'idle', 'expired')),
    told boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX chat_contact ON chat (contact_id);
CREATE UNIQUE INDEX chat_secret ON chat (secret) WHERE secret IS NOT NULL;
CREATE UNIQUE INDEX chat_next_secret ON chat (next_secret) WHERE next_secret IS NOT NULL;
COMMENT ON TABLE chat IS 'A chatting citizen''s way back to the case, and who has read how far. Personal data: no. Retention: contact.';
COMMENT ON COLUMN chat.secret IS 'SHA-256 of the resume secret that the citizen''s page surely has; null until its first frame.';
COMMENT ON COLUMN chat.next_secret IS 'SHA-256 of the one last sent; it takes the place of secret with the next frame.';
COMMENT ON COLUMN chat.socket IS 'Rises with each connection of the citizen; a former one is sent away and says nothing of presence.';
COMMENT ON COLUMN chat.seen_at IS 'When the citizen''s page was last known to be connected.';
COMMENT ON COLUMN chat.ended IS 'Why the chat ended where it was not the agent who closed it.';
COMMENT ON COLUMN chat.told IS 'Whether the citizen''s page has been told that it ended.';

ALTER TABLE outbox ADD COLUMN since int NOT NULL DEFAULT 0;
COMMENT ON COLUMN outbox.since IS 'The first version that is still owed; a later one that was told does not settle it.';

GRANT SELECT, INSERT, UPDATE ON chat TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON chat TO contactcenter_worker;
