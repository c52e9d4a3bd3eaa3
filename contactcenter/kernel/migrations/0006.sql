-- From 5 to 6: the citizen's side.

-- A citizen's page of a case: whoever holds its signed link reads and writes there.
INSERT INTO signing_key VALUES ('case', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('feedback', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('file', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea));
ALTER TABLE cases ADD COLUMN has_page boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN cases.has_page IS 'Whether its citizen was given the link to its page, so that an answer can be read there without an address.';

-- What citizens call their matters.
CREATE TABLE topic (
    organisation_id int NOT NULL REFERENCES organisation,
    key text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,39}$'),
    name jsonb NOT NULL,
    hint jsonb NOT NULL DEFAULT '{}',
    queue_id int NOT NULL REFERENCES queue,
    position int NOT NULL DEFAULT 0,
    disabled_at timestamptz,
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
GRANT SELECT, INSERT, UPDATE ON topic TO contactcenter_app, contactcenter_worker;

-- Feedback on accessibility is to be answered within 14 days (Act 306/2019).
ALTER TABLE cases ADD COLUMN answer_by timestamptz;
CREATE INDEX cases_answer_by ON cases (answer_by) WHERE answer_by IS NOT NULL AND state <> 'resolved';
COMMENT ON COLUMN cases.answer_by IS 'Until when it must be answered by law, as feedback on accessibility within 14 days; null: no such time.';

-- Pages that each organisation owes to citizens: privacy (GDPR, article 13) and accessibility.
ALTER TABLE organisation ADD COLUMN privacy jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN accessibility_queue text NOT NULL DEFAULT '';
COMMENT ON COLUMN organisation.privacy IS 'What its privacy page says: controller, contact, officer, how long things are kept, its own notice.';
COMMENT ON COLUMN organisation.accessibility_queue IS 'Key of the queue that gets feedback on accessibility; empty: the first that is always open.';

-- Files go through a scanner, and citizens send them in chats.
ALTER TABLE attachment
    ADD COLUMN scan text NOT NULL DEFAULT coalesce(nullif(current_setting('contactcenter.scan', true), ''), 'none')
        CHECK (scan IN ('none', 'waiting', 'clean', 'infected', 'failed')),
    ADD COLUMN scan_tries int NOT NULL DEFAULT 0,
    ADD COLUMN scan_next timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN scanned_at timestamptz,
    ADD COLUMN scan_name text;
CREATE INDEX attachment_scan ON attachment (scan, scan_next) WHERE scan NOT IN ('none', 'clean');
COMMENT ON COLUMN attachment.scan IS 'What the scanner said: none (there was no scanner when it came; connections of nodes that have one set contactcenter.scan), waiting, clean, infected, failed. Only none and clean may be opened.';
COMMENT ON COLUMN attachment.scan_tries IS 'How often it was given to the scanner without an answer about it.';
COMMENT ON COLUMN attachment.scan_next IS 'While it waits: when it is given to the scanner next; a claim moves it.';
COMMENT ON COLUMN attachment.scanned_at IS 'When the scanner, or its giving up, settled it.';
COMMENT ON COLUMN attachment.scan_name IS 'What was found, or why it could not be scanned.';
ALTER TABLE upload
    ALTER COLUMN user_id DROP NOT NULL,
    ADD COLUMN token bytea UNIQUE,
    ADD COLUMN arrived boolean NOT NULL DEFAULT true,
    ADD COLUMN scan text NOT NULL DEFAULT coalesce(nullif(current_setting('contactcenter.scan', true), ''), 'none')
        CHECK (scan IN ('none', 'waiting', 'clean', 'infected', 'failed')),
    ADD COLUMN scan_tries int NOT NULL DEFAULT 0,
    ADD COLUMN scan_next timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN scanned_at timestamptz,
    ADD COLUMN scan_name text;
CREATE INDEX upload_scan ON upload (scan, scan_next) WHERE scan NOT IN ('none', 'clean');
COMMENT ON COLUMN upload.user_id IS 'The agent who adds it to an answer; null: the citizen of a chat sends it.';
COMMENT ON COLUMN upload.token IS 'SHA-256 of what lets a citizen''s page send the bytes, once; null as soon as they have begun to come.';
COMMENT ON COLUMN upload.arrived IS 'Whether all bytes are here. What has not arrived within a while goes.';
COMMENT ON COLUMN upload.scan IS 'As of an attachment, which it takes along.';
COMMENT ON COLUMN upload.scan_tries IS 'As of an attachment.';
COMMENT ON COLUMN upload.scan_next IS 'As of an attachment.';
COMMENT ON COLUMN upload.scanned_at IS 'As of an attachment.';
COMMENT ON COLUMN upload.scan_name IS 'As of an attachment.';
ALTER TABLE cases ADD COLUMN page_seen_at timestamptz;
ALTER TABLE cases ADD COLUMN answers_to text;
COMMENT ON COLUMN cases.page_seen_at IS 'When its page was last opened; to the minute, and by whoever has the link.';
COMMENT ON COLUMN cases.answers_to IS 'The mail address that was given on its page, for a case whose person has none; nobody has proven it.';

-- Talking in the chat: agents' names, answers to press, silence.
ALTER TABLE organisation ADD COLUMN agent_names text NOT NULL DEFAULT 'first' CHECK (agent_names IN ('first', 'full', 'role'));
COMMENT ON COLUMN organisation.agent_names IS 'What citizens are told of an agent''s name: first, full, or role: none.';
ALTER TABLE users ADD COLUMN public_name text NOT NULL DEFAULT '';
COMMENT ON COLUMN users.public_name IS 'The name by which citizens know the user; empty: as the organisation wants (shown_name).';
CREATE FUNCTION shown_name(agent bigint, organisation int, in_letters boolean) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN o.agent_names = 'role' THEN ''
                WHEN u.public_name <> '' THEN u.public_name
                WHEN u.name LIKE '%@%' THEN ''
                WHEN o.agent_names = 'full' OR in_letters THEN u.name
                ELSE split_part(u.name, ' ', 1) END
    FROM users u, organisation o WHERE u.id = agent AND o.id = organisation
$$;
COMMENT ON FUNCTION shown_name IS 'By which name an organisation''s citizens know an agent: the one set for it, else as the organisation wants; "" for none. In letters, which are signed, the first name is not enough.';
ALTER TABLE message ADD COLUMN choices text[];
COMMENT ON COLUMN message.choices IS 'Of what an agent wrote in a chat: short answers that the citizen may press instead of typing; null: none.';
ALTER TABLE queue ADD COLUMN idle_warning_s int NOT NULL DEFAULT 600 CHECK (idle_warning_s = 0 OR idle_warning_s BETWEEN 30 AND 86400),
    ADD COLUMN idle_close_s int NOT NULL DEFAULT 180 CHECK (idle_close_s BETWEEN 20 AND 86400);
COMMENT ON COLUMN queue.idle_warning_s IS 'Seconds of a chatting citizen''s silence after the agent''s last word, until the citizen is asked whether they are there; 0: never.';
COMMENT ON COLUMN queue.idle_close_s IS 'Seconds to say so, before the chat is closed; at least 20 (WCAG 2.2.1).';
ALTER TABLE chat ADD COLUMN idle_at timestamptz, ADD COLUMN idle_seq int, ADD COLUMN stayed_at timestamptz;
COMMENT ON COLUMN chat.idle_at IS 'When it is closed because its citizen is silent; null: the citizen was not asked.';
COMMENT ON COLUMN chat.idle_seq IS 'The message after which the citizen was silent: idle_at holds while it is the newest that the citizen sees.';
COMMENT ON COLUMN chat.stayed_at IS 'When the citizen last said to be still there, or the agent kept the chat open.';
-- What citizens say afterwards, and what they have by mail.
ALTER TABLE queue
    ADD COLUMN feedback boolean NOT NULL DEFAULT true,
    ADD COLUMN feedback_after_s int NOT NULL DEFAULT 3600 CHECK (feedback_after_s BETWEEN 0 AND 2592000),
    ADD COLUMN feedback_every_days int NOT NULL DEFAULT 30 CHECK (feedback_every_days BETWEEN 0 AND 3650);
COMMENT ON COLUMN queue.feedback IS 'Whether citizens are asked how it went, after each close.';
COMMENT ON COLUMN queue.feedback_after_s IS 'Seconds from a close until a person is asked by mail.';
COMMENT ON COLUMN queue.feedback_every_days IS 'In how many days a person is asked by mail once; 0: never by mail, only where a page shows the link.';

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

ALTER TABLE outbound DROP CONSTRAINT outbound_kind_check;
ALTER TABLE outbound ADD CONSTRAINT outbound_kind_check CHECK (kind IN ('reply', 'receipt', 'notice', 'feedback', 'forward', 'transcript'));
CREATE INDEX outbound_feedback_to ON outbound (regexp_replace(recipient, '\+[^@]*@', '@'), at) WHERE kind = 'feedback';
CREATE INDEX outbound_feedback_at ON outbound (at) WHERE kind = 'feedback';
ALTER TABLE event DROP CONSTRAINT event_kind_check;
ALTER TABLE event ADD CONSTRAINT event_kind_check CHECK (kind IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'wrap_up', 'closed', 'left', 'abandoned', 'agent_state', 'promise', 'relaxed', 'paused', 'resumed', 'estimated', 'feedback'));
ALTER TABLE event ADD COLUMN handling int, ADD COLUMN service int;
COMMENT ON COLUMN event.handling IS 'Of feedback: the mark for how the contact was handled, from 1 to 5; null: none.';
COMMENT ON COLUMN event.service IS 'Of feedback: the mark for the service that it was about, likewise.';
GRANT SELECT, INSERT, UPDATE ON feedback, feedback_due, transcript TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON feedback_due TO contactcenter_app, contactcenter_worker;
GRANT DELETE ON feedback, transcript TO contactcenter_worker;

