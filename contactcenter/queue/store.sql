-- name: cards
-- system: rows for the projection and for the screens of users who were authorised before
SELECT c.id, c.case_id, c.person_id, c.organisation_id, c.queue_id, c.channel, c.direction, c.language,
       c.requirement, c.also, c.preferred, c.rank, c.state, c.version, c.owner, c.offer_id, c.offered_until, c.passed,
       c.first_arrival, c.wait_from, c.accepted_at, c.held_at, c.paused_at, c.wrap_up_at, c.closed_at, c.unread, c.disposition, c.units,
       c.away_from, c.aside, c.called, h.read_by_citizen, h.ended, h.page_language,
       CASE WHEN c.state = 'active' AND h.idle_seq = k.last_shown THEN h.idle_at END AS idle_at, b.since AS owed_from,
       w.number, w.email, w.attempts, w.most, w.promise_from, w.promise_to, w.dialled_at, w.next_at,
       CASE WHEN w.attempts > 0 THEN (SELECT t.outcome FROM attempt t WHERE t.contact_id = c.id ORDER BY t.n DESC LIMIT 1) END
           AS outcome,
       extract(epoch FROM c.offered_until - now())::float8 AS expires_in_s,
       q.key AS queue, k.subject, k.state AS case_state, k.answer_by, k.has_page, k.page_seen_at, p.name AS person_name,
       p.protected_at IS NOT NULL OR r.protected_at IS NOT NULL AS protected,
       (SELECT i.address FROM identity i WHERE i.person_id = c.person_id ORDER BY i.seen_at DESC LIMIT 1) AS person_address,
       d.text AS draft, d.mail AS draft_mail, CASE WHEN d.mail IS NOT NULL THEN (
           SELECT json_agg(json_build_object('id', u.id::text, 'name', u.name, 'media_type', u.media_type, 'size', u.size,
                                           'scan', u.scan, 'scan_name', u.scan_name)
                           ORDER BY u.id)
           FROM upload u WHERE u.contact_id = c.id AND d.mail -> 'attachments' ? u.id::text) END AS draft_files
FROM contact c
JOIN queue q ON q.id = c.queue_id
LEFT JOIN cases k ON k.id = c.case_id
LEFT JOIN person p ON p.id = c.person_id
LEFT JOIN person r ON r.id = p.merged_into
LEFT JOIN draft d ON d.contact_id = c.id
LEFT JOIN chat h ON h.contact_id = c.id
LEFT JOIN callback w ON w.contact_id = c.id
LEFT JOIN outbox b ON b.contact_id = c.id
WHERE c.id = ANY(:ids);

-- name: in_hand
-- system: the agent's own contacts
SELECT id FROM contact WHERE owner = :agent AND state IN ('offered', 'active', 'wrap_up') ORDER BY first_arrival, id;

-- name: agents
-- `(SELECT ...)` hides how many they are, as in `offer`: planned anew each time it would take twice as long.
-- system: rows for the projection
SELECT a.user_id, a.version, a.load, u.capacity, a.state, a.reason, a.since,
       a.state = 'available' AND u.disabled_at IS NULL AS available,
       u.pauses_mail,
       (extract(epoch FROM a.idle_since) * 1000)::bigint AS idle_ms, CASE WHEN u.pauses_mail THEN a.mails ELSE 0 END AS mails,
       'own/' || a.user_id || '=3' || coalesce(k.classes, '') AS classes,
       (SELECT string_agg(o.key, ' ' ORDER BY o.key) FROM user_organisation m JOIN organisation o ON o.id = m.organisation_id
        WHERE m.user_id = a.user_id) AS organisations
FROM agent a JOIN users u ON u.id = a.user_id LEFT JOIN classes_of((SELECT :ids::bigint[])) AS k ON k.agent = a.user_id
WHERE a.user_id = ANY((SELECT :ids::bigint[])::bigint[]);

-- name: lock_agent
-- system: agents before contacts, in every transaction, so that two can't wait for each other
SELECT a.user_id, a.state, a.load, a.mails, u.capacity, u.pauses_mail FROM agent a JOIN users u ON u.id = a.user_id
WHERE a.user_id = :agent FOR UPDATE OF a;

