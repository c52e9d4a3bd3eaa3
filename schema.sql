-- The whole database of the contact centre, as of this release.
--
-- One idea a table. Each table's comment says what it is for, whether it holds personal data, and
-- its retention class; a test fails where one is missing. Retention classes:
--   config   while it is in use             log      audit's own time, by setting
--   contact  with the case it belongs to    figures  kept: no personal data
--   live     gone when it has been used
--
-- Ids of contacts, cases, persons, messages, blobs and outbound messages come from one sequence,
-- so an id names one thing only and can't be mistaken for another's.
-- The tables that intake writes have no foreign keys: keys to organisation, queue or users would
-- lock the same few rows in every intake, and keys between rows of one statement prove nothing that
-- `contactcenter verify` does not count.

CREATE TABLE schema_version (
    version int NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    oldest int NOT NULL
);
COMMENT ON TABLE schema_version IS 'Which release made this database. Personal data: no. Retention: config.';
COMMENT ON COLUMN schema_version.oldest IS 'The lowest version whose release can work with this one: a migration that only adds leaves it as it is.';
INSERT INTO schema_version (version, oldest) VALUES (7, 7);

-- Which words a column takes, where every contact and message writes one: as types, each for one column.
-- A table's CHECK is read anew from its stored text by each statement that writes a row there, and a list
-- of words is long; a type's is kept ready by a connection (docs/performance.md).
CREATE DOMAIN identity_kind AS text CHECK (VALUE IN ('email', 'phone', 'chat'));
CREATE DOMAIN identity_strength AS text CHECK (VALUE IN ('none', 'asserted', 'verified', 'strong'));
CREATE DOMAIN contact_channel AS text CHECK (VALUE IN ('chat', 'mail', 'callback', 'call', 'visit', 'letter'));
CREATE DOMAIN contact_direction AS text CHECK (VALUE IN ('citizen', 'agent'));
CREATE DOMAIN contact_state AS text CHECK (VALUE IN ('received', 'queued', 'offered', 'active', 'wrap_up', 'closed', 'scheduled', 'abandoned', 'quarantined'));
CREATE DOMAIN contact_aside_why AS text CHECK (VALUE IN ('automatic', 'blocked', 'report', 'spam'));
CREATE DOMAIN message_direction AS text CHECK (VALUE IN ('inbound', 'outbound', 'note'));
CREATE DOMAIN contact_mark AS text CHECK (VALUE IN ('value', 'chasing', 'unclear', 'missing', 'wrong_place', 'unsolved'));
CREATE DOMAIN event_kind AS text CHECK (VALUE IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'wrap_up', 'closed', 'left', 'abandoned', 'agent_state', 'promise', 'relaxed', 'paused', 'resumed', 'estimated', 'feedback', 'classified'));

CREATE SEQUENCE id_seq INCREMENT BY 256;
COMMENT ON SEQUENCE id_seq IS 'Each value opens a block of 256 ids for one node.';

-- ---------------------------------------------------------------- accounts

CREATE TABLE organisation (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    time_zone text NOT NULL DEFAULT 'Europe/Helsinki',
    decline_without_reason boolean NOT NULL DEFAULT true,
    agents_pull boolean NOT NULL DEFAULT false,
    estimate_least int NOT NULL DEFAULT 60 CHECK (estimate_least BETWEEN 0 AND 100),
    privacy jsonb NOT NULL DEFAULT '{}',
    accessibility_queue text NOT NULL DEFAULT '',
    agent_names text NOT NULL DEFAULT 'first' CHECK (agent_names IN ('first', 'full', 'role')),
    chat_asks text[] NOT NULL DEFAULT '{name}' CHECK (chat_asks <@ '{name,language}'),
    phone text NOT NULL DEFAULT '',
    feedback_queue text NOT NULL DEFAULT ''
);
COMMENT ON TABLE organisation IS 'The city or a partner authority: the controller of its persons, cases and contacts. Personal data: no. Retention: config.';
COMMENT ON COLUMN organisation.name IS 'Shown name by language: {"fi": ..., "sv": ..., "en": ...}.';
COMMENT ON COLUMN organisation.estimate_least IS 'Per cent of estimated waits that must have held; below, citizens of a queue''s channel are told no estimate. 0: always told, 100: hardly ever.';
COMMENT ON COLUMN organisation.privacy IS 'What its privacy page says: controller, contact, officer, how long things are kept, its own notice.';
COMMENT ON COLUMN organisation.accessibility_queue IS 'Key of the queue that gets feedback on accessibility; empty: the first that is always open.';
COMMENT ON COLUMN organisation.feedback_queue IS 'Key of the queue that gets open feedback; empty: the first that is always open.';
COMMENT ON COLUMN organisation.agent_names IS 'What citizens are told of an agent''s name: first, full, or role: none.';
COMMENT ON COLUMN organisation.chat_asks IS 'What a chat asks before it begins, besides the matter: name, language. Nothing has to be answered.';
COMMENT ON COLUMN organisation.phone IS 'Number by which citizens call it where a queue has none, as it is shown; empty: none.';
COMMENT ON COLUMN organisation.time_zone IS 'IANA name; days and opening hours are counted in it.';
COMMENT ON COLUMN organisation.decline_without_reason IS 'Whether an offer may be declined without one of the reasons.';
COMMENT ON COLUMN organisation.agents_pull IS 'Whether agents may take a waiting contact out of its turn, as supervisors may.';

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id int NOT NULL REFERENCES organisation,
    email text NOT NULL CHECK (email = lower(email)),
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin')),
    language text NOT NULL DEFAULT 'fi',
    capacity int NOT NULL DEFAULT 3 CHECK (capacity BETWEEN 1 AND 100),
    password_hash text,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    pauses_mail boolean NOT NULL DEFAULT true,
    public_name text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX users_email ON users (email);
COMMENT ON TABLE users IS 'The staff who sign in. Personal data: staff. Retention: config.';
COMMENT ON COLUMN users.capacity IS 'How many units of contacts at once; a call takes all of them.';
COMMENT ON COLUMN users.pauses_mail IS 'Whether a chat, call or callback is offered while mail takes the units that it needs; the mail is paused meanwhile.';
COMMENT ON COLUMN users.public_name IS 'The name by which citizens know the user; empty: as the organisation wants (shown_name).';
COMMENT ON COLUMN users.password_hash IS 'Argon2id; null until the invitation is accepted.';

CREATE FUNCTION shown_name(agent bigint, organisation int, in_letters boolean) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN o.agent_names = 'role' THEN ''
                WHEN u.public_name <> '' THEN u.public_name
                WHEN u.name LIKE '%@%' THEN ''
                WHEN o.agent_names = 'full' OR in_letters THEN u.name
                ELSE split_part(u.name, ' ', 1) END
    FROM users u, organisation o WHERE u.id = agent AND o.id = organisation
$$;
COMMENT ON FUNCTION shown_name IS 'By which name an organisation''s citizens know an agent: the one set for it, else as the organisation wants; "" for none. In letters, which are signed, the first name is not enough.';

CREATE TABLE user_organisation (
    user_id bigint NOT NULL REFERENCES users,
    organisation_id int NOT NULL REFERENCES organisation,
    PRIMARY KEY (user_id, organisation_id)
);
COMMENT ON TABLE user_organisation IS 'The scope: whose citizens'' data a user may see. Personal data: staff. Retention: config.';

CREATE TABLE skill (
    user_id bigint NOT NULL REFERENCES users,
    organisation_id int NOT NULL REFERENCES organisation,
    task text NOT NULL,
    language text NOT NULL,
    level int NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
    trained_on date,
    PRIMARY KEY (user_id, organisation_id, task, language)
);
CREATE INDEX skill_of_task ON skill (organisation_id, task);
COMMENT ON TABLE skill IS 'What an agent can: organisation x task x language, up to a level. Personal data: staff. Retention: config.';

COMMENT ON COLUMN skill.trained_on IS 'Since when somebody of another organisation is trained for it; without it the skill counts for nothing there.';

CREATE TABLE agreement (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    agents_of int NOT NULL REFERENCES organisation,
    tasks text[] NOT NULL CHECK (cardinality(tasks) > 0),
    valid_from date NOT NULL,
    valid_to date,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key),
    CHECK (agents_of <> organisation_id),
    CHECK (valid_to >= valid_from)
);
COMMENT ON TABLE agreement IS 'By which another organisation''s agents serve in an organisation''s tasks. Personal data: no. Retention: config.';
COMMENT ON COLUMN agreement.organisation_id IS 'The principal, whose tasks they are; days are counted in its time zone.';
COMMENT ON COLUMN agreement.agents_of IS 'The organisation whose agents serve.';
COMMENT ON COLUMN agreement.valid_to IS 'The last day; null: until it is ended.';

