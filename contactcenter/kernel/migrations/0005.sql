-- From 4 to 5: what mail came to need, and routing that explains itself.
ALTER TABLE message ADD COLUMN rest text;
ALTER TABLE message ADD COLUMN facts jsonb;
COMMENT ON COLUMN message.rest IS 'Of a mail what stands around what was written now: quotes and signature; null where there is none.';
COMMENT ON COLUMN message.facts IS 'What a mail tells beside its text, as channel.MailFacts; of one of ours to whom it went and what it forwards. Null for other messages.';
ALTER TABLE attachment ADD COLUMN inline boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN attachment.inline IS 'Whether the message''s HTML shows it, by its content id.';
INSERT INTO signing_key VALUES ('reply', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea));

-- What the house does with mail: acknowledgements, reports, spam, blocked senders.
ALTER TABLE queue ADD COLUMN receipts boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN queue.receipts IS 'Whether a mail that opens a case is acknowledged.';
ALTER TABLE contact ADD COLUMN aside text CHECK (aside IN ('automatic', 'blocked', 'report', 'spam'));
CREATE INDEX contact_aside ON contact (organisation_id, id) WHERE aside IS NOT NULL;
COMMENT ON COLUMN contact.aside IS 'Why it was closed without an answer, kept and shown to supervisors: a machine wrote it, its sender is blocked, it reports of a mail that nobody knows, an agent said spam.';
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

ALTER TABLE outbound ADD COLUMN delayed_at timestamptz;
ALTER TABLE outbound ADD COLUMN delay_code text;
ALTER TABLE outbound ADD COLUMN undelivered_at timestamptz;
ALTER TABLE outbound ADD COLUMN undelivered_for bigint;
CREATE INDEX outbound_undelivered ON outbound (undelivered_at) WHERE undelivered_at IS NOT NULL;
CREATE INDEX outbound_receipt_to ON outbound (regexp_replace(recipient, '\+[^@]*@', '@'), at) WHERE kind = 'receipt';
CREATE INDEX outbound_receipt_at ON outbound (at) WHERE kind = 'receipt';
COMMENT ON COLUMN outbound.delayed_at IS 'When another server last reported that it still tries; delay_code is its word.';
COMMENT ON COLUMN outbound.undelivered_at IS 'Since when it is known that an answer did not arrive; null again when somebody has dealt with it.';
COMMENT ON COLUMN outbound.undelivered_for IS 'The agent who is shown that; null: only supervisors see it.';
GRANT SELECT, INSERT, UPDATE ON blocked_sender, receipt_due, loop_hit TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON blocked_sender, receipt_due TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON loop_hit TO contactcenter_worker;

ALTER TABLE queue ADD COLUMN from_name jsonb NOT NULL DEFAULT '{}';
ALTER TABLE queue ADD COLUMN greeting jsonb NOT NULL DEFAULT '{}';
ALTER TABLE queue ADD COLUMN signature jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN queue.from_name IS 'By language: the name that its mails come from; without one the queue''s own name.';
COMMENT ON COLUMN queue.greeting IS 'By language: what stands above an answer by mail; may hold {agent}, {case}, {queue}.';
COMMENT ON COLUMN queue.signature IS 'By language: what stands under an answer by mail; may hold {agent}, {case}, {queue}.';
ALTER TABLE draft ADD COLUMN mail jsonb;
COMMENT ON COLUMN draft.mail IS 'Of a mail what it says beside its text: {to, cc, bcc, quote, attachments}, as typed; null where nothing.';

