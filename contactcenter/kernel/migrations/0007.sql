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
ALTER DOMAIN event_kind ADD CONSTRAINT event_kind_check CHECK (VALUE IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'wrap_up', 'closed', 'left', 'abandoned', 'agent_state', 'promise', 'relaxed', 'paused', 'resumed', 'estimated', 'feedback', 'classified')) NOT VALID;

-- Persons that are one, the protection of addresses, sensitive queues.
ALTER TABLE person ADD COLUMN merged_into bigint, ADD COLUMN protected_at timestamptz;
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON COLUMN person.merged_into IS 'The person that this one is known to be (person_merge), which itself is merged into no other; null: itself.';
COMMENT ON COLUMN person.protected_at IS 'Since when the addresses are hidden from all but those who may read them; set on a person that is merged into no other.';
ALTER TABLE queue ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN queue.sensitive IS 'Whether its cases are hidden from all who have no open contact that needs them (case_needed).';
CREATE TABLE person_merge (
    id bigint PRIMARY KEY,
    organisation_id int NOT NULL,
    kept bigint NOT NULL,
    merged bigint NOT NULL,
    grounds text[] NOT NULL DEFAULT '{}' CHECK (grounds <@ '{proven,given,written,name}'),
    checked text CHECK (checked IN ('document', 'answers')),
    user_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    undone_by bigint,
    undone_at timestamptz,
    CHECK (kept <> merged),
    CHECK ('proven' = ANY(grounds) OR checked IS NOT NULL),
    CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE UNIQUE INDEX person_merge_merged ON person_merge (merged) WHERE undone_at IS NULL;
CREATE INDEX person_merge_kept ON person_merge (kept) WHERE undone_at IS NULL;
COMMENT ON TABLE person_merge IS 'An agent''s word that two persons of an organisation are one, and its taking back. Nothing of theirs is moved: contacts, cases and identities stay with whom they came to. Personal data: staff ids, ids of persons. Retention: contact.';
COMMENT ON COLUMN person_merge.id IS 'One of the house''s ids.';
COMMENT ON COLUMN person_merge.organisation_id IS 'Whose persons they are.';
COMMENT ON COLUMN person_merge.kept IS 'By which the two are known since; merged into no other at that moment.';
COMMENT ON COLUMN person_merge.merged IS 'The other; merged into no other at that moment.';
COMMENT ON COLUMN person_merge.grounds IS 'Why they are taken for one (people/rules.py): an address that one proved, gave or wrote is the other''s; the same name. Only proof is enough by itself.';
COMMENT ON COLUMN person_merge.checked IS 'How the agent made sure: saw a document, or had questions answered; null: not.';
COMMENT ON COLUMN person_merge.user_id IS 'Who said so.';
COMMENT ON COLUMN person_merge.at IS 'When.';
COMMENT ON COLUMN person_merge.undone_by IS 'Who took it back; null: nobody.';
COMMENT ON COLUMN person_merge.undone_at IS 'When it was taken back; null: it stands.';
CREATE INDEX callback_email ON callback (organisation_id, email) WHERE email IS NOT NULL;

CREATE FUNCTION known_person(person bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT p.merged_into FROM person p WHERE p.id = person), person)
$$;
COMMENT ON FUNCTION known_person IS 'Who a person is known to be.';

