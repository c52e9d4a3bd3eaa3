-- name: queue
-- system: configuration
SELECT q.id AS queue_id, q.key, q.name, q.organisation_id, o.key AS organisation, q.task, q.level, q.languages, q.target_s,
       q.always_open, q.hours, q.channels, o.time_zone, now() AS now, q.disabled_at IS NULL AND 'chat' = ANY(q.channels) AS in_use,
       (SELECT min(a.address) FROM mail_address a
        WHERE a.queue_id = q.id AND 'mail' = ANY(q.channels) AND q.disabled_at IS NULL) AS address,
       coalesce(nullif(q.phone, ''), o.phone) AS phone
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.key = :key AND (:closed_too::boolean OR q.disabled_at IS NULL AND 'chat' = ANY(q.channels));

-- name: topic
-- What a topic in use is called, and the queue that it leads to.
-- system: configuration
SELECT t.name, q.key AS queue FROM topic t JOIN organisation o ON o.id = t.organisation_id JOIN queue q ON q.id = t.queue_id
WHERE o.key = :organisation AND t.key = :topic AND t.disabled_at IS NULL;

-- name: staffed
-- Which of these requirement classes somebody on duty can take, now or later.
-- system: configuration and states of staff
SELECT r.class FROM unnest(:classes::text[]) AS r (class)
WHERE EXISTS (SELECT FROM able_in(ARRAY[r.class]) AS w JOIN agent a ON a.user_id = w.user_id
              WHERE a.state <> 'offline' AND a.lost_at IS NULL);

-- name: open
-- A new chat: person, case, contact, the way back, event and outbox row in one statement. No row
-- where the same request was taken in before.
-- system: a citizen's own approach
WITH fresh AS (
    INSERT INTO intake (channel, key, contact_id) VALUES ('chat', :request_key, :contact)
    ON CONFLICT DO NOTHING RETURNING contact_id
), persons AS (
    INSERT INTO person (id, organisation_id, name, language)
    SELECT :person, :organisation_id, :name, :language FROM fresh
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id, subject)
    SELECT :case, :organisation_id, :person, :subject FROM fresh
), made AS (
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                         first_arrival, wait_from, called)
    SELECT :contact, :case, :person, :organisation_id, :queue_id, 'chat', :language, :requirement,
           (extract(epoch FROM now()) * 1000000)::bigint + :target_s::int * 1000000::bigint, 'queued', now(), now(), :name
    FROM fresh
    RETURNING *
), ways AS (
    INSERT INTO chat (case_id, contact_id, next_secret, socket, page_language)
    SELECT case_id, id, :secret, :socket, :page_language FROM made
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from, rank, why)
    SELECT 'entered', organisation_id, id, queue_id, channel, language, direction, wait_from, rank, 'new' FROM made
), boxed AS (
    INSERT INTO outbox (contact_id, version, since) SELECT id, version, version FROM made
)
SELECT * FROM made;

-- name: asked_before
-- The chat that this request opened, as long as its page has not shown that it has the secret.
-- system: a citizen's own approach
SELECT h.case_id FROM intake i JOIN chat h ON h.contact_id = i.contact_id JOIN contact c ON c.id = i.contact_id
WHERE i.channel = 'chat' AND i.key = :request_key AND h.secret IS NULL AND c.queue_id = :queue_id;

-- name: by_secret
-- system: who has the secret has the chat
SELECT h.case_id, h.told FROM chat h WHERE h.secret = :secret OR h.next_secret = :secret;

-- name: way_back
-- The chat for a page that comes back, its row held.
-- system: who has the secret has the chat
SELECT h.case_id, h.contact_id, h.secret, h.next_secret, h.ended,
       CASE WHEN h.told THEN h.seen_at ELSE greatest(h.seen_at, c.wrap_up_at) END AS seen_at, h.told, k.organisation_id,
       k.last_shown, k.person_id, k.priority_s, c.state, c.away_from, c.language, c.requirement, c.owner, q.key AS queue,
       coalesce(nullif(c.called, ''), p.name) AS name, now() AS now
FROM chat h JOIN cases k ON k.id = h.case_id JOIN contact c ON c.id = h.contact_id JOIN queue q ON q.id = c.queue_id
JOIN person p ON p.id = k.person_id
WHERE h.case_id = :case FOR UPDATE OF h;

-- name: renew
-- Who was asked whether they are there, and comes back, has half a minute at least to say so.
-- system: who has the secret has the chat
UPDATE chat SET secret = :secret, next_secret = :next_secret, socket = socket + 1, seen_at = now(),
    idle_at = CASE WHEN idle_at IS NOT NULL THEN greatest(idle_at, now() + interval '30 s') END,
    page_language = coalesce(:page_language, page_language)
WHERE case_id = :case RETURNING socket;

-- name: confirm
-- The page has the secret that it was sent: the one it showed for it is worth nothing from now on.
-- Where the same was shown once more meanwhile, for a connection long gone perhaps, the secret sent
-- for that stays good beside.
-- system: the citizen's own chat
UPDATE chat SET secret = :secret, next_secret = CASE WHEN next_secret <> :secret THEN next_secret END, seen_at = now()
WHERE case_id = :case AND (next_secret = :secret OR secret IS NOT DISTINCT FROM :shown);