CREATE TABLE upload (
    id bigint PRIMARY KEY,
    contact_id bigint NOT NULL,
    organisation_id int NOT NULL,
    user_id bigint NOT NULL,
    blob_id bigint NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX upload_contact ON upload (contact_id);
CREATE INDEX upload_at ON upload (at);
COMMENT ON TABLE upload IS 'A file to be sent with an answer; its row goes when it was sent, it goes with its bytes when nobody needs it. Personal data: yes. Retention: live.';

-- The app may delete no blob; those of uploads it may, through this.
CREATE FUNCTION drop_uploads(ids bigint[]) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH gone AS (DELETE FROM upload WHERE id = ANY(ids) RETURNING blob_id),
    bytes AS (DELETE FROM blob WHERE id IN (SELECT blob_id FROM gone))
    SELECT count(*)::int FROM gone;
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON upload TO contactcenter_app, contactcenter_worker;
ALTER TABLE outbound DROP CONSTRAINT outbound_kind_check;
ALTER TABLE outbound ADD CONSTRAINT outbound_kind_check CHECK (kind IN ('reply', 'receipt', 'notice', 'feedback', 'forward'));
ALTER TABLE outbound ADD COLUMN also_to text[] NOT NULL DEFAULT '{}';
ALTER TABLE outbound ADD COLUMN cc text[] NOT NULL DEFAULT '{}';
ALTER TABLE outbound ADD COLUMN bcc text[] NOT NULL DEFAULT '{}';
ALTER TABLE outbound ADD COLUMN reply_to text;
ALTER TABLE outbound ADD COLUMN taken text[] NOT NULL DEFAULT '{}';
ALTER TABLE outbound ADD COLUMN refused jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN outbound.text IS 'The whole text as it leaves, with greeting, signature and quote; null: that of the message. Of a notice it is emptied when sent.';
COMMENT ON COLUMN outbound.also_to IS 'Further addresses in To beside the recipient.';
COMMENT ON COLUMN outbound.reply_to IS 'Where answers go, with the reply token; null: to the sender.';
COMMENT ON COLUMN outbound.taken IS 'Whom the relay has taken it for, while others still lack it; each gets it once.';
COMMENT ON COLUMN outbound.refused IS 'Whom the relay will not take it for: [{address, code}].';

ALTER TABLE door_cursor ADD COLUMN fence bigint NOT NULL DEFAULT 0;
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
GRANT SELECT, INSERT, UPDATE ON mailbox TO contactcenter_app, contactcenter_worker;

-- More agents for who waits long, the agent who knows the case first, and why.
ALTER TABLE queue ADD COLUMN relax jsonb NOT NULL DEFAULT '[]';
ALTER TABLE queue ADD COLUMN prefer_s int NOT NULL DEFAULT 0 CHECK (prefer_s BETWEEN 0 AND 86400);
COMMENT ON COLUMN queue.relax IS 'Steps by which who waits here long may be taken by more agents, the earliest first: [{after_s, to, queue}] (queue/relax.py).';
COMMENT ON COLUMN queue.prefer_s IS 'Seconds for which a case that goes on is kept for the agent who knows it, while that agent is available; 0: not.';
ALTER TABLE contact ADD COLUMN also text[] NOT NULL DEFAULT '{}';
ALTER TABLE contact ADD COLUMN preferred bigint;
ALTER TABLE contact ADD COLUMN preferred_until timestamptz;
ALTER TABLE contact ADD CHECK ((preferred IS NULL) = (preferred_until IS NULL));
CREATE INDEX contact_relaxing ON contact (queue_id, (cardinality(also)), wait_from) WHERE state = 'queued';
CREATE INDEX contact_preferring ON contact (preferred_until) WHERE preferred IS NOT NULL AND state = 'queued';
COMMENT ON COLUMN contact.also IS 'Further classes of agents who may take it, one for each step by which it was relaxed in this wait.';
COMMENT ON COLUMN contact.preferred IS 'The agent who knows the case: until preferred_until it is kept for that agent, who is at work.';
ALTER TABLE event DROP CONSTRAINT event_kind_check;
ALTER TABLE event ADD CONSTRAINT event_kind_check CHECK (kind IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'wrap_up', 'closed', 'left', 'abandoned', 'agent_state', 'promise', 'relaxed', 'paused', 'resumed', 'estimated'));
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
GRANT SELECT, INSERT ON decision TO contactcenter_app, contactcenter_worker;

-- Who serves for another organisation does so by an agreement. Those who did so far go on: an open
-- agreement for each pair of organisations, and everybody was trained by today.
ALTER TABLE skill ADD COLUMN trained_on date;
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
ALTER TABLE queue ADD COLUMN decision boolean NOT NULL DEFAULT false;
CREATE INDEX queue_decides ON queue (organisation_id) WHERE decision;
COMMENT ON COLUMN queue.decision IS 'Whether its matters are decided by its organisation alone: others'' agents may not complete them, only hand over.';
GRANT SELECT, INSERT, UPDATE ON agreement, agreement_day TO contactcenter_app, contactcenter_worker;
INSERT INTO agreement (organisation_id, key, agents_of, tasks, valid_from)
SELECT s.organisation_id, h.key, h.id, array_agg(DISTINCT s.task), (now() AT TIME ZONE o.time_zone)::date
FROM skill s JOIN users u ON u.id = s.user_id JOIN organisation h ON h.id = u.organisation_id
JOIN organisation o ON o.id = s.organisation_id WHERE o.id <> h.id GROUP BY s.organisation_id, h.id, o.id;
UPDATE skill s SET trained_on = (now() AT TIME ZONE o.time_zone)::date FROM users u, organisation o
WHERE u.id = s.user_id AND o.id = s.organisation_id AND u.organisation_id <> s.organisation_id;
CREATE INDEX skill_of_task ON skill (organisation_id, task);