-- name: offer
-- The one statement that decides who gets what, for many at once: each contact must still wait and
-- its agent must still be available with room and able to take it. What is no longer so returns no row. An agent and a
-- contact stand in it once. Agents are locked before contacts, both in the order of ids.
-- A mail of a queue that says so is taken for the agent at once, but for one that a colleague gives.
-- system: skills lie within the agent's scope
WITH given AS (
    -- `(SELECT ...)` hides how many they are: for a single one Postgres would plan anew each time, in 4 ms.
    SELECT * FROM unnest((SELECT :agents::bigint[]), (SELECT :contacts::bigint[]), (SELECT :offers::bigint[]),
                         (SELECT :rules::text[]), (SELECT :whys::text[])) AS t (agent, contact, offer, rule, why)
), taker AS MATERIALIZED (
    -- `firm`: the load without the mail that a live contact may pause.
    -- One agent after the other by the key: a join might read all who are at work for each.
    SELECT h.*, g.contact, g.offer, g.rule, g.why
    FROM (SELECT * FROM given ORDER BY agent) AS g CROSS JOIN LATERAL (
        SELECT a.user_id, u.capacity, a.load, a.load - CASE WHEN u.pauses_mail THEN a.mails ELSE 0 END AS firm
        FROM agent a JOIN users u ON u.id = a.user_id
        WHERE a.user_id = g.agent AND a.state = 'available' AND u.disabled_at IS NULL AND (a.load < u.capacity OR u.pauses_mail)
        FOR UPDATE OF a) AS h
), held AS MATERIALIZED (
    -- By their ids alone: with the state in the condition the whole line might be read for one.
    SELECT c.id, c.state, c.away_from, c.channel, c.queue_id FROM contact c
    WHERE c.id = ANY((SELECT :contacts::bigint[])::bigint[]) AND (SELECT count(*) FROM taker) > 0 ORDER BY c.id FOR UPDATE
), given_to AS MATERIALIZED (
    SELECT h.*, t.user_id, t.capacity, t.load, t.firm, t.offer, t.rule, t.why, q.key AS queue, q.offer_s,
           q.auto_accept AND h.channel = 'mail' AND t.rule IN ('rank', 'sticky') AS taken
    FROM taker t JOIN held h ON h.id = t.contact JOIN queue q ON q.id = h.queue_id
), moved AS (
    UPDATE contact c SET
        state = CASE WHEN t.taken THEN 'active' ELSE 'offered' END, version = c.version + 1, owner = t.user_id,
        offer_id = CASE WHEN NOT t.taken THEN t.offer END, offered_at = now(),
        preferred = NULL, preferred_until = NULL,
        units = CASE WHEN c.channel = ANY(:exclusive) THEN t.capacity ELSE 1 END,
        offered_until = CASE WHEN NOT t.taken THEN now() + make_interval(secs => coalesce(t.offer_s, :offer_s::float8)) END,
        accepted_offer = CASE WHEN t.taken THEN t.offer ELSE c.accepted_offer END,
        accepted_at = CASE WHEN t.taken THEN now() ELSE c.accepted_at END,
        first_accepted = coalesce(c.first_accepted, CASE WHEN t.taken THEN now() END)
    FROM given_to t
    WHERE c.id = t.id AND c.id = ANY((SELECT :contacts::bigint[])::bigint[]) AND t.state = 'queued' AND t.away_from IS NULL
      -- As `may_take`, which would be planned anew for each row.
      AND (EXISTS (SELECT FROM able_in(c.requirement || c.also) AS w WHERE w.user_id = t.user_id)
           OR t.rule <> ALL(:decided) AND may_take(t.user_id, c.organisation_id, c.requirement || c.also, true))
      AND CASE WHEN c.channel = ANY(:live) THEN t.firm ELSE t.load END
        + CASE WHEN c.channel = ANY(:exclusive) THEN t.capacity ELSE 1 END <= t.capacity
    -- By name: of each column every part below sets up one of its own, for each statement.
    RETURNING c.id, c.case_id, c.person_id, c.organisation_id, c.queue_id, c.channel, c.direction, c.language, c.requirement,
              c.also, c.preferred, c.rank, c.state, c.version, c.owner, c.offer_id, c.offered_until, c.passed, c.first_arrival,
              c.wait_from, c.accepted_at, c.held_at, c.paused_at, c.wrap_up_at, c.unread, c.units, c.away_from, c.aside,
              c.called, t.queue, t.offer AS made, t.rule, t.why
), loaded AS (
    UPDATE agent a SET load = a.load + m.units, mails = a.mails + (m.state = 'active')::int, version = a.version + 1
    FROM moved m WHERE a.user_id = m.owner
    RETURNING a.user_id, a.version
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, agent, offer, rank, rule, why,
                       wait_from)
    SELECT x.kind, organisation_id, id, queue_id, channel, language, direction, owner, made,
           CASE WHEN x.n = 1 THEN rank END, CASE WHEN x.n = 1 THEN m.rule END, x.why, CASE WHEN x.n > 1 THEN wait_from END
    FROM moved m, (VALUES (1, 'offered', NULL), (2, 'offer_ended', 'accepted'), (3, 'accepted', 'automatic')) AS x (n, kind, why)
    WHERE x.n = 1 OR m.state = 'active' ORDER BY x.n, m.rank, m.id
), read AS (
    INSERT INTO audit (user_id, organisation_id, verb, object_kind, object_id)
    SELECT owner, organisation_id, 'read', 'contact', id::text FROM moved WHERE state = 'active'
), decided AS (
    INSERT INTO decision (offer, organisation_id, contact_id, agent, rule, why)
    SELECT made, organisation_id, id, owner, :version, why::jsonb FROM moved WHERE why IS NOT NULL
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell) SELECT id, version, version, ARRAY[owner] FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT m.*, l.version AS agent_version, k.state AS case_state, k.answer_by, p.name AS person_name, 0 AS read_by_citizen,
       NULL AS ended, NULL::timestamptz AS idle_at, w.number, w.attempts, w.most, w.promise_from, w.promise_to, w.dialled_at, w.next_at,
       CASE WHEN w.attempts > 0 THEN (SELECT t.outcome FROM attempt t WHERE t.contact_id = m.id ORDER BY t.n DESC LIMIT 1) END
           AS outcome,
       extract(epoch FROM m.offered_until - now())::float8 AS expires_in_s
