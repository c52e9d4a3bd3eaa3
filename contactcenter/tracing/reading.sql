-- name: lives
-- All that happened to these contacts, codes and times only.
-- system: ids, codes and times
SELECT e.contact_id AS contact, c.case_id AS case, c.first_arrival AS arrived, e.id, e.at, e.kind, e.channel, e.language,
       e.direction, q.key AS queue, o.key AS organisation, e.offer, e.why, e.rule
FROM event e JOIN contact c ON c.id = e.contact_id JOIN queue q ON q.id = e.queue_id
JOIN organisation o ON o.id = e.organisation_id
WHERE e.contact_id = ANY(:contacts::bigint[])
  AND e.kind IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'paused', 'resumed',
                 'wrap_up', 'closed', 'left', 'abandoned')
ORDER BY e.contact_id, e.id;

-- name: written
-- What was written in stretches of contacts' time: that, and when.
-- system: ids, codes and times
SELECT s.n, m.id, m.at, m.direction, m.automatic
FROM unnest(:contacts::bigint[], :cases::bigint[], :since::timestamptz[], :until::timestamptz[])
     WITH ORDINALITY AS s (contact, case_id, since, until, n)
JOIN message m ON m.case_id = s.case_id AND m.contact_id = s.contact AND m.at <= s.until
    AND (s.since IS NULL OR m.at > s.since)
ORDER BY m.id;

-- name: to_leave
-- What was to leave the house in such stretches.
-- system: ids
SELECT s.n, o.send_id AS send
FROM unnest(:contacts::bigint[], :since::timestamptz[], :until::timestamptz[])
     WITH ORDINALITY AS s (contact, since, until, n)
JOIN outbound o ON o.contact_id = s.contact AND o.at <= s.until AND (s.since IS NULL OR o.at > s.since)
ORDER BY o.send_id;

-- name: settled
-- Of these, what left, did not, or may have; and those that are not there any more (no state).
-- system: ids, codes and times
SELECT s.id AS send, o.kind, o.channel, o.state, o.attempts, o.at, coalesce(o.sent_at, o.undelivered_at, now()) AS until
FROM unnest(:sends::bigint[]) AS s (id) LEFT JOIN outbound o ON o.send_id = s.id
WHERE o.state IS NULL OR o.state IN ('sent', 'failed', 'unknown')
ORDER BY s.id;