CREATE TABLE agreement_day (
    organisation_id int PRIMARY KEY REFERENCES organisation,
    day date NOT NULL
);
COMMENT ON TABLE agreement_day IS 'For which day of an organisation the line knows who of other organisations is able; a new day is taken up at its midnight. Personal data: no. Retention: live.';

-- What "able" means, for everything that asks. A class is a requirement: ORGANISATION/TASK/LANGUAGE/LEVEL,
-- with * for any language.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);
COMMENT ON TABLE session IS 'Who is signed in; only the hash of the cookie is kept. Personal data: staff. Retention: live.';

CREATE TABLE token (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    purpose text NOT NULL CHECK (purpose IN ('invite', 'reset')),
    email text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
COMMENT ON TABLE token IS 'Links to set a password, each good once and bound to the address it was made for. Personal data: staff. Retention: live.';

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    user_id bigint,
    organisation_id int,
    verb text NOT NULL,
    object_kind text NOT NULL,
    object_id text,
    before jsonb,
    after jsonb,
    address text
);
CREATE INDEX audit_object ON audit (object_kind, object_id, id);
CREATE INDEX audit_organisation ON audit (organisation_id, id);
COMMENT ON TABLE audit IS 'Who read or changed what; only ever inserted into. Personal data: staff, ids of citizens'' rows. Retention: log.';

-- ---------------------------------------------------------------- queues

CREATE TABLE queue (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL UNIQUE CHECK (key ~ '^[a-z][a-z0-9_-]{0,59}$'),
    name jsonb NOT NULL,
    task text NOT NULL,
    level int NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
    languages text[] NOT NULL CHECK (cardinality(languages) > 0),
    channels text[] NOT NULL,
    target_s int NOT NULL DEFAULT 3600 CHECK (target_s >= 0),
    service_level_s int NOT NULL DEFAULT 3600,
    service_level_way text NOT NULL DEFAULT 'negative' CHECK (service_level_way IN ('ignored', 'negative', 'positive')),
    short_abandon_s int NOT NULL DEFAULT 10,
    offer_s int CHECK (offer_s BETWEEN 1 AND 3600),
    always_open boolean NOT NULL DEFAULT true,
    disabled_at timestamptz,
    hours jsonb NOT NULL DEFAULT '{}',
    callbacks_per_half_hour int NOT NULL DEFAULT 4 CHECK (callbacks_per_half_hour BETWEEN 0 AND 10000),
    receipts boolean NOT NULL DEFAULT true,
    from_name jsonb NOT NULL DEFAULT '{}',
    greeting jsonb NOT NULL DEFAULT '{}',
    signature jsonb NOT NULL DEFAULT '{}',
    relax jsonb NOT NULL DEFAULT '[]',
    prefer_s int NOT NULL DEFAULT 0 CHECK (prefer_s BETWEEN 0 AND 86400),
    auto_accept boolean NOT NULL DEFAULT false,
    decision boolean NOT NULL DEFAULT false,
    idle_warning_s int NOT NULL DEFAULT 600 CHECK (idle_warning_s = 0 OR idle_warning_s BETWEEN 30 AND 86400),
    idle_close_s int NOT NULL DEFAULT 180 CHECK (idle_close_s BETWEEN 20 AND 86400),
    feedback boolean NOT NULL DEFAULT true,
    feedback_after_s int NOT NULL DEFAULT 3600 CHECK (feedback_after_s BETWEEN 0 AND 2592000),
    feedback_every_days int NOT NULL DEFAULT 30 CHECK (feedback_every_days BETWEEN 0 AND 3650),
    phone text NOT NULL DEFAULT '',
    sensitive boolean NOT NULL DEFAULT false
);
CREATE INDEX queue_decides ON queue (organisation_id) WHERE decision;
COMMENT ON TABLE queue IS 'A named line of an organisation. Personal data: no. Retention: config.';
COMMENT ON COLUMN queue.sensitive IS 'Whether its cases are hidden from all who have no open contact that needs them (case_needed).';
COMMENT ON COLUMN queue.phone IS 'Number by which citizens call it within its hours, as it is shown; empty: its organisation''s.';
COMMENT ON COLUMN queue.hours IS 'Opening hours in the organisation''s time zone (queue/hours.py): {weekly, exceptions, holidays, eves}; {} for none.';
COMMENT ON COLUMN queue.callbacks_per_half_hour IS 'How many callbacks may be promised in one half hour.';
COMMENT ON COLUMN queue.receipts IS 'Whether a mail that opens a case is acknowledged.';
COMMENT ON COLUMN queue.from_name IS 'By language: the name that its mails come from; without one the queue''s own name.';
COMMENT ON COLUMN queue.greeting IS 'By language: what stands above an answer by mail; may hold {agent}, {case}, {queue}.';
COMMENT ON COLUMN queue.signature IS 'By language: what stands under an answer by mail; may hold {agent}, {case}, {queue}.';
COMMENT ON COLUMN queue.relax IS 'Steps by which who waits here long may be taken by more agents, the earliest first: [{after_s, to, queue}] (queue/relax.py).';
COMMENT ON COLUMN queue.prefer_s IS 'Seconds for which a case that goes on is kept for the agent who knows it, while that agent is available; 0: not.';
COMMENT ON COLUMN queue.auto_accept IS 'Whether its mails are taken for the agent they are offered to, without asking.';
COMMENT ON COLUMN queue.decision IS 'Whether its matters are decided by its organisation alone: others'' agents may not complete them, only hand over.';
COMMENT ON COLUMN queue.idle_warning_s IS 'Seconds of a chatting citizen''s silence after the agent''s last word, until the citizen is asked whether they are there; 0: never.';
COMMENT ON COLUMN queue.idle_close_s IS 'Seconds to say so, before the chat is closed; at least 20 (WCAG 2.2.1).';
COMMENT ON COLUMN queue.feedback IS 'Whether citizens are asked how it went, after each close.';
COMMENT ON COLUMN queue.feedback_after_s IS 'Seconds from a close until a person is asked by mail.';
COMMENT ON COLUMN queue.feedback_every_days IS 'In how many days a person is asked by mail once; 0: never by mail, only where a page shows the link.';
COMMENT ON COLUMN queue.target_s IS 'Seconds in which a contact should be accepted; part of its rank.';
COMMENT ON COLUMN queue.offer_s IS 'Seconds an agent has to accept an offer; null: the setting.';

CREATE VIEW able AS
SELECT s.user_id, s.organisation_id, o.key AS organisation, s.task, s.language, s.level
FROM skill s
JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL
JOIN user_organisation m ON m.user_id = s.user_id AND m.organisation_id = s.organisation_id
JOIN organisation o ON o.id = s.organisation_id
WHERE s.organisation_id = u.organisation_id OR s.trained_on <= (now() AT TIME ZONE o.time_zone)::date AND EXISTS (
    SELECT FROM agreement g
    WHERE g.organisation_id = s.organisation_id AND g.agents_of = u.organisation_id AND s.task = ANY(g.tasks)
      AND g.disabled_at IS NULL AND g.valid_from <= (now() AT TIME ZONE o.time_zone)::date
      AND coalesce(g.valid_to, 'infinity') >= (now() AT TIME ZONE o.time_zone)::date)
UNION ALL
SELECT s.user_id, s.organisation_id, o.key, s.task || '!', s.language, s.level
FROM skill s
JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL AND u.organisation_id = s.organisation_id
JOIN user_organisation m ON m.user_id = s.user_id AND m.organisation_id = s.organisation_id
JOIN organisation o ON o.id = s.organisation_id
WHERE s.organisation_id IN (SELECT q.organisation_id FROM queue q WHERE q.decision);
COMMENT ON VIEW able IS 'The skills that count today: of users who are in use, in organisations whose data they may see; in another than their own by an agreement and after training. A task with "!" is what an organisation''s own staff alone may take: what others handed over to be decided (queue.decision). Personal data: staff. Retention: config.';

