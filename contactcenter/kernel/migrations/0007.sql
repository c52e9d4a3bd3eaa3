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

-- The city's services.
CREATE TABLE service (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id int NOT NULL REFERENCES organisation,
    source text NOT NULL CHECK (source IN ('ptv', 'hsds', 'open311', 'own')),
    external_id text NOT NULL,
    kind text NOT NULL DEFAULT '',
    name jsonb NOT NULL,
    also jsonb NOT NULL DEFAULT '{}',
    summary jsonb NOT NULL DEFAULT '{}',
    description jsonb NOT NULL DEFAULT '{}',
    provider jsonb NOT NULL DEFAULT '{}',
    languages text[] NOT NULL DEFAULT '{}',
    terms text[] NOT NULL DEFAULT '{}',
    channels text[] NOT NULL DEFAULT '{}',
    given jsonb NOT NULL,
    words text NOT NULL,
    stems tsvector NOT NULL,
    digest bytea NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz,
    UNIQUE (organisation_id, source, external_id)
);
COMMENT ON TABLE service IS 'What an organisation does for people, as a catalogue that was imported says. A row is never deleted: cases go on naming it. Personal data: no. Retention: config.';
COMMENT ON COLUMN service.organisation_id IS 'Who imported it, and whose cases may be about it.';
COMMENT ON COLUMN service.source IS 'The catalogue''s format; each format is a catalogue of its own.';
COMMENT ON COLUMN service.external_id IS 'The catalogue''s own id.';
COMMENT ON COLUMN service.also IS 'Other names and key words, lists by language.';
COMMENT ON COLUMN service.provider IS 'Who is responsible, by language, as the catalogue names it.';
COMMENT ON COLUMN service.terms IS 'Codes of service_term.';
COMMENT ON COLUMN service.channels IS 'External ids of service_channel.';
COMMENT ON COLUMN service.given IS 'All of it as it came: fields that we do not know are kept here.';
COMMENT ON COLUMN service.words IS 'Names, key words and terms in lower case, a line each: what it is found by.';
COMMENT ON COLUMN service.stems IS 'The stems of these words by the rules of Finnish, Swedish and English, and the words themselves.';
COMMENT ON COLUMN service.digest IS 'SHA-256 of the row: an import writes only what has another.';
COMMENT ON COLUMN service.removed_at IS 'Since when the catalogue has it no more: it can''t be chosen, and keeps its name. Null: it is offered.';

CREATE TABLE service_channel (
    organisation_id int NOT NULL REFERENCES organisation,
    source text NOT NULL CHECK (source IN ('ptv', 'hsds', 'open311', 'own')),
    external_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('web', 'eservice', 'form', 'phone', 'mail', 'place', 'other')),
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    reach text[] NOT NULL DEFAULT '{}',
    given jsonb NOT NULL,
    digest bytea NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (organisation_id, source, external_id)
);
COMMENT ON TABLE service_channel IS 'Where services are had: pages, numbers, places. Personal data: no. Retention: config.';
COMMENT ON COLUMN service_channel.reach IS 'Links, numbers and addresses as they are shown.';
COMMENT ON COLUMN service_channel.given IS 'All of it as it came; empty where a service only mentions it.';
COMMENT ON COLUMN service_channel.removed_at IS 'Since when the catalogue has it no more.';

CREATE TABLE service_term (
    organisation_id int NOT NULL REFERENCES organisation,
    source text NOT NULL CHECK (source IN ('ptv', 'hsds', 'open311', 'own')),
    code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('class', 'target', 'life_event', 'ontology', 'industry')),
    name jsonb NOT NULL,
    parent text,
    PRIMARY KEY (organisation_id, source, code)
);
COMMENT ON TABLE service_term IS 'What services are ordered and found by: classes, target groups, life events, terms of an ontology. Personal data: no. Retention: config.';
COMMENT ON COLUMN service_term.code IS 'The catalogue''s own: a URI, or an id.';
COMMENT ON COLUMN service_term.parent IS 'Code of the wider term; never one below this: an import breaks cycles.';

CREATE TABLE case_service (
    case_id bigint PRIMARY KEY,
    organisation_id int NOT NULL REFERENCES organisation,
    service_id int NOT NULL REFERENCES service,
    user_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX case_service_of_service ON case_service (service_id);
COMMENT ON TABLE case_service IS 'Which service a case is about, as an agent said; a case without a row is unclassified. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN case_service.organisation_id IS 'The case''s and the service''s.';
COMMENT ON COLUMN case_service.user_id IS 'Who said so.';
GRANT SELECT, INSERT, UPDATE ON service, service_channel, service_term TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_service TO contactcenter_app, contactcenter_worker;
