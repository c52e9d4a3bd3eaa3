-- name: states
-- system: a command run by the house's operator
SELECT state, count(*) AS n FROM contact GROUP BY state ORDER BY state;

-- name: outbound
-- system: a command run by the house's operator
SELECT state, count(*) AS n FROM outbound GROUP BY state ORDER BY state;

-- name: repairs
-- system: a command run by the house's operator
SELECT name, n FROM repair ORDER BY name;

-- name: unexplained_state
-- A contact's state is the one its last event says.
-- system: a command run by the house's operator
WITH last AS (
    SELECT DISTINCT ON (contact_id) contact_id, kind, why FROM event
    WHERE contact_id IS NOT NULL
      AND kind IN ('entered', 'returned', 'offered', 'accepted', 'wrap_up', 'closed', 'abandoned')
    ORDER BY contact_id, id DESC
)
SELECT c.id AS contact, c.state || ' after ' || coalesce(l.kind, 'nothing') AS detail
FROM contact c LEFT JOIN last l ON l.contact_id = c.id
WHERE c.state NOT IN ('quarantined', 'scheduled', 'received') AND c.state IS DISTINCT FROM (CASE l.kind
    WHEN 'entered' THEN 'queued' WHEN 'returned' THEN 'queued' WHEN 'offered' THEN 'offered'
    WHEN 'accepted' THEN 'active' WHEN 'wrap_up' THEN 'wrap_up' WHEN 'closed' THEN 'closed'
    WHEN 'abandoned' THEN 'abandoned' END)
LIMIT 100;

-- name: two_owners
-- Nobody accepts a contact that another agent still has.
-- system: a command run by the house's operator
SELECT contact_id AS contact, 'agent ' || agent || ' accepted while agent ' || before || ' had it' AS detail
FROM (SELECT contact_id, kind, agent, lag(kind) OVER w AS was, lag(agent) OVER w AS before
      FROM event WHERE kind IN ('accepted', 'left', 'closed') AND contact_id IS NOT NULL
      WINDOW w AS (PARTITION BY contact_id ORDER BY id)) AS e
WHERE kind = 'accepted' AND was = 'accepted'
LIMIT 100;

-- name: offer_overdue
-- system: a command run by the house's operator
SELECT id AS contact, 'offered until ' || offered_until AS detail FROM contact
WHERE state = 'offered' AND offered_until < now() - interval '5 s' LIMIT 100;

-- name: owner_lost
-- system: a command run by the house's operator
SELECT c.id AS contact, 'agent ' || c.owner || ' is lost since ' || a.lost_at AS detail
FROM contact c JOIN agent a ON a.user_id = c.owner
WHERE c.state IN ('offered', 'active') AND a.lost_at IS NOT NULL LIMIT 100;

-- name: load_differs
-- system: a command run by the house's operator
SELECT NULL::bigint AS contact, 'agent ' || a.user_id || ' has load ' || a.load || ', in hand ' || coalesce(h.units, 0) AS detail
FROM agent a LEFT JOIN (SELECT owner, sum(units) AS units FROM contact WHERE state IN ('offered', 'active', 'wrap_up')
                        GROUP BY owner) AS h ON h.owner = a.user_id
WHERE a.load <> coalesce(h.units, 0) LIMIT 100;

-- name: mails_differ
-- system: a command run by the house's operator
SELECT NULL::bigint AS contact, 'agent ' || a.user_id || ' has ' || a.mails || ' mails counted, in hand ' || coalesce(h.n, 0) AS detail
FROM agent a LEFT JOIN (SELECT owner, count(*) AS n FROM contact
                        WHERE state IN ('active', 'wrap_up') AND channel = 'mail' AND paused_at IS NULL GROUP BY owner) AS h
    ON h.owner = a.user_id
WHERE a.mails <> coalesce(h.n, 0) LIMIT 100;

-- name: message_gap
-- system: a command run by the house's operator
SELECT NULL::bigint AS contact, 'case ' || k.id || ': ' || count(m.id) || ' messages, numbers up to ' || k.last_seq AS detail
FROM cases k LEFT JOIN message m ON m.case_id = k.id
GROUP BY k.id HAVING count(m.id) <> k.last_seq OR coalesce(max(m.seq), 0) <> k.last_seq LIMIT 100;

-- name: not_projected
-- system: a command run by the house's operator
SELECT contact_id AS contact, 'not projected since ' || at AS detail FROM outbox
WHERE at < now() - interval '5 s' LIMIT 100;

