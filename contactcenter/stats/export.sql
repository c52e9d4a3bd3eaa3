-- name: contacts
-- system: a command run by the house's operator
SELECT c.id::text, c.case_id::text AS case, coalesce(p.merged_into, c.person_id)::text AS person, o.key AS organisation, q.key AS queue, c.channel,
       c.direction, c.language, c.requirement, c.rank, c.external_id, c.linked_to::text, c.state, c.first_arrival,
       c.offered_at AS offered, c.first_accepted AS accepted, c.closed_at AS closed, c.owner::text, c.disposition,
       c.reason, c.reason_version, c.mark
FROM contact c JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN person p ON p.id = c.person_id
WHERE (:since::timestamptz IS NULL OR c.first_arrival >= :since) AND (:queue::text IS NULL OR q.key = :queue)
ORDER BY c.id;

-- name: messages
-- system: a command run by the house's operator
SELECT m.id::text, m.contact_id::text AS contact, m.case_id::text AS case, m.seq, m.direction, m.author AS "from",
       m.client_id, m.send_id::text, m.at, m.text
FROM message m JOIN contact c ON c.id = m.contact_id JOIN queue q ON q.id = c.queue_id
WHERE (:since::timestamptz IS NULL OR m.at >= :since) AND (:queue::text IS NULL OR q.key = :queue)
ORDER BY m.id;

-- name: outbound
-- system: a command run by the house's operator
SELECT b.send_id::text, b.kind, b.contact_id::text AS contact, b.case_id::text AS case, b.message_id::text AS message,
       b.client_id, b.state, b.attempts, b.code, b.external_id
FROM outbound b LEFT JOIN contact c ON c.id = b.contact_id LEFT JOIN queue q ON q.id = c.queue_id
WHERE (:since::timestamptz IS NULL OR b.at >= :since) AND (:queue::text IS NULL OR q.key = :queue)
ORDER BY b.send_id;

-- name: events
-- system: a command run by the house's operator
SELECT e.id::text, e.at, e.kind, o.key AS organisation, e.contact_id::text AS contact, q.key AS queue, e.channel,
       e.language, e.direction, e.agent::text, e.offer::text, e.why, e.wait_from, e.rank, e.rule, e.disposition,
       e.to_state AS "to", e.reason, e.promise_from AS "from", e.promise_to, e.kept, e.low_s, e.high_s, e.handling, e.service,
       e.reason_version, e.mark, e.service_id, e.request::text
FROM event e JOIN organisation o ON o.id = e.organisation_id LEFT JOIN queue q ON q.id = e.queue_id
WHERE (:since::timestamptz IS NULL OR e.at >= :since) AND (:queue::text IS NULL OR q.key = :queue)
ORDER BY e.id;

-- name: queue_known
-- system: a command run by the house's operator
SELECT EXISTS (SELECT FROM queue WHERE key = :queue);