-- name: come_back
-- The contact as it stands, the citizen there again where it lives.
-- system: the citizen's own chat
WITH moved AS (
    UPDATE contact SET away_from = NULL, version = version + 1
    WHERE id = :contact AND away_from IS NOT NULL AND state IN ('queued', 'offered', 'active')
    RETURNING *
), noted AS (
    INSERT INTO line_note (contact_id, here, channel) SELECT id, true, channel FROM moved
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell)
    SELECT id, version, version, CASE state WHEN 'active' THEN ARRAY[owner] ELSE '{}' END FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT * FROM moved UNION ALL SELECT * FROM contact WHERE id = :contact AND NOT EXISTS (SELECT FROM moved);

-- name: go_away
-- The pages of these connections (null: whichever) are gone, since so many seconds.
-- system: the citizens' own chats, or the clock
WITH gone AS (
    SELECT * FROM unnest(:contacts::bigint[], :sockets::bigint[]) AS g (contact, socket)
), held AS MATERIALIZED (
    -- Contact before chat, as everywhere, and in the order of ids: so no two wait for each other.
    SELECT c.id, g.socket FROM gone g JOIN contact c ON c.id = g.contact ORDER BY c.id FOR UPDATE OF c
), way AS (
    UPDATE chat h SET seen_at = now() - make_interval(secs => :ago_s)
    FROM held g WHERE h.contact_id = g.id AND h.socket = coalesce(g.socket, h.socket)
    RETURNING contact_id
), moved AS (
    UPDATE contact SET away_from = now() - make_interval(secs => :ago_s), version = version + 1
    FROM way WHERE id = way.contact_id AND away_from IS NULL AND channel = 'chat' AND state IN ('queued', 'offered', 'active')
    RETURNING id, version, owner, state
), noted AS (
    INSERT INTO line_note (contact_id, here, channel) SELECT id, false, 'chat' FROM moved ORDER BY id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell)
    SELECT id, version, version, CASE state WHEN 'active' THEN ARRAY[owner] ELSE '{}' END FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT * FROM moved;

-- name: reopen
-- A new contact of a chat that had ended, under the same name.
-- system: who has the secret has the chat
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                     first_arrival, wait_from, called)
VALUES (:contact, :case, :person, :organisation_id, :queue_id, 'chat', :language, :requirement,
        (extract(epoch FROM now()) * 1000000)::bigint + (:target_s::int - :priority_s::int) * 1000000::bigint, 'queued', now(), now(),
        :name)
RETURNING *;

-- name: follow
-- system: who has the secret has the chat
UPDATE chat SET contact_id = :contact, ended = NULL, told = false, idle_at = NULL, idle_seq = NULL, stayed_at = NULL WHERE case_id = :case;

-- name: stands
-- How these chats stand, for their pages.
-- system: the citizens' own chats
SELECT c.id, c.version, c.state, c.owner, coalesce(shown_name(c.owner, c.organisation_id, false), '') AS agent, c.requirement, c.queue_id, c.away_from, h.socket, h.ended,
       h.read_by_agent, k.last_shown, CASE WHEN c.state = 'active' AND h.idle_seq = k.last_shown THEN h.idle_at END AS idle_at,
       extract(epoch FROM h.idle_at - now())::float8 AS idle_in_s, q.feedback AS asks
FROM contact c JOIN chat h ON h.case_id = c.case_id JOIN cases k ON k.id = c.case_id JOIN queue q ON q.id = c.queue_id
WHERE c.id = ANY(:contacts);

-- name: came_and_went
-- Which agents took chats of these cases, and passed them on or were lost.
-- system: the citizens' own chats
SELECT c.case_id, e.id, e.at, e.kind, e.why, coalesce(shown_name(e.agent, e.organisation_id, false), '') AS agent
FROM contact c JOIN event e ON e.contact_id = c.id
WHERE c.case_id = ANY(:cases) AND c.channel = 'chat' AND e.kind IN ('accepted', 'left') AND e.at > now() - interval '2 days'
ORDER BY e.id;

-- name: told
-- system: the citizen's own chat
UPDATE chat SET told = true, seen_at = now() WHERE contact_id = ANY(:contacts) AND NOT told;

-- name: read
-- system: the citizen's own chat
UPDATE chat SET read_by_citizen = :seq WHERE contact_id = :contact AND read_by_citizen < :seq RETURNING case_id;

-- name: reads
-- The page is read in another language now. The contact is one version on where somebody has it in hand.
-- system: the citizen's own chat
WITH held AS MATERIALIZED (
    SELECT id FROM contact WHERE id = :contact FOR UPDATE -- contact before chat, as everywhere
), way AS (
    UPDATE chat SET page_language = :language FROM held
    WHERE contact_id = held.id AND page_language IS DISTINCT FROM :language
    RETURNING contact_id
), moved AS (
    UPDATE contact SET version = version + 1 FROM way WHERE id = way.contact_id AND state = 'active'
    RETURNING id, version, owner, state
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell) SELECT id, version, version, ARRAY[owner] FROM moved
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT * FROM moved;

-- name: present
-- Chats whose citizens count as there, but for those who said hello a moment ago.
-- system: for the clock
SELECT c.id FROM contact c JOIN chat h ON h.contact_id = c.id
WHERE c.channel = 'chat' AND c.state IN ('queued', 'offered', 'active') AND c.away_from IS NULL
  AND h.seen_at < now() - make_interval(secs => :silent_s);

-- name: overdue
-- system: for the clock
SELECT id, away_from, away_from < now() - make_interval(secs => :resume_s) AS expired FROM contact
WHERE away_from IS NOT NULL AND (
    state = 'offered' AND away_from < now() - make_interval(secs => :withdraw_s)
    OR state IN ('queued', 'offered', 'active') AND away_from < now() - make_interval(secs => :resume_s))
ORDER BY away_from LIMIT 500;