-- name: stuck_received
-- system: a command run by the house's operator
SELECT id AS contact, 'neither in line nor refused' AS detail FROM contact WHERE state = 'received' LIMIT 100;

-- name: no_source
-- system: a command run by the house's operator
SELECT id AS contact, 'the raw source is missing' AS detail FROM contact c
WHERE raw_blob IS NOT NULL AND NOT EXISTS (SELECT FROM blob b WHERE b.id = c.raw_blob) LIMIT 100;

-- name: no_case
-- system: a command run by the house's operator
SELECT id AS contact, 'has no case or no person' AS detail FROM contact c
WHERE state <> 'quarantined' AND NOT (state = 'closed' AND case_id IS NULL AND why_quarantined IS NOT NULL)
                             AND (NOT EXISTS (SELECT FROM cases k WHERE k.id = c.case_id)
                                  OR NOT EXISTS (SELECT FROM person p WHERE p.id = c.person_id)) LIMIT 100;

-- name: person_differs
-- Who a person is known to be is the end of the merges that stand.
-- system: a command run by the house's operator
WITH RECURSIVE up AS (
    SELECT m.merged AS person, m.kept AS lead, m.organisation_id FROM person_merge m WHERE m.undone_at IS NULL
    UNION SELECT u.person, m.kept, u.organisation_id FROM up u JOIN person_merge m ON m.merged = u.lead AND m.undone_at IS NULL
), lead AS (
    SELECT u.person, u.lead, u.organisation_id FROM up u
    WHERE NOT EXISTS (SELECT FROM person_merge m WHERE m.merged = u.lead AND m.undone_at IS NULL)
)
SELECT NULL::bigint AS contact, 'person ' || coalesce(p.id, l.person) || ' is known as ' || coalesce(p.merged_into::text, 'itself') AS detail
FROM (SELECT id, merged_into, organisation_id FROM person WHERE merged_into IS NOT NULL) AS p FULL JOIN lead l ON l.person = p.id
WHERE p.merged_into IS DISTINCT FROM l.lead OR p.organisation_id <> l.organisation_id
   OR EXISTS (SELECT FROM person x WHERE x.id = l.lead AND x.organisation_id <> l.organisation_id) LIMIT 100;

-- name: stray_message
-- system: a command run by the house's operator
SELECT m.contact_id AS contact, 'message ' || m.id || ' has no contact or no case' AS detail FROM message m
WHERE NOT EXISTS (SELECT FROM contact c WHERE c.id = m.contact_id)
   OR NOT EXISTS (SELECT FROM cases k WHERE k.id = m.case_id) LIMIT 100;

-- name: intake_without_contact
-- system: a command run by the house's operator
SELECT i.contact_id AS contact, 'taken in, but there is no contact' AS detail FROM intake i
WHERE NOT EXISTS (SELECT FROM contact c WHERE c.id = i.contact_id) LIMIT 100;

-- name: reply_not_queued
-- What was said in a chat that became a mail later had left by then; where the citizen has the case's
-- page, an answer may be for that alone.
-- system: a command run by the house's operator
SELECT m.contact_id AS contact, 'answer ' || m.seq || ' of case ' || m.case_id || ' was never to be sent' AS detail
FROM message m JOIN contact c ON c.id = m.contact_id
WHERE (m.direction = 'outbound' AND c.channel = 'mail' OR m.send_id IS NOT NULL)
  AND NOT EXISTS (SELECT FROM outbound o WHERE o.message_id = m.id)
  AND NOT (m.send_id IS NULL AND EXISTS (SELECT FROM cases k WHERE k.id = m.case_id AND k.has_page))
  AND NOT EXISTS (SELECT FROM event e WHERE e.contact_id = c.id AND e.why = 'change' AND e.at > m.at) LIMIT 100;

-- name: sending_overdue
-- system: a command run by the house's operator
SELECT contact_id AS contact, send_id, 'in sending until ' || claimed_until AS detail FROM outbound
WHERE state = 'sending' AND claimed_until < now() - interval '5 s' LIMIT 100;

-- name: chat_differs
-- A chat belongs to its case's newest chat contact, and every such contact that a citizen began has one.
-- system: a command run by the house's operator
SELECT c.id AS contact, 'has no chat of its case' AS detail FROM contact c
WHERE c.channel = 'chat' AND c.direction = 'citizen' AND c.state IN ('queued', 'offered', 'active')
  AND NOT EXISTS (SELECT FROM chat h WHERE h.contact_id = c.id AND h.case_id = c.case_id) LIMIT 100;