-- What a chat asks before it begins, and in which language its page is read.
ALTER TABLE organisation ADD COLUMN chat_asks text[] NOT NULL DEFAULT '{name}' CHECK (chat_asks <@ '{name,language}');
ALTER TABLE topic ADD COLUMN chat_asks text[] CHECK (chat_asks <@ '{name,language}');
ALTER TABLE chat ADD COLUMN page_language text;
COMMENT ON COLUMN organisation.chat_asks IS 'What a chat asks before it begins, besides the matter: name, language. Nothing has to be answered.';
COMMENT ON COLUMN topic.chat_asks IS 'As of its organisation; null: what that asks.';
COMMENT ON COLUMN chat.page_language IS 'In which language the citizen reads the page, by the last word of it; null: it never said.';

-- What each organisation's pages look like.
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
GRANT SELECT, INSERT, UPDATE, DELETE ON theme, theme_file TO contactcenter_app, contactcenter_worker;

-- Numbers by which citizens call.
ALTER TABLE organisation ADD COLUMN phone text NOT NULL DEFAULT '';
ALTER TABLE queue ADD COLUMN phone text NOT NULL DEFAULT '';
COMMENT ON COLUMN organisation.phone IS 'Number by which citizens call it where a queue has none, as it is shown; empty: none.';
COMMENT ON COLUMN queue.phone IS 'Number by which citizens call it within its hours, as it is shown; empty: its organisation''s.';