-- In a language that keeps its plan: it is asked with each read.
CREATE FUNCTION case_needed(agent bigint, the_case bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$ BEGIN
    IF NOT EXISTS (SELECT FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.case_id = the_case AND q.sensitive) THEN
        RETURN true;
    END IF;
    RETURN EXISTS (SELECT FROM contact mine WHERE mine.owner = agent AND mine.state IN ('active', 'wrap_up') AND mine.case_id = the_case)
        OR EXISTS (SELECT FROM contact mine JOIN queue q ON q.id = mine.queue_id AND q.sensitive
                   JOIN contact c ON c.case_id = the_case AND c.queue_id = mine.queue_id
                   WHERE mine.owner = agent AND mine.state IN ('active', 'wrap_up')
                     AND known_person(c.person_id) = known_person(mine.person_id));
END $$;
COMMENT ON FUNCTION case_needed IS 'Whether a user may see a case for what it is about: one of a sensitive queue is seen by who has it in hand, or has a contact of the same person in the same sensitive queue in hand.';

CREATE VIEW case_said AS
SELECT c.id AS case_id, concat_ws(' ', c.subject, (SELECT string_agg(left(m.text, 2000), ' ' ORDER BY m.seq) FROM message m
                                                  WHERE m.case_id = c.id AND m.seq <= 4 AND m.direction = 'inbound')) AS said
FROM cases c;
COMMENT ON VIEW case_said IS 'The beginning of what a case''s citizen wrote, which says what it is about. A view, since a function would be planned and begun for each case. Personal data: yes. Retention: contact.';
GRANT SELECT ON case_said TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON person_merge TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON person_merge TO contactcenter_worker;

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
    at timestamptz NOT NULL DEFAULT now(),
    suggested smallint CHECK (suggested BETWEEN 0 AND 3)
);
CREATE INDEX case_service_of_service ON case_service (service_id, case_id);
CREATE INDEX cases_resolved ON cases (organisation_id, resolved_at) WHERE state = 'resolved';
COMMENT ON TABLE case_service IS 'Which service a case is about, as an agent said; a case without a row is unclassified. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN case_service.organisation_id IS 'The case''s and the service''s.';
COMMENT ON COLUMN case_service.user_id IS 'Who said so.';
COMMENT ON COLUMN case_service.suggested IS 'As which of the first three it was suggested when it was said; 0: it was not among them; null: not known.';
CREATE TABLE past_word (
    organisation_id int NOT NULL REFERENCES organisation,
    stem text NOT NULL,
    service_id int NOT NULL REFERENCES service,
    persons int NOT NULL CHECK (persons >= 5),
    weight real NOT NULL CHECK (weight > 0),
    PRIMARY KEY (organisation_id, stem, service_id)
);
COMMENT ON TABLE past_word IS 'Words of the catalogue by which former cases tell of a service, made anew each day from the newest cases of queues that are not sensitive (desk/past_words.py). Personal data: no. Retention: figures.';
COMMENT ON COLUMN past_word.organisation_id IS 'Whose cases, and whose service.';
COMMENT ON COLUMN past_word.stem IS 'A word''s stem by the rules of the contact''s language; only what the organisation''s catalogue says too.';
COMMENT ON COLUMN past_word.persons IS 'In how many persons'' cases about the service it stood.';
COMMENT ON COLUMN past_word.weight IS 'The logarithm of how much likelier a case with the word is about the service.';
CREATE TABLE past_word_count (
    organisation_id int PRIMARY KEY REFERENCES organisation,
    counted_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE past_word_count IS 'When past_word was last made. Personal data: no. Retention: figures.';
GRANT SELECT, INSERT, UPDATE, DELETE ON past_word, past_word_count TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON service, service_channel, service_term TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_service TO contactcenter_app, contactcenter_worker;

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

-- Why people turn to the city, and which contacts are about one request.
CREATE TABLE contact_reason (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    position int NOT NULL DEFAULT 0,
    merged_into text,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key),
    FOREIGN KEY (organisation_id, merged_into) REFERENCES contact_reason DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE contact_reason IS 'Why people turn to an organisation, as agents may say when they wrap up; where it has none, those of the house (cases/reasons.py). Personal data: no. Retention: config.';
COMMENT ON COLUMN contact_reason.merged_into IS 'The reason that is said instead of this one; null: this one is said.';
COMMENT ON COLUMN contact_reason.disabled_at IS 'Since when it is said no more; null: it is.';

CREATE TABLE contact_reason_version (
    organisation_id int NOT NULL REFERENCES organisation,
    version int NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    reasons jsonb NOT NULL,
    PRIMARY KEY (organisation_id, version)
);
COMMENT ON TABLE contact_reason_version IS 'All reasons of an organisation as they were since a moment: what was closed is told by the names that were valid then. Only ever inserted into. Personal data: no. Retention: figures.';
COMMENT ON COLUMN contact_reason_version.version IS '1, 2, 3: each change of a reason makes a new one.';
COMMENT ON COLUMN contact_reason_version.reasons IS '{key: {name, position, merged_into, disabled}}.';
CREATE FUNCTION reason_part(reason text, said jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT reason || '@' || left(md5(said ->> 'name'), 8)
$$;
COMMENT ON FUNCTION reason_part IS 'What a reason is called in figures: its key, and what tells its names in a version (contact_reason_version.reasons) from those in others; null where the version has it not.';
GRANT SELECT, INSERT, UPDATE ON contact_reason TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT ON contact_reason_version TO contactcenter_app, contactcenter_worker;
CREATE DOMAIN contact_mark AS text;
ALTER TABLE contact ADD COLUMN reason text, ADD COLUMN reason_version int, ADD COLUMN mark contact_mark;
ALTER DOMAIN contact_mark ADD CONSTRAINT contact_mark_check CHECK (VALUE IN ('value', 'chasing', 'unclear', 'missing', 'wrong_place', 'unsolved')) NOT VALID;
ALTER TABLE event ADD COLUMN reason_version int, ADD COLUMN mark text, ADD COLUMN service_id int, ADD COLUMN request bigint;
COMMENT ON COLUMN contact.reason IS 'Why the person turned to us: a key of contact_reason or of the house''s; null: not said (unclassified).';
COMMENT ON COLUMN contact.reason_version IS 'The version of the reasons that was valid when it was said.';
COMMENT ON COLUMN contact.mark IS 'Whether the contact was of value, or what could have avoided it: an answer in time (chasing), a clear letter (unclear), information (missing), the right place (wrong_place), help at once (unsolved); null: not said.';
COMMENT ON COLUMN event.reason IS 'The coded reason of an agent''s state, or of a declined offer; of what was closed or classified why the person turned to us.';
COMMENT ON COLUMN event.reason_version IS 'Of closed and classified, as of the contact; mark likewise. Of such events of a contact the newest counts.';
COMMENT ON COLUMN event.service_id IS 'Of closed and classified: the service of its case; null: unclassified.';
COMMENT ON COLUMN event.request IS 'Of closed and classified: the contact by which this request began (cases/requests.py), itself where it is the first, another where this one is a repeat; null: not one that counts.';
-- What citizens say unasked.
ALTER TABLE organisation ADD COLUMN feedback_queue text NOT NULL DEFAULT '';
COMMENT ON COLUMN organisation.feedback_queue IS 'Key of the queue that gets open feedback; empty: the first that is always open.';
CREATE TABLE open_feedback (
    contact_id bigint PRIMARY KEY,
    case_id bigint NOT NULL,
    organisation_id int NOT NULL,
    queue_id int NOT NULL,
    via text NOT NULL CHECK (via IN ('form', 'open311')),
    kind text NOT NULL CHECK (kind IN ('thanks', 'complaint', 'question', 'proposal', 'fault')),
    about text NOT NULL CHECK (about IN ('service', 'handling')),
    service_id int,
    language text NOT NULL,
    place text NOT NULL DEFAULT '',
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    long double precision CHECK (long BETWEEN -180 AND 180),
    media_url text,
    given_at timestamptz NOT NULL DEFAULT now(),
    token_hash bytea UNIQUE,
    expires_at timestamptz,
    public_text text,
    public_place text NOT NULL DEFAULT '',
    public_point boolean NOT NULL DEFAULT false,
    public_media boolean NOT NULL DEFAULT false,
    decision text CHECK (decision IN ('done', 'planned', 'no')),
    reason text NOT NULL DEFAULT '',
    decided_by bigint,
    decided_at timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now(),
    stands_since timestamptz NOT NULL DEFAULT now(),
    CHECK ((lat IS NULL) = (long IS NULL)),
    CHECK (public_text IS NOT NULL OR (public_place = '' AND NOT public_point AND NOT public_media)),
    CHECK ((token_hash IS NULL) = (expires_at IS NULL)),
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX open_feedback_given ON open_feedback (organisation_id, given_at, contact_id);
CREATE INDEX open_feedback_stands ON open_feedback (organisation_id, stands_since, contact_id);
CREATE INDEX open_feedback_case ON open_feedback (case_id);
CREATE INDEX open_feedback_undecided ON open_feedback (organisation_id, given_at) WHERE decision IS NULL;
COMMENT ON TABLE open_feedback IS 'What a citizen says unasked, by the feedback form or by Open311: a contact in the line, and what is decided about it. Its words are the contact''s first message. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN open_feedback.contact_id IS 'The contact that it came as.';
COMMENT ON COLUMN open_feedback.case_id IS 'The contact''s case.';
COMMENT ON COLUMN open_feedback.organisation_id IS 'To whom it was given.';
COMMENT ON COLUMN open_feedback.queue_id IS 'The queue that it came to first.';
COMMENT ON COLUMN open_feedback.via IS 'By which door.';
COMMENT ON COLUMN open_feedback.about IS 'Whether it is about the service itself, or about how somebody was served.';
COMMENT ON COLUMN open_feedback.service_id IS 'The service that the giver chose, of the same organisation; an agent''s word is in case_service. Null: none.';
COMMENT ON COLUMN open_feedback.language IS 'In which language it was given.';
COMMENT ON COLUMN open_feedback.place IS 'Where, as it was typed, masked; empty: not said.';
COMMENT ON COLUMN open_feedback.lat IS 'WGS 84, degrees; null: not said.';
COMMENT ON COLUMN open_feedback.long IS 'WGS 84, degrees.';
COMMENT ON COLUMN open_feedback.media_url IS 'Where a picture is, as a program said; never fetched by us.';
COMMENT ON COLUMN open_feedback.token_hash IS 'SHA-256 of the token of its status link; null: it has none.';
COMMENT ON COLUMN open_feedback.expires_at IS 'Until when the status link is good.';
COMMENT ON COLUMN open_feedback.public_text IS 'What everybody may read of it; null: nothing, and nothing of the following.';
COMMENT ON COLUMN open_feedback.public_place IS 'Where, as everybody may read it; empty: nowhere.';
COMMENT ON COLUMN open_feedback.public_point IS 'Whether everybody may read the coordinates.';
COMMENT ON COLUMN open_feedback.public_media IS 'Whether everybody may read where the picture is.';
COMMENT ON COLUMN open_feedback.decision IS 'What comes of it: done, planned, no; null: not decided.';
COMMENT ON COLUMN open_feedback.reason IS 'Why, in words that everybody may read, masked.';
COMMENT ON COLUMN open_feedback.decided_by IS 'Who decided; the last one.';
COMMENT ON COLUMN open_feedback.decided_at IS 'When it was decided; the last time.';
COMMENT ON COLUMN open_feedback.changed_at IS 'When it was given, or last decided about or published.';
COMMENT ON COLUMN open_feedback.stands_since IS 'Since when everybody sees it as it is: it was given, decided about, published, or its case ended or went on.';
GRANT SELECT, INSERT, UPDATE ON open_feedback TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON open_feedback TO contactcenter_worker;

-- The parts of a city.
CREATE TABLE area (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    postal_codes text[] NOT NULL DEFAULT '{}',
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key)
);
COMMENT ON TABLE area IS 'The parts of a city that its figures tell apart; an organisation without any tells none. Personal data: no. Retention: config.';
COMMENT ON COLUMN area.postal_codes IS 'Five digits each; who writes one of them as the place of a matter has stated the area. Each in one area of an organisation.';
COMMENT ON COLUMN area.disabled_at IS 'Since when it is stated no more; null: it is. What was stated stays.';

CREATE TABLE case_area (
    case_id bigint PRIMARY KEY,
    organisation_id int NOT NULL,
    area text NOT NULL,
    user_id bigint,
    at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (organisation_id, area) REFERENCES area
);
COMMENT ON TABLE case_area IS 'Which area a case is about, as somebody stated; never guessed: a case without a row has none. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN case_area.organisation_id IS 'The case''s and the area''s.';
COMMENT ON COLUMN case_area.area IS 'A key of the organisation''s areas.';
COMMENT ON COLUMN case_area.user_id IS 'The agent who said so; null: the citizen, by the postal code of the place.';
GRANT SELECT, INSERT, UPDATE ON area TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_area TO contactcenter_app, contactcenter_worker;

-- Insight: what happened by week, counted and told.
CREATE INDEX contact_arrival ON contact USING brin (first_arrival) WITH (pages_per_range = 32);
CREATE INDEX contact_closing ON contact USING brin (closed_at) WITH (pages_per_range = 32);

CREATE TABLE insight_stretch (
    organisation_id int NOT NULL REFERENCES organisation,
    first_day date NOT NULL,
    last_day date NOT NULL,
    counted_at timestamptz,
    told_at timestamptz,
    final_at timestamptz,
    PRIMARY KEY (organisation_id, first_day),
    CHECK (last_day >= first_day)
);
COMMENT ON TABLE insight_stretch IS 'Weeks, or the parts of one that lie in two months, and how far each is counted and told. Personal data: no. Retention: figures.';
COMMENT ON COLUMN insight_stretch.organisation_id IS 'Whose days they are: its midnights.';
COMMENT ON COLUMN insight_stretch.first_day IS 'A Monday, or the first of a month.';
COMMENT ON COLUMN insight_stretch.last_day IS 'A Sunday, or the last of the month.';
COMMENT ON COLUMN insight_stretch.counted_at IS 'When insight_count was last made for it; null: never.';
COMMENT ON COLUMN insight_stretch.told_at IS 'When it was first told (insight_told): after its last day; null: not yet.';
COMMENT ON COLUMN insight_stretch.final_at IS 'When it was told for good: eight days later; it is counted no more then. Null: not yet.';

CREATE TABLE insight_count (
    organisation_id int NOT NULL,
    first_day date NOT NULL,
    view text NOT NULL,
    service_id int NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    part text NOT NULL,
    n bigint NOT NULL,
    persons bigint NOT NULL,
    PRIMARY KEY (organisation_id, first_day, view, service_id, channel, language, part)
);
COMMENT ON TABLE insight_count IS 'What happened in a stretch, counted exactly and by how many persons; shown to nobody, as a cell may be about one. Personal data: counts of few. Retention: figures.';
COMMENT ON COLUMN insight_count.organisation_id IS 'Whose, as insight_stretch.';
COMMENT ON COLUMN insight_count.first_day IS 'Of the stretch.';
COMMENT ON COLUMN insight_count.view IS 'What is counted (insight/views.py); docs/insight.md defines each.';
COMMENT ON COLUMN insight_count.service_id IS 'The case''s service; 0: nobody said it, or the case has a contact in a sensitive queue. 0 too where the view is not by service.';
COMMENT ON COLUMN insight_count.channel IS 'Empty where the view is not by channel.';
COMMENT ON COLUMN insight_count.language IS 'Empty where the view is not by language.';
COMMENT ON COLUMN insight_count.part IS 'Which of the view''s parts: an hour, a cause, a mark; empty where it has none.';
COMMENT ON COLUMN insight_count.persons IS 'How many persons they are of; who are known to be one count as one, who is not known as one for each contact.';

CREATE TABLE insight_told (
    organisation_id int NOT NULL,
    view text NOT NULL,
    first_day date NOT NULL,
    service_id int NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    part text NOT NULL,
    n bigint NOT NULL CHECK (n >= 5),
    PRIMARY KEY (organisation_id, view, first_day, service_id, channel, language, part)
);
COMMENT ON TABLE insight_told IS 'What everybody may see: insight_count with all that is of fewer than five persons rounded to none or five (insight/telling.py). Pages, exports and reports add up these rows and know no others. Personal data: no. Retention: figures.';
COMMENT ON COLUMN insight_told.organisation_id IS 'As insight_count, like the other columns.';
COMMENT ON COLUMN insight_told.n IS 'Never below five: a row that would be none is not there.';

CREATE TABLE insight_month (
    organisation_id int NOT NULL,
    view text NOT NULL,
    month date NOT NULL,
    service_id int NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    part text NOT NULL,
    n bigint NOT NULL CHECK (n >= 5),
    PRIMARY KEY (organisation_id, view, month, service_id, channel, language, part)
);
COMMENT ON TABLE insight_month IS 'insight_told added up by month, so that the figures of a year are read from a third of the rows; a month is made anew with each stretch of it that is told. Personal data: no. Retention: figures.';
COMMENT ON COLUMN insight_month.organisation_id IS 'As insight_told, like the other columns.';
COMMENT ON COLUMN insight_month.month IS 'Its first day.';

CREATE TABLE insight_work (
    organisation_id int NOT NULL,
    first_day date NOT NULL,
    staff_of int NOT NULL,
    task text NOT NULL,
    n bigint NOT NULL,
    us bigint NOT NULL,
    persons bigint NOT NULL,
    PRIMARY KEY (organisation_id, first_day, staff_of, task)
);
COMMENT ON TABLE insight_work IS 'Handling that ended in a stretch, by whose staff and in which task: what organisations that share desks divide costs by. Shown only by whole tasks of five persons or more. Personal data: counts of few. Retention: figures.';
COMMENT ON COLUMN insight_work.organisation_id IS 'Whose contacts.';
COMMENT ON COLUMN insight_work.first_day IS 'Of the stretch in which the handling ended.';
COMMENT ON COLUMN insight_work.staff_of IS 'The organisation of the agent.';
COMMENT ON COLUMN insight_work.task IS 'The queue''s.';
COMMENT ON COLUMN insight_work.n IS 'Interactions that ended.';
COMMENT ON COLUMN insight_work.us IS 'Their time in microseconds, from accepted to closed or left without pauses, as figure.handle_us.';
COMMENT ON COLUMN insight_work.persons IS 'As of insight_count.';
GRANT SELECT, INSERT, UPDATE ON insight_stretch TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON insight_count, insight_told, insight_month, insight_work TO contactcenter_app, contactcenter_worker;