-- name: offered_while_away
-- The citizen has been away for longer than an offer may stay.
-- system: a command run by the house's operator
SELECT id AS contact, 'offered, but the citizen is away since ' || away_from AS detail FROM contact
WHERE state = 'offered' AND away_from < now() - interval '30 s' AND offered_at > away_from LIMIT 100;

-- name: callback_stuck
-- A scheduled contact comes back at a known moment, and that has not passed unseen.
-- system: a command run by the house's operator
SELECT c.id AS contact, 'scheduled, ' || coalesce('due since ' || w.next_at, 'without a moment to come back') AS detail
FROM contact c LEFT JOIN callback w ON w.contact_id = c.id
WHERE c.state = 'scheduled' AND (w.next_at IS NULL OR w.next_at < now() - interval '30 s') LIMIT 100;

-- name: callback_due_elsewhere
-- Only what is scheduled comes back.
-- system: a command run by the house's operator
SELECT c.id AS contact, c.state || ', but to enter the line at ' || w.next_at AS detail
FROM callback w JOIN contact c ON c.id = w.contact_id
WHERE w.next_at IS NOT NULL AND c.state <> 'scheduled' LIMIT 100;

-- name: callback_differs
-- A callback is open as long as its contact is one; with a wrong number the agent still wraps up.
-- system: a command run by the house's operator
SELECT c.id AS contact, c.state || ', its callback ' || coalesce(w.result, 'open') AS detail
FROM callback w JOIN contact c ON c.id = w.contact_id
WHERE (w.result IS NULL) <> (c.channel = 'callback' AND c.state NOT IN ('closed', 'abandoned')) AND NOT (c.state = 'wrap_up' AND w.result = 'wrong_number')
LIMIT 100;

-- name: callback_without_number
-- system: a command run by the house's operator
SELECT c.id AS contact, 'nobody knows which number to call' AS detail FROM contact c
WHERE c.channel = 'callback' AND c.direction = 'citizen' AND NOT EXISTS (SELECT FROM callback w WHERE w.contact_id = c.id)
LIMIT 100;

-- name: attempts_differ
-- system: a command run by the house's operator
SELECT w.contact_id AS contact, w.attempts || ' attempts counted, ' || count(a.n) || ' recorded' AS detail
FROM callback w LEFT JOIN attempt a ON a.contact_id = w.contact_id
GROUP BY w.contact_id, w.attempts HAVING w.attempts <> count(a.n) OR w.attempts <> coalesce(max(a.n), 0) LIMIT 100;

-- name: promise_open
-- A window that ended is kept or broken, but while an agent who accepted in time has it in hand.
-- system: a command run by the house's operator
SELECT c.id AS contact, 'promised until ' || w.promise_to || ', neither kept nor broken' AS detail
FROM callback w JOIN contact c ON c.id = w.contact_id
WHERE w.promise_to < now() - interval '30 s' AND w.kept IS NULL AND w.result IS DISTINCT FROM 'cancelled'
  AND NOT (c.state IN ('active', 'wrap_up') AND c.accepted_at <= w.promise_to)
LIMIT 100;

-- name: slot_differs
-- system: a command run by the house's operator
SELECT NULL::bigint AS contact, 'queue ' || coalesce(s.queue_id, p.queue_id) || ', ' || coalesce(s.starts_at, p.starts_at)
       || ': ' || coalesce(p.n, 0) || ' promises, ' || coalesce(s.taken, 0) || ' places taken' AS detail
FROM callback_slot s FULL JOIN (
    SELECT slot_queue AS queue_id, promise_from AS starts_at, count(*)::int AS n FROM callback
    WHERE slot_queue IS NOT NULL GROUP BY slot_queue, promise_from) AS p USING (queue_id, starts_at)
WHERE coalesce(s.starts_at, p.starts_at) > now() AND coalesce(p.n, 0) <> coalesce(s.taken, 0) LIMIT 100;

-- name: feedback_differs
-- What was given is what its last event says.
-- system: a command run by the house's operator
SELECT f.contact_id AS contact, 'marks ' || coalesce(f.handling, 0) || ' and ' || coalesce(f.service, 0) || ', the last event tells '
       || coalesce(e.handling, 0) || ' and ' || coalesce(e.service, 0) AS detail
FROM feedback f LEFT JOIN LATERAL (SELECT x.handling, x.service FROM event x WHERE x.contact_id = f.contact_id AND x.kind = 'feedback'
                                   ORDER BY x.id DESC LIMIT 1) AS e ON true
WHERE (f.handling, f.service) IS DISTINCT FROM (e.handling, e.service) LIMIT 100;