CREATE FUNCTION able_in(classes text[]) RETURNS TABLE (user_id bigint, class text) LANGUAGE sql STABLE AS $$
    SELECT a.user_id, w.class
    FROM unnest(classes) AS w (class)
    JOIN able a ON a.organisation = split_part(w.class, '/', 1) AND a.task = split_part(w.class, '/', 2)
        AND split_part(w.class, '/', 3) IN (a.language, '*') AND a.level >= split_part(w.class, '/', 4)::int
$$;
COMMENT ON FUNCTION able_in IS 'Who is able to take contacts of which of these classes, at work or not.';

-- In a language that keeps its plan: it is asked at each offer.
CREATE FUNCTION classes_of(agents bigint[]) RETURNS TABLE (agent bigint, classes text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$ BEGIN RETURN QUERY
    SELECT k.user_id, string_agg(' ' || k.line || lv || '=' || k.level, '')
    FROM (SELECT user_id, organisation || '/' || task || '/' || coalesce(language, '*') || '/' AS line, max(level) AS level
          FROM able WHERE user_id = ANY(agents)
          GROUP BY GROUPING SETS ((user_id, organisation, task, language), (user_id, organisation, task))) AS k
    JOIN (VALUES (1), (2), (3)) AS v (lv) ON lv <= k.level
    GROUP BY k.user_id;
END $$;
COMMENT ON FUNCTION classes_of IS 'Every class that each of these agents is able to take, as the line in Redis has them: " CLASS=LEVEL CLASS=LEVEL", the level being the agent''s own; no row where none.';

CREATE FUNCTION may_take(agent bigint, organisation int, classes text[], asked boolean) RETURNS boolean
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$ BEGIN RETURN EXISTS (
    SELECT FROM able_in(classes) AS w WHERE w.user_id = agent
) OR asked AND (EXISTS (
    SELECT FROM users u JOIN user_organisation m ON m.user_id = u.id AND m.organisation_id = organisation
    WHERE u.id = agent AND u.organisation_id = organisation AND u.disabled_at IS NULL
) OR EXISTS (
    SELECT FROM able a, unnest(classes) AS w (class)
    WHERE a.user_id = agent AND a.organisation = split_part(w.class, '/', 1)
      AND a.task = rtrim(split_part(w.class, '/', 2), '!')
)); END $$;
COMMENT ON FUNCTION may_take IS 'Whether an agent may be given an organisation''s contact of these classes: is able to, or, where somebody asked for it, belongs to the organisation, or serves in the task by an agreement.';

CREATE TABLE mail_address (
    address text PRIMARY KEY CHECK (address = lower(address)),
    queue_id int NOT NULL REFERENCES queue
);
CREATE INDEX mail_address_queue ON mail_address (queue_id);
COMMENT ON TABLE mail_address IS 'Our addresses and the queues they lead to. Personal data: no. Retention: config.';

CREATE TABLE disposition (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key)
);
COMMENT ON TABLE disposition IS 'The coded outcomes that wrap-up may set. Personal data: no. Retention: config.';

CREATE TABLE decline_reason (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key)
);
COMMENT ON TABLE decline_reason IS 'The coded reasons for which agents decline; where an organisation has none, those of the house. Personal data: no. Retention: config.';

CREATE TABLE template (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    text jsonb NOT NULL,
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key)
);
COMMENT ON TABLE template IS 'Answers to write from, by language. Personal data: no. Retention: config.';

CREATE TABLE topic (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    hint jsonb NOT NULL DEFAULT '{}',
    queue_id int NOT NULL REFERENCES queue,
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
    chat_asks text[] CHECK (chat_asks <@ '{name,language}'),
    PRIMARY KEY (organisation_id, key)
);
COMMENT ON TABLE topic IS 'Citizens'' words for matters, each leading to a queue of its organisation. Personal data: no. Retention: config.';
COMMENT ON COLUMN topic.organisation_id IS 'Whose it is; the queue''s as well.';
COMMENT ON COLUMN topic.key IS 'Its name in addresses and in the configuration file.';
COMMENT ON COLUMN topic.name IS 'What citizens call the matter, by language.';
COMMENT ON COLUMN topic.hint IS 'A few words more, by language: what belongs to it.';
COMMENT ON COLUMN topic.queue_id IS 'Who answers.';
COMMENT ON COLUMN topic.position IS 'Place among the organisation''s topics, smaller first.';
COMMENT ON COLUMN topic.disabled_at IS 'Since when it is shown to nobody; null: it is shown.';
COMMENT ON COLUMN topic.chat_asks IS 'As of its organisation; null: what that asks.';

CREATE TABLE theme (
    organisation_id int PRIMARY KEY REFERENCES organisation,
    look jsonb NOT NULL
);
COMMENT ON TABLE theme IS 'What an organisation''s citizens'' pages look like; without a row as the house''s own. Personal data: no. Retention: config.';
COMMENT ON COLUMN theme.organisation_id IS 'Whose it is.';
COMMENT ON COLUMN theme.look IS 'Name, colours, font and logo (configuration/theme.py); files by their digest.';

CREATE TABLE theme_file (
    organisation_id int NOT NULL REFERENCES organisation,
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{32}$'),
    media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp', 'font/woff2')),
    width int,
    height int,
    data bytea NOT NULL CHECK (length(data) <= 1000000),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, digest)
);
COMMENT ON TABLE theme_file IS 'Logos and fonts that a theme names or lately named; served to everybody. Personal data: no. Retention: config.';
COMMENT ON COLUMN theme_file.organisation_id IS 'Whose it is.';
COMMENT ON COLUMN theme_file.digest IS 'Half of the SHA-256 of its bytes, in hex: its name in addresses, so that another file has another address.';
COMMENT ON COLUMN theme_file.media_type IS 'What its bytes prove it to be.';
COMMENT ON COLUMN theme_file.width IS 'Pixels, of an image.';
COMMENT ON COLUMN theme_file.height IS 'Pixels, of an image.';
COMMENT ON COLUMN theme_file.data IS 'The file itself; small, so in one piece.';
COMMENT ON COLUMN theme_file.added_at IS 'When it was last uploaded: the oldest that no theme names go.';

CREATE TABLE widget_origin (
    origin text PRIMARY KEY,
    organisation_id int NOT NULL REFERENCES organisation
);
CREATE INDEX widget_origin_organisation ON widget_origin (organisation_id);
COMMENT ON TABLE widget_origin IS 'Sites that may show our chat and send callback requests, beside those of the settings. Personal data: no. Retention: config.';