FROM moved m
JOIN loaded l ON l.user_id = m.owner
LEFT JOIN callback w ON w.contact_id = m.id
LEFT JOIN cases k ON k.id = m.case_id
LEFT JOIN person p ON p.id = m.person_id
ORDER BY m.made;

-- name: may_take
-- system: what the caller asks for itself
SELECT may_take(:agent, :organisation_id, ARRAY[:requirement::text], true);

-- name: accept
-- system: the offer is the agent's own
WITH taker AS MATERIALIZED (
    SELECT a.user_id, a.load > u.capacity AS over FROM agent a JOIN users u ON u.id = a.user_id
    WHERE a.user_id = :agent FOR UPDATE OF a
), moved AS (
    UPDATE contact SET
        state = 'active', version = version + 1, offer_id = NULL, offered_until = NULL,
        accepted_at = now(), first_accepted = coalesce(first_accepted, now()), accepted_offer = offer_id
    WHERE offer_id = :offer AND owner = (SELECT user_id FROM taker) AND state = 'offered' AND offered_until > now()
      AND may_take(:agent, organisation_id, requirement || also, true)
    RETURNING id, organisation_id, queue_id, channel, language, direction, owner, version, wait_from
), counted AS (
    -- Accepted, a mail may be paused; that is news for the line.
    UPDATE agent a SET missed = 0, missed_from = now(), mails = a.mails + (m.channel = 'mail')::int, version = a.version + (m.channel = 'mail')::int
    FROM moved m WHERE a.user_id = m.owner
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, agent, offer, why, wait_from)
    SELECT x.kind, organisation_id, id, queue_id, channel, language, direction, owner, :offer, x.why, wait_from
    FROM moved, (VALUES (1, 'offer_ended', 'accepted'), (2, 'accepted', NULL)) AS x (n, kind, why) ORDER BY x.n
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell) SELECT id, version, version, ARRAY[owner] FROM moved
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT m.id, m.channel, t.over FROM moved m, taker t;

-- name: accepted_before
-- system: the agent's own contacts
SELECT id FROM contact
WHERE owner = :agent AND accepted_offer = :offer AND state IN ('active', 'wrap_up');

-- name: end_offer
-- system: the offer is the agent's own, or its time is over
UPDATE contact SET
    state = 'queued', version = version + 1, owner = NULL, offer_id = NULL, offered_until = NULL,
    passed = CASE WHEN :passes::boolean THEN array_append(passed, owner) ELSE passed END
WHERE offer_id = :offer AND owner = :agent AND state = 'offered'
  AND (:why::text <> 'missed' OR offered_until <= now())
RETURNING *, :agent::bigint AS was_owner, :offer::bigint AS was_offer;

