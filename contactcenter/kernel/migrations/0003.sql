-- From release 2 to 3: callbacks, opening hours, templates, figures.
ALTER TABLE queue ADD COLUMN hours jsonb NOT NULL DEFAULT '{}';
ALTER TABLE queue ADD COLUMN callbacks_per_half_hour int NOT NULL DEFAULT 4 CHECK (callbacks_per_half_hour BETWEEN 0 AND 10000);
COMMENT ON COLUMN queue.hours IS 'Opening hours in the organisation''s time zone (queue/hours.py): {weekly, exceptions, holidays, eves}; {} for none.';
COMMENT ON COLUMN queue.callbacks_per_half_hour IS 'How many callbacks may be promised in one half hour.';

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
INSERT INTO signing_key VALUES ('callback', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea));

ALTER TABLE chat DROP CONSTRAINT chat_ended_check;
ALTER TABLE chat ADD CONSTRAINT chat_ended_check CHECK (ended IN ('left', 'idle', 'expired', 'changed'));

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
    next_at timestamptz,
    next_why text CHECK (next_why IN ('window', 'retry')),
    result text CHECK (result IN ('reached', 'not_reached', 'wrong_number', 'cancelled')),
    CHECK ((next_at IS NULL) = (next_why IS NULL)),
    CHECK ((promise_from IS NULL) = (promise_to IS NULL))
);
CREATE UNIQUE INDEX callback_open ON callback (organisation_id, number) WHERE result IS NULL;
CREATE INDEX callback_due ON callback (next_at, contact_id) WHERE next_at IS NOT NULL;
CREATE INDEX callback_promised ON callback (promise_to) WHERE promise_to IS NOT NULL AND kept IS NULL;
COMMENT ON TABLE callback IS 'A call that the city owes: the number, what was promised, how often it was tried. Personal data: yes. Retention: contact.';
COMMENT ON COLUMN callback.number IS 'E.164.';
COMMENT ON COLUMN callback.email IS 'Where we write when nobody answers; null where none was given.';
COMMENT ON COLUMN callback.asked IS 'How many requests for this number joined here.';
COMMENT ON COLUMN callback.slot_queue IS 'The queue of whose half hour it holds a place.';
COMMENT ON COLUMN callback.kept IS 'Whether the first dial lay within the promised window; null while open.';
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

CREATE TABLE figure (
    by text NOT NULL CHECK (by IN ('end', 'arrival')),
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
    PRIMARY KEY (by, at, queue_id, channel, language)
);
COMMENT ON TABLE figure IS 'Events added up by quarter of an hour, as stats/rules.py says; can be made anew from the events. Personal data: no. Retention: figures.';
COMMENT ON COLUMN figure.by IS 'end: a wait counts in the quarter in which it ended; arrival: in the one in which it began.';
COMMENT ON COLUMN figure.accepted_in IS 'Accepted within the service level''s time; wait_us is the sum of the waits of accepted, in microseconds.';
COMMENT ON COLUMN figure.abandoned IS 'Left after more than the short abandon; abandoned_in of these within the service level''s time.';
COMMENT ON COLUMN figure.handled IS 'Interactions that ended; handle_us is their time, from accepted to closed or left.';

CREATE TABLE figure_progress (
    name text PRIMARY KEY CHECK (name = 'event'),
    upto bigint NOT NULL,
    gaps jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE figure_progress IS 'Which events are in figure: all up to this id but the gaps, ids that were given and not yet committed. Personal data: no. Retention: figures.';
COMMENT ON COLUMN figure_progress.gaps IS '{id: since when it is missed}; dropped when no transaction can still commit it.';
INSERT INTO figure_progress (name, upto) VALUES ('event', 0);

GRANT SELECT, INSERT, UPDATE ON template, widget_origin, callback, callback_request, callback_slot, attempt, figure, figure_progress
    TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON widget_origin, callback_slot, figure TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON callback, callback_request, attempt TO contactcenter_worker;
GRANT SELECT ON signing_key TO contactcenter_app, contactcenter_worker;
