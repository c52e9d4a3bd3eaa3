-- name: waiting
-- How many are due, up to as many as one pass decides about.
-- system: the house's post
SELECT count(*)::int FROM (SELECT FROM feedback_due WHERE at <= now() ORDER BY at LIMIT :most) AS d;

-- name: room
-- How many may be asked in this minute.
-- system: the house's post
SELECT :most::int - count(*)::int FROM outbound WHERE kind = 'feedback' AND at > now() - interval '1 min';

-- name: due
-- Whom to ask now, and by which address. Taken out in this transaction, so each is decided once.
-- Nobody is asked about what went on meanwhile, was set aside, or was judged already; no chat whose
-- page showed the link; no machine, list or blocked sender, none of our own addresses, and none that
-- an answer of the case did not reach. The address is the one given for answers, that of the person's
-- newest mail in the case which no server speaks against, the one given with the callback, or one
-- that the person has proven; the language the one chosen last in the case's chat, else the contact's.
-- system: the house's post
WITH taken AS MATERIALIZED (
    DELETE FROM feedback_due WHERE contact_id = ANY (ARRAY(
        SELECT contact_id FROM feedback_due WHERE at <= now() ORDER BY at, contact_id LIMIT :most FOR UPDATE SKIP LOCKED))
    RETURNING contact_id
)
SELECT c.id, c.case_id, c.organisation_id, c.person_id, coalesce(g.page_language, c.language) AS language, w.address, b.mailbox, q.name AS queue, q.from_name,
       q.feedback_every_days AS every_days, s.address AS sender
FROM taken t JOIN contact c ON c.id = t.contact_id JOIN cases k ON k.id = c.case_id JOIN queue q ON q.id = c.queue_id
LEFT JOIN person p ON p.id = c.person_id LEFT JOIN chat g ON g.case_id = c.case_id
CROSS JOIN LATERAL (SELECT lower(coalesce(
    k.answers_to,
    (SELECT m.address FROM message m JOIN identity i ON i.address = lower(m.address) AND i.kind = 'email'
     WHERE m.case_id = k.id AND m.direction = 'inbound' AND NOT m.automatic AND NOT forged(m.facts)
       AND NOT coalesce(m.facts -> 'marks' ? 'list', false)
       AND i.person_id = k.person_id AND i.organisation_id = k.organisation_id
     ORDER BY m.seq DESC LIMIT 1),
    (SELECT r.email FROM callback r WHERE r.contact_id = c.id),
    (SELECT i.address FROM identity i
     WHERE i.person_id = c.person_id AND i.organisation_id = c.organisation_id AND i.kind = 'email'
       AND i.strength IN ('verified', 'strong') AND (c.called = '' OR lower(c.called) = lower(p.name))
     ORDER BY i.seen_at DESC LIMIT 1))) AS address) AS w
CROSS JOIN LATERAL (SELECT regexp_replace(w.address, '\+[^@]*@', '@') AS mailbox) AS b
CROSS JOIN LATERAL (SELECT x.address FROM mail_address x WHERE x.queue_id = q.id ORDER BY x.address LIMIT 1) AS s
WHERE w.address IS NOT NULL AND q.feedback AND q.feedback_every_days > 0 AND c.state = 'closed' AND c.aside IS NULL
  AND NOT EXISTS (SELECT FROM contact n WHERE n.case_id = c.case_id AND n.id > c.id)
  AND NOT EXISTS (SELECT FROM feedback f WHERE f.contact_id = c.id)
  AND NOT EXISTS (SELECT FROM chat h WHERE h.contact_id = c.id AND h.told AND c.channel = 'chat')
  AND NOT EXISTS (SELECT FROM blocked_sender x WHERE x.organisation_id = c.organisation_id AND x.address = w.address)
  AND NOT EXISTS (SELECT FROM mail_address x WHERE x.address IN (w.address, b.mailbox))
  AND NOT EXISTS (SELECT FROM outbound o WHERE o.case_id = c.case_id AND lower(o.recipient) = w.address
                  AND (o.state = 'failed' OR o.undelivered_at IS NOT NULL))
ORDER BY c.id;

-- name: hold_cases
-- Cases before contacts, as everywhere: a row that names both would ask for the contact first.
-- system: the house's post
SELECT FROM cases WHERE id = ANY(:cases) ORDER BY id FOR NO KEY UPDATE;

-- name: asked_lately
-- Whether the organisation asked this mailbox, or this person, in so many days.
-- system: the house's post
SELECT EXISTS (SELECT FROM outbound o
               WHERE o.kind = 'feedback' AND regexp_replace(o.recipient, '\+[^@]*@', '@') = :mailbox
                 AND o.organisation_id = :organisation_id AND o.at > now() - make_interval(days => :days))
    OR EXISTS (SELECT FROM contact c JOIN outbound o ON o.contact_id = c.id
               WHERE c.person_id = ANY(array(SELECT p.id FROM person p WHERE p.id = known_person(:person) OR p.merged_into = known_person(:person)))
                 AND o.kind = 'feedback' AND o.at > now() - make_interval(days => :days));