-- name: leave
-- Out of an agent's hands into a line: its own again (lost), or another queue's (transfer), where it
-- is not offered back to who passed it on. A silent citizen who was asked is asked no more.
-- system: the caller owns it, or was lost
WITH moved AS (
    UPDATE contact SET
        state = 'queued', version = version + 1, owner = NULL, offer_id = NULL, offered_until = NULL,
        held_at = NULL, paused_at = NULL, queue_id = :queue_id, organisation_id = :organisation_id, requirement = :requirement, rank = :rank,
        wait_from = CASE WHEN :new_wait::boolean THEN now() ELSE wait_from END,
        passed = CASE WHEN :new_wait::boolean THEN ARRAY[owner] ELSE passed END,
        also = CASE WHEN :new_wait::boolean THEN '{}' ELSE also END
    WHERE id = :contact AND owner = :agent AND state = ANY(:states)
    RETURNING *, :agent::bigint AS was_owner
), calm AS (
    UPDATE chat h SET idle_at = NULL, idle_seq = NULL FROM moved WHERE h.contact_id = moved.id AND h.idle_at IS NOT NULL
)
SELECT * FROM moved;

-- name: lock_case_of
SELECT k.id FROM cases k JOIN contact c ON c.case_id = k.id
WHERE c.id = :contact AND c.organisation_id = ANY(:scope) FOR UPDATE OF k;

-- name: mine
-- The contact for a change by its owner, held to the end of the transaction.
SELECT id, case_id, person_id, organisation_id, queue_id, channel, direction, language, requirement, rank, state,
       version, owner, first_arrival, wait_from, units, disposition, accepted_offer, accepted_at, aside,
       (SELECT w.promise_to FROM callback w WHERE w.contact_id = contact.id) AS promise_to
FROM contact WHERE id = :contact AND organisation_id = ANY(:scope) FOR UPDATE;

-- name: wrap_up
-- system: the caller owns it
UPDATE contact SET state = 'wrap_up', version = version + 1, wrap_up_at = now(), held_at = NULL
WHERE id = :contact AND owner = :agent AND state = 'active'
RETURNING *;

-- name: close
-- A callback that the agent closed is over: without an attempt that says otherwise it was reached.
-- The citizen is to be asked how it went.
-- system: the caller owns it
WITH closed AS (
    UPDATE contact SET state = 'closed', version = version + 1, closed_at = now(), disposition = :disposition, unread = 0,
        paused_at = NULL
    WHERE id = :contact AND owner = :agent AND state = 'wrap_up'
    RETURNING *
), over AS (
    UPDATE callback w SET result = CASE (SELECT t.outcome FROM attempt t WHERE t.contact_id = w.contact_id ORDER BY t.n DESC LIMIT 1)
        WHEN 'no_answer' THEN 'not_reached' WHEN 'busy' THEN 'not_reached' WHEN 'wrong_number' THEN 'wrong_number'
        ELSE 'reached' END
    FROM closed c WHERE c.channel = 'callback' AND w.contact_id = c.id AND w.result IS NULL
), asked AS (
    INSERT INTO feedback_due (contact_id, at)
    SELECT c.id, now() + make_interval(secs => q.feedback_after_s) FROM closed c JOIN queue q ON q.id = c.queue_id
    WHERE q.feedback AND q.feedback_every_days > 0
    ON CONFLICT DO NOTHING
)
SELECT * FROM closed;

-- name: hold
-- system: the caller owns it
UPDATE contact SET held_at = CASE WHEN :held::boolean THEN now() END, version = version + 1
WHERE id = :contact AND owner = :agent AND state = 'active' AND (held_at IS NULL) = :held::boolean
RETURNING *;

-- name: how_offer_ended
-- system: the agent's own offer
SELECT why FROM event WHERE offer = :offer AND kind = 'offer_ended' AND agent = :agent LIMIT 1;

-- name: transferred_by
-- Whether this agent was the last to give the contact away, and does not have it again.
-- system: the caller's own act
SELECT e.agent = :agent FROM event e JOIN contact c ON c.id = e.contact_id
WHERE e.contact_id = :contact AND e.kind = 'left' AND e.why = 'transfer' AND c.owner IS DISTINCT FROM :agent
ORDER BY e.id DESC LIMIT 1;

-- name: touch
-- A change that every screen showing the contact should hear of, without a new state.
-- system: the caller owns it, or the citizen wrote
UPDATE contact SET version = version + 1, unread = CASE WHEN :unread::int < 0 THEN 0 ELSE unread + :unread::int END
WHERE id = :contact
RETURNING *;

-- name: load_agent
-- Whether mail of the agent is paused.
-- system: the caller moved one of the agent's contacts
UPDATE agent SET load = load + :delta, version = version + 1,
    idle_since = CASE WHEN :delta::int < 0 THEN now() ELSE idle_since END,
    mails = (SELECT count(*) FROM contact
             WHERE owner = :agent AND state IN ('active', 'wrap_up') AND channel = 'mail' AND paused_at IS NULL)