-- What "able" means, for everything that asks. A class is a requirement: ORGANISATION/TASK/LANGUAGE/LEVEL,
-- with * for any language.
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
GRANT SELECT ON able TO contactcenter_app, contactcenter_worker;

-- Offers: reasons to decline, mail that needs no accepting, contacts taken out of their turn.
ALTER TABLE organisation ADD COLUMN decline_without_reason boolean NOT NULL DEFAULT true;
ALTER TABLE organisation ADD COLUMN agents_pull boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN organisation.decline_without_reason IS 'Whether an offer may be declined without one of the reasons.';
COMMENT ON COLUMN organisation.agents_pull IS 'Whether agents may take a waiting contact out of its turn, as supervisors may.';
ALTER TABLE queue ADD COLUMN auto_accept boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN queue.auto_accept IS 'Whether its mails are taken for the agent they are offered to, without asking.';
CREATE TABLE decline_reason (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
    PRIMARY KEY (organisation_id, key)
);
COMMENT ON TABLE decline_reason IS 'The coded reasons for which agents decline; where an organisation has none, those of the house. Personal data: no. Retention: config.';
GRANT SELECT, INSERT, UPDATE ON decline_reason TO contactcenter_app, contactcenter_worker;
CREATE INDEX event_declined ON event (at) WHERE kind = 'offer_ended' AND why = 'declined';
COMMENT ON COLUMN event.reason IS 'The coded reason of an agent''s state, or of a declined offer.';

-- Mail in hand makes room for live contacts, and goes on after them.
ALTER TABLE users ADD COLUMN pauses_mail boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN users.pauses_mail IS 'Whether a chat, call or callback is offered while mail takes the units that it needs; the mail is paused meanwhile.';
ALTER TABLE agent ADD COLUMN mails int NOT NULL DEFAULT 0 CHECK (mails >= 0);
COMMENT ON COLUMN agent.mails IS 'Units of load that are mail in hand, accepted and not paused: a live contact may pause them.';
ALTER TABLE agent ADD COLUMN missed_from timestamptz;
COMMENT ON COLUMN agent.missed_from IS 'When the agent last accepted an offer or missed one: others made before that count as no further miss.';
UPDATE agent a SET mails = m.n, version = a.version + 1
FROM (SELECT owner, count(*) AS n FROM contact WHERE channel = 'mail' AND state IN ('active', 'wrap_up') GROUP BY owner) AS m
WHERE m.owner = a.user_id;
ALTER TABLE contact ADD COLUMN paused_at timestamptz;
ALTER TABLE contact ADD CHECK (paused_at IS NULL OR state IN ('active', 'wrap_up'));
COMMENT ON COLUMN contact.paused_at IS 'Since when a mail in hand is paused for a live contact; it takes no units then, and goes on by itself.';
ALTER TABLE contact ADD COLUMN called text NOT NULL DEFAULT '';
COMMENT ON COLUMN contact.called IS 'The name that the person gave for this contact; empty: none, and the person''s own is shown. A phone is often several people''s.';
CREATE INDEX event_agent_state ON event (agent, id) WHERE kind = 'agent_state';
DROP INDEX contact_waiting;
CREATE INDEX contact_waiting ON contact (queue_id, rank, id) WHERE state = 'queued';

-- How long who waits will wait, and whether it was so.
ALTER TABLE event ADD COLUMN low_s double precision;
ALTER TABLE event ADD COLUMN high_s double precision;
COMMENT ON COLUMN event.low_s IS 'Of an estimate: the whole wait, from wait_from on, ends between low_s and high_s seconds.';
ALTER TABLE figure ADD COLUMN estimated bigint NOT NULL DEFAULT 0;
ALTER TABLE figure ADD COLUMN estimated_in bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN figure.estimated IS 'Waits of which it is known whether their first estimate held; estimated_in of these it did.';
ALTER TABLE organisation ADD COLUMN estimate_least int NOT NULL DEFAULT 60 CHECK (estimate_least BETWEEN 0 AND 100);
COMMENT ON COLUMN organisation.estimate_least IS 'Per cent of estimated waits that must have held; below, citizens of a queue''s channel are told no estimate. 0: always told, 100: hardly ever.';

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
GRANT SELECT, INSERT ON line_note TO contactcenter_app, contactcenter_worker;

-- The rule of strength, in one place.
CREATE FUNCTION strength_now(known text, heard text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE known WHEN 'none' THEN heard ELSE known END
$$;
COMMENT ON FUNCTION strength_now IS 'An identity''s strength, known before, when its address is heard of again.';
