-- From release 6 to 7.

-- Which release may be started on it still: so a new release can be taken back.
ALTER TABLE schema_version ADD COLUMN oldest int NOT NULL DEFAULT 7;
ALTER TABLE schema_version ALTER COLUMN oldest DROP DEFAULT;
COMMENT ON COLUMN schema_version.oldest IS 'The lowest version whose release can work with this one: a migration that only adds leaves it as it is.';

-- Which words a column takes, as types (schema.sql says why). A type that has no rule yet takes a column over as
-- it stands: no table is written anew, only the indexes whose conditions name the column. The types' rules come
-- last, and hold for what is written from then on (NOT VALID): what is stored already passed the tables' own, and
-- to read it all once more would hold everybody up for as long again. Nodes of the release before go on beside
-- this: the state of agents and cases stays text, since they use one parameter as it and as text.
CREATE DOMAIN identity_kind AS text;
CREATE DOMAIN identity_strength AS text;
CREATE DOMAIN contact_channel AS text;
CREATE DOMAIN contact_direction AS text;
CREATE DOMAIN contact_state AS text;
CREATE DOMAIN contact_aside_why AS text;
CREATE DOMAIN message_direction AS text;
CREATE DOMAIN event_kind AS text;
ALTER TABLE identity DROP CONSTRAINT identity_kind_check, ALTER COLUMN kind TYPE identity_kind,
    DROP CONSTRAINT identity_strength_check, ALTER COLUMN strength TYPE identity_strength;
ALTER TABLE contact DROP CONSTRAINT contact_channel_check, ALTER COLUMN channel TYPE contact_channel,
    DROP CONSTRAINT contact_direction_check, ALTER COLUMN direction TYPE contact_direction,
    DROP CONSTRAINT contact_state_check, ALTER COLUMN state TYPE contact_state,
    DROP CONSTRAINT contact_aside_check, ALTER COLUMN aside TYPE contact_aside_why;
ALTER TABLE message DROP CONSTRAINT message_direction_check, ALTER COLUMN direction TYPE message_direction;
ALTER TABLE event DROP CONSTRAINT event_kind_check, ALTER COLUMN kind TYPE event_kind;
ALTER DOMAIN identity_kind ADD CONSTRAINT identity_kind_check CHECK (VALUE IN ('email', 'phone', 'chat')) NOT VALID;
ALTER DOMAIN identity_strength ADD CONSTRAINT identity_strength_check CHECK (VALUE IN ('none', 'asserted', 'verified', 'strong')) NOT VALID;
ALTER DOMAIN contact_channel ADD CONSTRAINT contact_channel_check CHECK (VALUE IN ('chat', 'mail', 'callback', 'call', 'visit', 'letter')) NOT VALID;
ALTER DOMAIN contact_direction ADD CONSTRAINT contact_direction_check CHECK (VALUE IN ('citizen', 'agent')) NOT VALID;
ALTER DOMAIN contact_state ADD CONSTRAINT contact_state_check CHECK (VALUE IN ('received', 'queued', 'offered', 'active', 'wrap_up', 'closed', 'scheduled', 'abandoned', 'quarantined')) NOT VALID;
ALTER DOMAIN contact_aside_why ADD CONSTRAINT contact_aside_why_check CHECK (VALUE IN ('automatic', 'blocked', 'report', 'spam')) NOT VALID;
ALTER DOMAIN message_direction ADD CONSTRAINT message_direction_check CHECK (VALUE IN ('inbound', 'outbound', 'note')) NOT VALID;
ALTER DOMAIN event_kind ADD CONSTRAINT event_kind_check CHECK (VALUE IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'wrap_up', 'closed', 'left', 'abandoned', 'agent_state', 'promise', 'relaxed', 'paused', 'resumed', 'estimated', 'feedback')) NOT VALID;

-- Files and raw mail sealed by a key of the city's own, and raw mail that goes after a while.
ALTER TABLE blob ADD COLUMN sealed_by text;
COMMENT ON COLUMN contact.raw_blob IS 'Its raw source, of raw_size bytes; a further message of the case has its own. Null where it is kept no longer.';
COMMENT ON COLUMN blob.sealed_by IS 'The fingerprint of the key that sealed data; null: data is as it came.';
CREATE TABLE blob_key (
    fingerprint text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE blob_key IS 'Keys that blobs were sealed with, by their fingerprints: a node that lacks one does not start. Personal data: no. Retention: config.';

-- The app may delete no blob; raw sources of mails that were read some days ago it may, through this. Of a
-- mail to several queues the contacts share source and arrival, and it stays while one is in quarantine.
CREATE FUNCTION drop_sources(days int, most int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH due AS MATERIALIZED (
        SELECT c.raw_blob, c.first_arrival FROM contact c
        WHERE c.raw_blob IS NOT NULL AND c.first_arrival < now() - make_interval(days => drop_sources.days) AND NOT EXISTS (
            SELECT FROM contact s WHERE s.raw_blob = c.raw_blob AND s.first_arrival = c.first_arrival AND s.state = 'quarantined')
        ORDER BY c.first_arrival LIMIT drop_sources.most),
    joined AS MATERIALIZED (
        SELECT m.id, m.raw_blob FROM message m
        WHERE m.raw_blob IS NOT NULL AND m.at < now() - make_interval(days => drop_sources.days)
        ORDER BY m.at LIMIT drop_sources.most),
    contacts AS (UPDATE contact c SET raw_blob = NULL FROM due d
                 WHERE c.raw_blob = d.raw_blob AND c.first_arrival = d.first_arrival),
    messages AS (UPDATE message m SET raw_blob = NULL FROM joined j WHERE m.id = j.id),
    bytes AS (DELETE FROM blob WHERE id IN (SELECT raw_blob FROM due UNION ALL SELECT raw_blob FROM joined))
    SELECT greatest((SELECT count(*) FROM due), (SELECT count(*) FROM joined))::int;
$$;
CREATE INDEX contact_source ON contact (first_arrival) WHERE raw_blob IS NOT NULL;
CREATE INDEX message_source ON message (at) WHERE raw_blob IS NOT NULL;
GRANT SELECT, INSERT ON blob_key TO contactcenter_app, contactcenter_worker;