WHERE user_id = :agent
RETURNING EXISTS (SELECT FROM contact WHERE owner = :agent AND state IN ('active', 'wrap_up') AND paused_at IS NOT NULL) AS paused;

-- name: miss
-- One more offer missed in a row; at the limit the agent goes away. Offers that ran side by side are one
-- miss, and one that ran out while the agent accepted another is none. What is to come, the clock was put
-- back since: it says nothing.
-- system: the offer's time is over
WITH now_missed AS (
    SELECT user_id, missed + 1 AS n, missed + 1 >= :missed_limit::int AND state = 'available' AS goes FROM agent
    WHERE user_id = :agent AND (missed_from IS NULL OR missed_from <= :offered_at::timestamptz OR missed_from > now())
)
UPDATE agent a SET
    missed = CASE WHEN m.n >= :missed_limit::int THEN 0 ELSE m.n END,
    missed_from = now(),
    state = CASE WHEN m.goes THEN 'away' ELSE a.state END,
    reason = CASE WHEN m.goes THEN 'missed' ELSE a.reason END,
    since = CASE WHEN m.goes THEN now() ELSE a.since END,
    version = a.version + 1
FROM now_missed m WHERE a.user_id = m.user_id
RETURNING a.state, a.reason, a.since, m.goes AS changed;

-- part: noted
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, agent, offer, why,
                   wait_from, rank, rule, disposition, reason, reason_version, mark, service_id, request)
VALUES (:kind::text, :organisation_id, :contact_id, :queue_id, :channel, :language, :direction, :agent, :offer, :why,
        :wait_from, :rank, :rule, :disposition, :reason, :reason_version, :mark::text, :service_id, :request)

-- name: note
-- system: what happened, without any text
{noted}
;

-- name: note_end
-- What ends a case or has it go on: where open feedback opened that, everybody may see it.
-- system: what happened, without any text
WITH seen AS (
    UPDATE open_feedback f SET stands_since = now() FROM contact c WHERE c.id = :contact_id AND f.case_id = c.case_id
)
{noted}
;

-- name: put_out
-- system: the projection's to-do
INSERT INTO outbox AS o (contact_id, version, since, tell) VALUES (:contact, :version, :version, :tell)
ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell;

-- name: settle
-- Versions `since` to `upto` of these contacts have been told. A row that owes no more goes; one that
-- owes later ones owes them from now on; one that owes earlier ones stays for the sweep.
-- The commit waits for no disk: a row that comes back after a crash is swept, no more.
-- system: the projection's to-do, done
WITH quick AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true)
), told AS MATERIALIZED (
    SELECT t.* FROM quick, unnest(:ids::bigint[], :since::int[], :upto::int[]) AS t (id, since, upto)
), held AS MATERIALIZED (
    -- In the order of ids, as who writes several rows: so no two wait for each other.
    SELECT o.contact_id FROM outbox o WHERE o.contact_id = ANY (ARRAY(SELECT id FROM told)) ORDER BY o.contact_id FOR UPDATE
), owed AS MATERIALIZED (
    SELECT t.* FROM told t JOIN held h ON h.contact_id = t.id
), done AS (
    DELETE FROM outbox o USING owed t WHERE o.contact_id = t.id AND o.since >= t.since AND o.version <= t.upto
)
UPDATE outbox o SET since = t.upto + 1, at = now() FROM owed t
WHERE o.contact_id = t.id AND o.since BETWEEN t.since AND t.upto AND o.version > t.upto;

-- name: overdue
-- system: what a node committed and did not live to project
SELECT contact_id, version, tell FROM outbox WHERE at < now() - make_interval(secs => :older_s)
ORDER BY at LIMIT 500 FOR UPDATE SKIP LOCKED;

-- name: count_overdue
-- system: for the health page
SELECT count(*) FROM outbox WHERE at < now() - make_interval(secs => :older_s);

-- name: waiting
-- system: for the rebuild and the reconciler
SELECT id, state, requirement, also, preferred, rank, version, passed, channel, away_from FROM contact
WHERE state = 'queued' AND away_from IS NULL ORDER BY id;

-- name: repaired
-- system: the count of repairs
INSERT INTO repair AS r (name, n) VALUES (:name, :n) ON CONFLICT (name) DO UPDATE SET n = r.n + excluded.n;

-- name: queue_by_key
-- system: the transfer form names any queue; the contact's rights are checked by the caller
SELECT q.id, q.key, q.organisation_id, q.task, q.level, q.languages, q.target_s, q.channels, q.decision, o.key AS organisation
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.key = :key AND q.disabled_at IS NULL;