CREATE TABLE signing_key (
    purpose text PRIMARY KEY,
    key bytea NOT NULL
);
COMMENT ON TABLE signing_key IS 'Keys of our own by which links are signed. Personal data: no. Retention: config.';
INSERT INTO signing_key VALUES ('callback', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('reply', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('case', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('feedback', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('file', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea));

CREATE TABLE agent (
    user_id bigint PRIMARY KEY REFERENCES users,
    state text NOT NULL DEFAULT 'offline' CHECK (state IN ('available', 'away', 'break', 'training', 'offline')),
    reason text,
    since timestamptz NOT NULL DEFAULT now(),
    load int NOT NULL DEFAULT 0 CHECK (load >= 0),
    idle_since timestamptz NOT NULL DEFAULT now(),
    missed int NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    lost_at timestamptz,
    lost_state text,
    lost_reason text,
    mails int NOT NULL DEFAULT 0 CHECK (mails >= 0),
    missed_from timestamptz
);
CREATE INDEX agent_online ON agent (user_id) WHERE state <> 'offline';
COMMENT ON TABLE agent IS 'An agent at work: state, and units of contacts in hand. Personal data: staff. Retention: live.';
COMMENT ON COLUMN agent.load IS 'Sum of units of the contacts offered to or owned by the agent that are not closed.';
COMMENT ON COLUMN agent.mails IS 'Units of load that are mail in hand, accepted and not paused: a live contact may pause them.';
COMMENT ON COLUMN agent.missed IS 'Offers missed in a row.';
COMMENT ON COLUMN agent.missed_from IS 'When the agent last accepted an offer or missed one: others made before that count as no further miss.';
COMMENT ON COLUMN agent.lost_state IS 'What the state was when the last socket fell silent; given back within return_state_s.';

-- ---------------------------------------------------------------- services

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

-- ---------------------------------------------------------------- why people turn to the city

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

-- ---------------------------------------------------------------- areas

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

-- ---------------------------------------------------------------- people and cases

CREATE TABLE person (
    id bigint PRIMARY KEY,
    organisation_id int NOT NULL,
    name text NOT NULL DEFAULT '',
    language text,
    created_at timestamptz NOT NULL DEFAULT now(),
    merged_into bigint,
    protected_at timestamptz
);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON COLUMN person.merged_into IS 'The person that this one is known to be (person_merge), which itself is merged into no other; null: itself.';
COMMENT ON COLUMN person.protected_at IS 'Since when the addresses are hidden from all but those who may read them; set on a person that is merged into no other.';
COMMENT ON TABLE person IS 'A human or company that turns to the organisation. Personal data: yes. Retention: contact.';

CREATE TABLE identity (
    organisation_id int NOT NULL,
    kind identity_kind NOT NULL,
    address text NOT NULL,
    person_id bigint NOT NULL,
    strength identity_strength NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, kind, address)
);
CREATE INDEX identity_person ON identity (person_id);
COMMENT ON TABLE identity IS 'One address of a person on a channel, and how strongly it is proven. Personal data: yes. Retention: contact.';

CREATE FUNCTION strength_now(known text, heard text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE known WHEN 'none' THEN heard ELSE known END
$$;
COMMENT ON FUNCTION strength_now IS 'An identity''s strength, known before, when its address is heard of again.';

CREATE TABLE cases (
    id bigint PRIMARY KEY,
    organisation_id int NOT NULL,
    person_id bigint,
    subject text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'waiting', 'resolved', 'reopened')),
    priority_s int NOT NULL DEFAULT 0,
    last_seq int NOT NULL DEFAULT 0,
    opened_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    last_shown int NOT NULL DEFAULT 0,
    has_page boolean NOT NULL DEFAULT false,
    answer_by timestamptz,
    page_seen_at timestamptz,
    answers_to text
);
COMMENT ON TABLE cases IS 'The matter to resolve. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN cases.last_seq IS 'The number of the newest message; given in the transaction that inserts it.';
COMMENT ON COLUMN cases.last_shown IS 'The number of the newest message that is no note: what a citizen''s page must have seen before the next.';
COMMENT ON COLUMN cases.has_page IS 'Whether its citizen was given the link to its page, so that an answer can be read there without an address.';
COMMENT ON COLUMN cases.answer_by IS 'Until when it must be answered by law, as feedback on accessibility within 14 days; null: no such time.';
CREATE INDEX cases_answer_by ON cases (answer_by) WHERE answer_by IS NOT NULL AND state <> 'resolved';
CREATE INDEX cases_resolved ON cases (organisation_id, resolved_at) WHERE state = 'resolved';
COMMENT ON COLUMN cases.page_seen_at IS 'When its page was last opened; to the minute, and by whoever has the link.';
COMMENT ON COLUMN cases.answers_to IS 'The mail address that was given on its page, for a case whose person has none; nobody has proven it.';
COMMENT ON COLUMN cases.priority_s IS 'Bonus in seconds that its contacts'' rank gets.';

CREATE TABLE contact (
    id bigint PRIMARY KEY,
    case_id bigint,
    person_id bigint,
    organisation_id int NOT NULL,
    queue_id int NOT NULL,
    channel contact_channel NOT NULL,
    direction contact_direction NOT NULL DEFAULT 'citizen',
    language text NOT NULL,
    requirement text NOT NULL,
    rank bigint NOT NULL,
    units int NOT NULL DEFAULT 1,
    state contact_state NOT NULL,
    version int NOT NULL DEFAULT 1,
    owner bigint,
    offer_id bigint,
    accepted_offer bigint,
    offered_until timestamptz,
    passed bigint[] NOT NULL DEFAULT '{}',
    first_arrival timestamptz NOT NULL,
    wait_from timestamptz NOT NULL,
    offered_at timestamptz,
    first_accepted timestamptz,
    accepted_at timestamptz,
    held_at timestamptz,
    wrap_up_at timestamptz,
    closed_at timestamptz,
    external_id text,
    linked_to bigint,
    disposition text,
    unread int NOT NULL DEFAULT 0,
    raw_blob bigint,
    raw_size bigint,
    why_quarantined text,
    away_from timestamptz,
    aside contact_aside_why,
    also text[] NOT NULL DEFAULT '{}',
    preferred bigint,
    preferred_until timestamptz,
    paused_at timestamptz,
    called text NOT NULL DEFAULT '',
    reason text,
    reason_version int,
    mark contact_mark,
    CHECK ((state IN ('offered', 'active', 'wrap_up')) <= (owner IS NOT NULL)),
    CHECK ((state = 'offered') = (offer_id IS NOT NULL)),
    CHECK ((state = 'quarantined') <= (why_quarantined IS NOT NULL)),
    CHECK ((preferred IS NULL) = (preferred_until IS NULL)),
    CHECK (paused_at IS NULL OR state IN ('active', 'wrap_up'))
);
CREATE INDEX contact_waiting ON contact (queue_id, rank, id) WHERE state = 'queued';
CREATE INDEX contact_offer_end ON contact (offered_until) WHERE state = 'offered';
CREATE INDEX contact_in_hand ON contact (owner) WHERE state IN ('offered', 'active', 'wrap_up');
CREATE INDEX contact_case ON contact (case_id);
CREATE INDEX contact_person ON contact (person_id, id);
CREATE INDEX contact_external ON contact (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX contact_aside ON contact (organisation_id, id) WHERE aside IS NOT NULL;
CREATE INDEX contact_quarantined ON contact (organisation_id, id) WHERE state = 'quarantined';
CREATE INDEX contact_chatting ON contact (id) WHERE channel = 'chat' AND state IN ('queued', 'offered', 'active');
CREATE INDEX contact_away ON contact (away_from) WHERE away_from IS NOT NULL AND state IN ('queued', 'offered', 'active');
CREATE INDEX contact_relaxing ON contact (queue_id, (cardinality(also)), wait_from) WHERE state = 'queued';
CREATE INDEX contact_preferring ON contact (preferred_until) WHERE preferred IS NOT NULL AND state = 'queued';
COMMENT ON TABLE contact IS 'One approach by a person on one channel: what waits, is offered and is counted. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN contact.requirement IS 'What an agent must be able to: organisation/task/language/level.';
COMMENT ON COLUMN contact.also IS 'Further classes of agents who may take it, one for each step by which it was relaxed in this wait.';
COMMENT ON COLUMN contact.preferred IS 'The agent who knows the case: until preferred_until it is kept for that agent, who is at work.';
COMMENT ON COLUMN contact.paused_at IS 'Since when a mail in hand is paused for a live contact; it takes no units then, and goes on by itself.';
COMMENT ON COLUMN contact.called IS 'The name that the person gave for this contact; empty: none, and the person''s own is shown. A phone is often several people''s.';
COMMENT ON COLUMN contact.rank IS 'Place in line, smaller first: microseconds of first arrival plus target minus priority; fixed while waiting.';
COMMENT ON COLUMN contact.owner IS 'The agent it is offered to or handled by; kept after close.';
COMMENT ON COLUMN contact.passed IS 'Agents who declined it since it last entered the line.';
COMMENT ON COLUMN contact.wait_from IS 'When the running or last wait began.';
COMMENT ON COLUMN contact.accepted_offer IS 'The offer its owner accepted, so that a repeated accept gets the same answer.';
COMMENT ON COLUMN contact.away_from IS 'Since when a chatting citizen''s page is not connected; such a contact keeps its place and is not offered.';
COMMENT ON COLUMN contact.raw_blob IS 'Its raw source, of raw_size bytes; a further message of the case has its own. Null where it is kept no longer.';
COMMENT ON COLUMN contact.aside IS 'Why it was closed without an answer, kept and shown to supervisors: a machine wrote it, its sender is blocked, it reports of a mail that nobody knows, an agent said spam.';
COMMENT ON COLUMN contact.reason IS 'Why the person turned to us: a key of contact_reason or of the house''s; null: not said (unclassified).';
COMMENT ON COLUMN contact.reason_version IS 'The version of the reasons that was valid when it was said.';
COMMENT ON COLUMN contact.mark IS 'Whether the contact was of value, or what could have avoided it: an answer in time (chasing), a clear letter (unclear), information (missing), the right place (wrong_place), help at once (unsolved); null: not said.';
COMMENT ON COLUMN contact.unread IS 'Inbound messages its owner has not marked as read.';

CREATE TABLE message (
    id bigint PRIMARY KEY,
    case_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    organisation_id int NOT NULL,
    seq int NOT NULL,
    direction message_direction NOT NULL,
    author text NOT NULL DEFAULT '',
    author_id bigint,
    address text,
    client_id text,
    send_id bigint,
    at timestamptz NOT NULL DEFAULT now(),
    external_id text,
    raw_blob bigint,
    raw_size bigint,
    refs text[] NOT NULL DEFAULT '{}',
    automatic boolean NOT NULL DEFAULT false,
    subject text,
    text text NOT NULL,
    html text,
    rest text,
    facts jsonb,
    choices text[],
    UNIQUE (case_id, seq)
);
CREATE UNIQUE INDEX message_client_id ON message (contact_id, direction, client_id) WHERE client_id IS NOT NULL;
COMMENT ON TABLE message IS 'One piece of content in a case, numbered 1, 2, 3 without gaps. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN message.automatic IS 'Written by a machine, so no answer goes to it.';
COMMENT ON COLUMN message.external_id IS 'Of an inbound mail its Message-ID; an answer names it.';
COMMENT ON COLUMN message.refs IS 'Of an inbound mail the Message-IDs it named, oldest first.';
COMMENT ON COLUMN message.rest IS 'Of a mail what stands around what was written now: quotes and signature; null where there is none.';
COMMENT ON COLUMN message.facts IS 'What a mail tells beside its text, as channel.MailFacts; of one of ours to whom it went and what it forwards. Null for other messages.';
COMMENT ON COLUMN message.choices IS 'Of what an agent wrote in a chat: short answers that the citizen may press instead of typing; null: none.';
COMMENT ON COLUMN message.html IS 'Sanitised HTML of a mail, without remote content; shown in a sandbox only.';

CREATE TABLE chat (
    case_id bigint PRIMARY KEY,
    contact_id bigint NOT NULL,
    secret bytea,
    next_secret bytea,
    socket bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    read_by_citizen int NOT NULL DEFAULT 0,
    read_by_agent int NOT NULL DEFAULT 0,
    ended text CHECK (ended IN ('left', 'idle', 'expired', 'changed')),
    told boolean NOT NULL DEFAULT false,
    idle_at timestamptz,
    idle_seq int,
    stayed_at timestamptz,
    page_language text
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
COMMENT ON COLUMN chat.idle_at IS 'When it is closed because its citizen is silent; null: the citizen was not asked.';
COMMENT ON COLUMN chat.idle_seq IS 'The message after which the citizen was silent: idle_at holds while it is the newest that the citizen sees.';
COMMENT ON COLUMN chat.stayed_at IS 'When the citizen last said to be still there, or the agent kept the chat open.';
COMMENT ON COLUMN chat.page_language IS 'In which language the citizen reads the page, by the last word of it; null: it never said.';

CREATE TABLE callback (
    contact_id bigint PRIMARY KEY,
    organisation_id int NOT NULL,
    number text NOT NULL CHECK (number ~ '^[+][0-9]{4,15}$'),
    email text,
    asked int NOT NULL DEFAULT 1,
    slot_queue int,
    promise_from timestamptz,
    promise_to timestamptz,
    kept boolean,
    attempts int NOT NULL DEFAULT 0,
    most int NOT NULL DEFAULT 3 CHECK (most > 0),
    dialled_at timestamptz,
    next_at timestamptz,
    next_why text CHECK (next_why IN ('window', 'retry')),
    result text CHECK (result IN ('reached', 'not_reached', 'wrong_number', 'cancelled')),
    CHECK ((next_at IS NULL) = (next_why IS NULL)),
    CHECK ((promise_from IS NULL) = (promise_to IS NULL))
);
CREATE UNIQUE INDEX callback_open ON callback (organisation_id, number) WHERE result IS NULL;
CREATE INDEX callback_due ON callback (next_at, contact_id) WHERE next_at IS NOT NULL;
CREATE INDEX callback_promised ON callback (promise_to)
    WHERE promise_to IS NOT NULL AND kept IS NULL AND result IS DISTINCT FROM 'cancelled';
COMMENT ON TABLE callback IS 'A call that the city owes: the number, what was promised, how often it was tried. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN callback.number IS 'E.164.';
COMMENT ON COLUMN callback.email IS 'Where we write when nobody answers; null where none was given.';
COMMENT ON COLUMN callback.asked IS 'How many requests for this number joined here.';
COMMENT ON COLUMN callback.slot_queue IS 'The queue of whose half hour it holds a place.';
COMMENT ON COLUMN callback.kept IS 'Whether the first dial lay within the promised window; null while open.';
COMMENT ON COLUMN callback.most IS 'How many attempts there are, as was the rule when it was asked for.';
COMMENT ON COLUMN callback.dialled_at IS 'When the agent who has it began to dial; worth nothing where it is older than the acceptance.';
COMMENT ON COLUMN callback.next_at IS 'When it enters the line; null while it is there or with an agent, and when it is over.';
COMMENT ON COLUMN callback.result IS 'How it ended; null while it is open.';

CREATE TABLE callback_request (
    id bigint PRIMARY KEY,
    request_id text NOT NULL UNIQUE,
    contact_id bigint NOT NULL,
    digest bytea NOT NULL,
    joined boolean NOT NULL,
    language text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX callback_request_contact ON callback_request (contact_id);
COMMENT ON TABLE callback_request IS 'One request to be called; a status link names it. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN callback_request.digest IS 'SHA-256 of what was asked, so that the same id with other content is noticed.';
COMMENT ON COLUMN callback_request.joined IS 'Whether it joined an open request; such a link shows and cancels nothing of the other''s.';

CREATE TABLE callback_slot (
    queue_id int NOT NULL REFERENCES queue,
    starts_at timestamptz NOT NULL,
    taken int NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (queue_id, starts_at)
);
COMMENT ON TABLE callback_slot IS 'How many callbacks are promised in a queue''s half hour. Personal data: no. Retention: live.';

CREATE TABLE attempt (
    contact_id bigint NOT NULL,
    client_id text NOT NULL,
    n int NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    agent bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('reached', 'no_answer', 'busy', 'wrong_number')),
    again_at timestamptz,
    PRIMARY KEY (contact_id, client_id),
    UNIQUE (contact_id, n)
);
COMMENT ON TABLE attempt IS 'One dial of a callback, and what came of it. Personal data: staff ids. Retention: contact.';

CREATE TABLE blob (
    id bigint NOT NULL,
    n int NOT NULL,
    data bytea NOT NULL,
    sealed_by text,
    PRIMARY KEY (id, n)
);
COMMENT ON TABLE blob IS 'Bytes of attachments and raw mail, in chunks of 256 kB. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN blob.sealed_by IS 'The fingerprint of the key that sealed data; null: data is as it came.';

CREATE TABLE attachment (
    id bigint PRIMARY KEY,
    message_id bigint NOT NULL,
    organisation_id int NOT NULL,
    blob_id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    content_id text,
    inline boolean NOT NULL DEFAULT false,
    scan text NOT NULL DEFAULT coalesce(nullif(current_setting('contactcenter.scan', true), ''), 'none')
        CHECK (scan IN ('none', 'waiting', 'clean', 'infected', 'failed')),
    scan_tries int NOT NULL DEFAULT 0,
    scan_next timestamptz NOT NULL DEFAULT now(),
    scanned_at timestamptz,
    scan_name text
);
CREATE INDEX attachment_message ON attachment (message_id);
CREATE INDEX attachment_scan ON attachment (scan, scan_next) WHERE scan NOT IN ('none', 'clean');
COMMENT ON TABLE attachment IS 'A file that came with a message. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN attachment.scan IS 'What the scanner said: none (there was no scanner when it came; connections of nodes that have one set contactcenter.scan), waiting, clean, infected, failed. Only none and clean may be opened.';
COMMENT ON COLUMN attachment.scan_tries IS 'How often it was given to the scanner without an answer about it.';
COMMENT ON COLUMN attachment.scan_next IS 'While it waits: when it is given to the scanner next; a claim moves it.';
COMMENT ON COLUMN attachment.scanned_at IS 'When the scanner, or its giving up, settled it.';
COMMENT ON COLUMN attachment.scan_name IS 'What was found, or why it could not be scanned.';
COMMENT ON COLUMN attachment.inline IS 'Whether the message''s HTML shows it, by its content id.';

CREATE TABLE draft (
    contact_id bigint PRIMARY KEY REFERENCES contact,
    user_id bigint NOT NULL,
    text text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    mail jsonb
);
COMMENT ON TABLE draft IS 'The answer being written; it stays with the contact when the agent is lost. Personal data: yes. Retention: live.';
COMMENT ON COLUMN draft.mail IS 'Of a mail what it says beside its text: {to, cc, bcc, quote, attachments}, as typed; null where nothing.';

CREATE TABLE upload (
    id bigint PRIMARY KEY,
    contact_id bigint NOT NULL,
    organisation_id int NOT NULL,
    user_id bigint,
    blob_id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    token bytea UNIQUE,
    arrived boolean NOT NULL DEFAULT true,
    scan text NOT NULL DEFAULT coalesce(nullif(current_setting('contactcenter.scan', true), ''), 'none')
        CHECK (scan IN ('none', 'waiting', 'clean', 'infected', 'failed')),
    scan_tries int NOT NULL DEFAULT 0,
    scan_next timestamptz NOT NULL DEFAULT now(),
    scanned_at timestamptz,
    scan_name text
);
CREATE INDEX upload_contact ON upload (contact_id);
CREATE INDEX upload_at ON upload (at);
CREATE INDEX upload_scan ON upload (scan, scan_next) WHERE scan NOT IN ('none', 'clean');
COMMENT ON TABLE upload IS 'A file to be sent with an answer; its row goes when it was sent, it goes with its bytes when nobody needs it. Personal data: yes. Retention: live.';
COMMENT ON COLUMN upload.user_id IS 'The agent who adds it to an answer; null: the citizen of a chat sends it.';
COMMENT ON COLUMN upload.token IS 'SHA-256 of what lets a citizen''s page send the bytes, once; null as soon as they have begun to come.';
COMMENT ON COLUMN upload.arrived IS 'Whether all bytes are here. What has not arrived within a while goes.';
COMMENT ON COLUMN upload.scan IS 'As of an attachment, which it takes along.';
COMMENT ON COLUMN upload.scan_tries IS 'As of an attachment.';
COMMENT ON COLUMN upload.scan_next IS 'As of an attachment.';
COMMENT ON COLUMN upload.scanned_at IS 'As of an attachment.';
COMMENT ON COLUMN upload.scan_name IS 'As of an attachment.';

-- The app may delete no blob; those of uploads it may, through this.
CREATE FUNCTION drop_uploads(ids bigint[]) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH gone AS (DELETE FROM upload WHERE id = ANY(ids) RETURNING blob_id),
    bytes AS (DELETE FROM blob WHERE id IN (SELECT blob_id FROM gone))
    SELECT count(*)::int FROM gone;
$$;

-- ---------------------------------------------------------------- sealed bytes

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

-- ---------------------------------------------------------------- intake

CREATE TABLE intake (
    channel text NOT NULL,
    key text NOT NULL,
    contact_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (channel, key)
);
COMMENT ON TABLE intake IS 'What has been taken in: the same key again is the same contact. Personal data: yes. Retention: contact.';

CREATE TABLE door_cursor (
    source text PRIMARY KEY,
    value text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    fence bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE door_cursor IS 'How far a door has read its source, committed with the contacts. Personal data: no. Retention: live.';
COMMENT ON COLUMN door_cursor.fence IS 'Of the lease under which it was written; an older holder changes it no more.';

CREATE TABLE mailbox (
    name text PRIMARY KEY,
    fence bigint NOT NULL DEFAULT 0,
    first_at timestamptz NOT NULL DEFAULT now(),
    stage text CHECK (stage IN ('connecting', 'fetching', 'watching', 'polling')),
    polled_at timestamptz,
    newest_at timestamptz,
    waiting int NOT NULL DEFAULT 0,
    oldest_at timestamptz,
    failures int NOT NULL DEFAULT 0,
    error text,
    detail text,
    error_at timestamptz,
    trying text,
    tries int NOT NULL DEFAULT 0,
    ended_by text NOT NULL DEFAULT '',
    renewed text CHECK (renewed IN ('uidvalidity', 'restored')),
    renewed_at timestamptz,
    known int NOT NULL DEFAULT 0,
    new int NOT NULL DEFAULT 0,
    token_expires_at timestamptz
);
COMMENT ON TABLE mailbox IS 'How it goes with each mailbox that mail is fetched from; how far it came stands in door_cursor as imap:NAME. Personal data: no. Retention: live.';
COMMENT ON COLUMN mailbox.fence IS 'Of the lease under which it was written last; an older holder changes it no more.';
COMMENT ON COLUMN mailbox.first_at IS 'Connected first. What was read before that is not taken in, also when the server numbers its mails anew.';
COMMENT ON COLUMN mailbox.polled_at IS 'Looked into last with success; newest_at is the arrival of the newest mail taken in.';
COMMENT ON COLUMN mailbox.waiting IS 'Mails still to be taken in when it was looked into; the oldest of them arrived at oldest_at.';
COMMENT ON COLUMN mailbox.failures IS 'Failures since the last success; error (a code), detail and error_at are of the newest failure and stay.';
COMMENT ON COLUMN mailbox.trying IS 'The mail that was begun at last, tries times in a row; ended_by is the error of the last of these, empty where the process ended.';
COMMENT ON COLUMN mailbox.renewed IS 'Why all mails came again, at renewed_at; so many of them were known, so many new.';
COMMENT ON COLUMN mailbox.token_expires_at IS 'Until when the way to get tokens is good, where that is known.';

CREATE TABLE blocked_sender (
    organisation_id int NOT NULL REFERENCES organisation,
    address text NOT NULL CHECK (address = lower(address)),
    user_id bigint NOT NULL,
    contact_id bigint,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, address)
);
COMMENT ON TABLE blocked_sender IS 'Whose mail is kept and never waits, who said so and by which contact. Personal data: yes. Retention: config.';

CREATE TABLE receipt_due (
    contact_id bigint PRIMARY KEY,
    language text NOT NULL
);
COMMENT ON TABLE receipt_due IS 'Mails that opened a case and are to be acknowledged, in this language; gone when that is decided. Personal data: no. Retention: live.';

CREATE TABLE loop_hit (
    organisation_id int NOT NULL,
    address text NOT NULL,
    why text NOT NULL CHECK (why IN ('many', 'day', 'own', 'receipt')),
    day date NOT NULL DEFAULT current_date,
    n int NOT NULL DEFAULT 1,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organisation_id, address, why, day)
);
COMMENT ON TABLE loop_hit IS 'Mails that got no acknowledgement because machines might be writing to each other. Personal data: yes. Retention: log.';
COMMENT ON COLUMN loop_hit.why IS 'many: too many in a short time; day: as many acknowledgements as a day allows; own: one of our own addresses; receipt: it names an acknowledgement of ours.';
COMMENT ON COLUMN loop_hit.n IS 'How many on that day; at is the last one.';

-- ---------------------------------------------------------------- delivery

CREATE TABLE outbound (
    send_id bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('reply', 'receipt', 'notice', 'feedback', 'forward', 'transcript')),
    organisation_id int NOT NULL,
    channel text NOT NULL,
    contact_id bigint REFERENCES contact,
    case_id bigint REFERENCES cases,
    message_id bigint REFERENCES message,
    client_id text,
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempts int NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT now(),
    claimed_by text,
    claimed_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    code text,
    external_id text NOT NULL UNIQUE,
    sender text NOT NULL,
    sender_name text NOT NULL DEFAULT '',
    recipient text NOT NULL,
    subject text NOT NULL DEFAULT '',
    text text,
    language text NOT NULL DEFAULT 'fi',
    in_reply_to text,
    refs text[] NOT NULL DEFAULT '{}',
    automatic boolean NOT NULL DEFAULT false,
    at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    delayed_at timestamptz,
    delay_code text,
    undelivered_at timestamptz,
    undelivered_for bigint,
    also_to text[] NOT NULL DEFAULT '{}',
    cc text[] NOT NULL DEFAULT '{}',
    bcc text[] NOT NULL DEFAULT '{}',
    reply_to text,
    taken text[] NOT NULL DEFAULT '{}',
    refused jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX outbound_due ON outbound (next_at) WHERE state = 'queued';
CREATE INDEX outbound_claimed ON outbound (claimed_until) WHERE state = 'sending';
CREATE INDEX outbound_contact ON outbound (contact_id);
CREATE INDEX outbound_case ON outbound (case_id);
CREATE INDEX outbound_undelivered ON outbound (undelivered_at) WHERE undelivered_at IS NOT NULL;
CREATE INDEX outbound_receipt_to ON outbound (regexp_replace(recipient, '\+[^@]*@', '@'), at) WHERE kind = 'receipt';
CREATE INDEX outbound_receipt_at ON outbound (at) WHERE kind = 'receipt';
CREATE INDEX outbound_feedback_to ON outbound (regexp_replace(recipient, '\+[^@]*@', '@'), at) WHERE kind = 'feedback';
CREATE INDEX outbound_feedback_at ON outbound (at) WHERE kind = 'feedback';
COMMENT ON TABLE outbound IS 'What leaves the house, and what became of it. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN outbound.external_id IS 'The Message-ID on the wire, with an unguessable part; a mail that names it joins the case.';
COMMENT ON COLUMN outbound.fence IS 'Rises with each claim; a sender that woke up late can''t write over a newer one.';
COMMENT ON COLUMN outbound.delayed_at IS 'When another server last reported that it still tries; delay_code is its word.';
COMMENT ON COLUMN outbound.undelivered_at IS 'Since when it is known that an answer did not arrive; null again when somebody has dealt with it.';
COMMENT ON COLUMN outbound.undelivered_for IS 'The agent who is shown that; null: only supervisors see it.';
COMMENT ON COLUMN outbound.text IS 'The whole text as it leaves, with greeting, signature and quote; null: that of the message. Of a notice it is emptied when sent.';
COMMENT ON COLUMN outbound.also_to IS 'Further addresses in To beside the recipient.';
COMMENT ON COLUMN outbound.reply_to IS 'Where answers go, with the reply token; null: to the sender.';
COMMENT ON COLUMN outbound.taken IS 'Whom the relay has taken it for, while others still lack it; each gets it once.';
COMMENT ON COLUMN outbound.refused IS 'Whom the relay will not take it for: [{address, code}].';

-- ---------------------------------------------------------------- persons that are one

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

-- ---------------------------------------------------------------- afterwards

CREATE TABLE feedback (
    contact_id bigint PRIMARY KEY,
    case_id bigint NOT NULL,
    organisation_id int NOT NULL,
    queue_id int NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    handling int CHECK (handling BETWEEN 1 AND 5),
    service int CHECK (service BETWEEN 1 AND 5),
    text text NOT NULL DEFAULT '',
    given_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz,
    CHECK (handling IS NOT NULL OR service IS NOT NULL)
);
CREATE INDEX feedback_given ON feedback (organisation_id, given_at, contact_id);
COMMENT ON TABLE feedback IS 'What the citizen of a contact says afterwards, as it is now. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN feedback.contact_id IS 'The contact that it is about: one each.';
COMMENT ON COLUMN feedback.case_id IS 'The contact''s case.';
COMMENT ON COLUMN feedback.organisation_id IS 'Whose contact it is.';
COMMENT ON COLUMN feedback.queue_id IS 'Where it was handled.';
COMMENT ON COLUMN feedback.channel IS 'By which channel.';
COMMENT ON COLUMN feedback.language IS 'In which language it was given.';
COMMENT ON COLUMN feedback.handling IS 'How well the contact was handled, from 1 (very badly) to 5 (very well); null: not said.';
COMMENT ON COLUMN feedback.service IS 'How well the service works that it was about, likewise.';
COMMENT ON COLUMN feedback.text IS 'In the citizen''s words, masked; empty: none.';
COMMENT ON COLUMN feedback.given_at IS 'When it was first given.';
COMMENT ON COLUMN feedback.changed_at IS 'When it was last changed; null: never.';

CREATE TABLE feedback_due (
    contact_id bigint PRIMARY KEY,
    at timestamptz NOT NULL
);
CREATE INDEX feedback_due_at ON feedback_due (at, contact_id);
COMMENT ON TABLE feedback_due IS 'Closed contacts whose citizens may be asked by mail how it went; gone when that is decided. Personal data: no. Retention: live.';
COMMENT ON COLUMN feedback_due.contact_id IS 'The contact.';
COMMENT ON COLUMN feedback_due.at IS 'When it is decided.';

-- ---------------------------------------------------------------- open feedback

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

CREATE TABLE transcript (
    id bigint PRIMARY KEY,
    case_id bigint NOT NULL,
    organisation_id int NOT NULL,
    request_id text NOT NULL,
    address text NOT NULL,
    language text NOT NULL,
    token_hash bytea UNIQUE,
    at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    proven_at timestamptz,
    send_id bigint,
    UNIQUE (case_id, request_id)
);
CREATE INDEX transcript_mailbox ON transcript (regexp_replace(address, '\+[^@]*@', '@'), at);
COMMENT ON TABLE transcript IS 'A citizen''s wish to have what was said in a case by mail. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN transcript.id IS 'One of the house''s ids.';
COMMENT ON COLUMN transcript.case_id IS 'The case.';
COMMENT ON COLUMN transcript.organisation_id IS 'Whose case it is.';
COMMENT ON COLUMN transcript.request_id IS 'The form''s own id: sent twice it is one wish.';
COMMENT ON COLUMN transcript.address IS 'Where it shall go, in small letters.';
COMMENT ON COLUMN transcript.language IS 'In which language.';
COMMENT ON COLUMN transcript.token_hash IS 'SHA-256 of what the link holds by which the address is proven; null where it was proven before, or nobody was written to.';
COMMENT ON COLUMN transcript.at IS 'When it was asked for.';
COMMENT ON COLUMN transcript.expires_at IS 'Until when the link is good.';
COMMENT ON COLUMN transcript.proven_at IS 'When the link was used, once; from then on the address is proven for this case.';
COMMENT ON COLUMN transcript.send_id IS 'The mail that took it there; null: none so far.';

CREATE FUNCTION forged(facts jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(facts #>> '{authentication,dmarc}' = 'fail'
                    OR facts #>> '{authentication,spf}' = 'fail'
                       AND facts #>> '{authentication,dkim}' IS DISTINCT FROM 'pass', false)
$$;
COMMENT ON FUNCTION forged IS 'Whether our own server''s results speak against the sender of a mail with these facts (RFC 8601), as intake/rules.py says.';

-- ---------------------------------------------------------------- what happened, and what is to be told

CREATE SEQUENCE event_id_seq;
CREATE TABLE event (
    id bigint NOT NULL DEFAULT nextval('event_id_seq'),
    at timestamptz NOT NULL DEFAULT now(),
    kind event_kind NOT NULL,
    organisation_id int NOT NULL,
    contact_id bigint,
    queue_id int,
    channel text,
    language text,
    direction text,
    agent bigint,
    offer bigint,
    why text,
    wait_from timestamptz,
    rank bigint,
    rule text,
    disposition text,
    to_state text,
    reason text,
    promise_from timestamptz,
    promise_to timestamptz,
    kept boolean,
    low_s double precision,
    high_s double precision,
    handling int,
    service int,
    reason_version int,
    mark text,
    service_id int,
    request bigint,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX event_contact ON event (contact_id, id);
CREATE INDEX event_at ON event USING brin (at) WITH (pages_per_range = 32);
CREATE INDEX event_agent_state ON event (agent, id) WHERE kind = 'agent_state';
CREATE INDEX event_offer_end ON event (offer) WHERE kind = 'offer_ended';
CREATE INDEX event_declined ON event (at) WHERE kind = 'offer_ended' AND why = 'declined';
CREATE TABLE event_rest PARTITION OF event DEFAULT;
COMMENT ON TABLE event IS 'What happened: ids, enums and times only; the source of every figure; only ever inserted into. Personal data: staff ids. Retention: figures.';
COMMENT ON TABLE event_rest IS 'Events whose month has no partition. Personal data: staff ids. Retention: figures.';
COMMENT ON COLUMN event.reason IS 'The coded reason of an agent''s state, or of a declined offer; of what was closed or classified why the person turned to us.';
COMMENT ON COLUMN event.handling IS 'Of feedback: the mark for how the contact was handled, from 1 to 5; null: none.';
COMMENT ON COLUMN event.service IS 'Of feedback: the mark for the service that it was about, likewise.';
COMMENT ON COLUMN event.reason_version IS 'Of closed and classified, as of the contact; mark likewise. Of such events of a contact the newest counts.';
COMMENT ON COLUMN event.service_id IS 'Of closed and classified: the service of its case; null: unclassified.';
COMMENT ON COLUMN event.request IS 'Of closed and classified: the contact by which this request began (cases/requests.py), itself where it is the first, another where this one is a repeat; null: not one that counts.';
COMMENT ON COLUMN event.low_s IS 'Of an estimate: the whole wait, from wait_from on, ends between low_s and high_s seconds.';

CREATE TABLE decision (
    offer bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    organisation_id int NOT NULL,
    contact_id bigint NOT NULL,
    agent bigint NOT NULL,
    rule text NOT NULL,
    why jsonb NOT NULL
);
CREATE INDEX decision_contact ON decision (contact_id, offer);
COMMENT ON TABLE decision IS 'Why an offer went to its agent. Personal data: staff ids. Retention: figures.';
COMMENT ON COLUMN decision.why IS '{class: the agents looked at, counts: {unable, out, full, busy, declined} of the others on duty, runners: the next ten}.';
COMMENT ON COLUMN decision.rule IS 'The version of the rules by which it was decided.';

CREATE TABLE line_note (
    id bigint PRIMARY KEY DEFAULT nextval('event_id_seq'),
    at timestamptz NOT NULL DEFAULT now(),
    contact_id bigint,
    here boolean,
    channel text,
    agent bigint,
    capacity int,
    pauses_mail boolean,
    classes text,
    CHECK ((contact_id IS NULL) = (here IS NULL) AND (contact_id IS NULL) = (channel IS NULL)),
    CHECK ((agent IS NULL) = (classes IS NULL) AND (agent IS NULL) = (capacity IS NULL) AND (agent IS NULL) = (pauses_mail IS NULL)),
    CHECK ((contact_id IS NULL) <> (agent IS NULL))
);
CREATE INDEX line_note_agent ON line_note (agent, id) WHERE agent IS NOT NULL;
CREATE INDEX line_note_contact ON line_note (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX line_note_at ON line_note USING brin (at);
COMMENT ON TABLE line_note IS 'What the line was told that no event says, numbered among the events, so that decisions can be made once more: what an agent is able to, whether a chatting citizen is there. Personal data: staff ids. Retention: figures.';
COMMENT ON COLUMN line_note.here IS 'Whether the citizen''s page is connected from then on, or none is needed; channel: as it is from then on.';
COMMENT ON COLUMN line_note.classes IS 'What the agent is able to take from then on, as classes_of tells it; written where it differs from before.';

CREATE FUNCTION event_partition(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    first date := date_trunc('month', month);
    part text := 'event_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)',
                       part, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
        EXECUTE format('COMMENT ON TABLE %I IS %L', part, 'One month of event. Personal data: staff ids. Retention: figures.');
    END IF;
END $$;
SELECT event_partition((now() + make_interval(months => n))::date) FROM generate_series(-1, 3) AS n;

CREATE TABLE outbox (
    contact_id bigint PRIMARY KEY,
    version int NOT NULL,
    tell bigint[] NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT now(),
    since int NOT NULL DEFAULT 0
);
COMMENT ON TABLE outbox IS 'Contacts whose change is committed but may not stand in Redis yet; swept when older than 1 s. Personal data: no. Retention: live.';
COMMENT ON COLUMN outbox.since IS 'The first version that is still owed; a later one that was told does not settle it.';
COMMENT ON COLUMN outbox.tell IS 'Users whose screens show the contact, before or after the change.';

CREATE TABLE figure (
    by text NOT NULL CHECK (by IN ('end', 'day', 'arrival')),
    at timestamptz NOT NULL,
    queue_id int NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    entered bigint NOT NULL DEFAULT 0,
    accepted bigint NOT NULL DEFAULT 0,
    accepted_in bigint NOT NULL DEFAULT 0,
    wait_us bigint NOT NULL DEFAULT 0,
    abandoned bigint NOT NULL DEFAULT 0,
    abandoned_in bigint NOT NULL DEFAULT 0,
    short_abandoned bigint NOT NULL DEFAULT 0,
    handled bigint NOT NULL DEFAULT 0,
    handle_us bigint NOT NULL DEFAULT 0,
    promises bigint NOT NULL DEFAULT 0,
    kept bigint NOT NULL DEFAULT 0,
    estimated bigint NOT NULL DEFAULT 0,
    estimated_in bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (by, at, queue_id, channel, language)
);
COMMENT ON TABLE figure IS 'Events added up by quarter of an hour and by day, as stats/rules.py says; can be made anew from the events. Personal data: no. Retention: figures.';
COMMENT ON COLUMN figure.by IS 'end: a wait counts in the quarter in which it ended; arrival: in the one in which it began. day: as end, by the organisation''s days, at being their midnight; language is empty, for all.';
COMMENT ON COLUMN figure.accepted_in IS 'Accepted within the service level''s time; wait_us is the sum of the waits of accepted, in microseconds.';
COMMENT ON COLUMN figure.abandoned IS 'Left after more than the short abandon; abandoned_in of these within the service level''s time.';
COMMENT ON COLUMN figure.estimated IS 'Waits of which it is known whether their first estimate held; estimated_in of these it did.';
COMMENT ON COLUMN figure.handled IS 'Interactions that ended; handle_us is their time, from accepted to closed or left.';

CREATE TABLE figure_progress (
    name text PRIMARY KEY CHECK (name = 'event'),
    upto bigint NOT NULL,
    gaps jsonb NOT NULL DEFAULT '[]',
    at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE figure_progress IS 'Which events are in figure: all up to this id but the gaps, ids that were given and not yet committed. Personal data: no. Retention: figures.';
COMMENT ON COLUMN figure_progress.gaps IS '[[first id, last id, missed since (s), transactions below this number might commit it]]; stats/progress.py says when one is given up.';
INSERT INTO figure_progress (name, upto) VALUES ('event', 0);

CREATE TABLE lease (
    name text PRIMARY KEY,
    owner text NOT NULL,
    until timestamptz NOT NULL,
    fence bigint NOT NULL DEFAULT 1,
    beat_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE lease IS 'Work that one node at a time does. Personal data: no. Retention: live.';

CREATE TABLE repair (
    name text PRIMARY KEY,
    n bigint NOT NULL
);
COMMENT ON TABLE repair IS 'How often the sweep or the reconciler had to mend a projection; 0 when nothing failed. Personal data: no. Retention: figures.';

-- ---------------------------------------------------------------- insight

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

-- ---------------------------------------------------------------- roles
-- owner: made this; changes tables. app: what serve and the commands run as. worker: app, and
-- what retention may delete. Neither can change or delete an event or an audit row.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'contactcenter_app') THEN
        CREATE ROLE contactcenter_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'contactcenter_worker') THEN
        CREATE ROLE contactcenter_worker NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- another database of the same server was being made at the same moment
END $$;
DO $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO contactcenter_app, contactcenter_worker', current_schema());
    EXECUTE format('GRANT contactcenter_app, contactcenter_worker TO %I', current_user);
END $$;
GRANT SELECT, INSERT, UPDATE ON
    organisation, users, user_organisation, skill, agreement, agreement_day, session, token, queue, mail_address, disposition, decline_reason, template, topic, widget_origin,
    agent, person, identity, cases, contact, message, chat, callback, callback_request, callback_slot, attempt, blob, attachment,
    draft, upload, intake, door_cursor, mailbox, blocked_sender, receipt_due, loop_hit, outbound, feedback, feedback_due, transcript, person_merge, outbox, figure, figure_progress, lease, repair
    TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON user_organisation, skill, session, token, mail_address, widget_origin, blocked_sender, receipt_due, feedback_due, draft, upload, outbox, callback_slot, figure, lease
    TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON theme, theme_file TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON service, service_channel, service_term TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON contact_reason TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT ON contact_reason_version TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_service TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON past_word, past_word_count TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON area TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON case_area TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON open_feedback TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON open_feedback TO contactcenter_worker;
GRANT SELECT, INSERT, UPDATE ON insight_stretch TO contactcenter_app, contactcenter_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON insight_count, insight_told, insight_month, insight_work TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON person, identity, cases, contact, message, chat, callback, callback_request, attempt, blob, attachment, intake, outbound, loop_hit, feedback, transcript, person_merge TO contactcenter_worker;
GRANT SELECT, INSERT ON blob_key TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON identity TO contactcenter_app;  -- what was written down wrongly, corrected by the agent
GRANT SELECT, INSERT ON event, decision, line_note, audit TO contactcenter_app, contactcenter_worker;
GRANT SELECT ON schema_version, signing_key, able, case_said TO contactcenter_app, contactcenter_worker;
GRANT USAGE ON SEQUENCE id_seq, event_id_seq TO contactcenter_app, contactcenter_worker;
