-- name: identities
SELECT i.kind, i.address, i.strength, i.seen_at FROM identity i
WHERE i.person_id = ANY(:members::bigint[]) AND i.organisation_id = ANY(:scope)
ORDER BY i.seen_at DESC, i.address LIMIT 50;

-- name: contacts
-- The newest of all that the person is; each member's newest are found by its index.
WITH newest AS MATERIALIZED (
    SELECT c.* FROM unnest(:members::bigint[]) AS m (person) CROSS JOIN LATERAL (
        SELECT x.id, x.case_id, x.queue_id, x.channel, x.direction, x.language, x.state, x.first_arrival, x.disposition
        FROM contact x WHERE x.person_id = m.person AND x.organisation_id = ANY(:scope) ORDER BY x.id DESC LIMIT :most) AS c
    ORDER BY c.id DESC LIMIT :most
), needed AS MATERIALIZED (
    SELECT DISTINCT n.case_id, case_needed(:agent, n.case_id) AS needed FROM (SELECT DISTINCT case_id FROM newest) AS n
)
SELECT c.id, c.case_id, c.channel, c.direction, c.language, c.state, c.first_arrival, c.disposition,
       q.key AS queue, q.name AS queue_name, k.subject, k.state AS case_state, k.opened_at,
       b.id AS service_id, b.name AS service_name,
       f.handling, f.service, f.text AS said, f.given_at,
       CASE WHEN c.case_id IS NULL THEN NOT q.sensitive ELSE n.needed END AS needed
FROM newest c JOIN queue q ON q.id = c.queue_id LEFT JOIN cases k ON k.id = c.case_id
LEFT JOIN case_service a ON a.case_id = c.case_id LEFT JOIN service b ON b.id = a.service_id
LEFT JOIN needed n ON n.case_id = c.case_id LEFT JOIN feedback f ON f.contact_id = c.id
ORDER BY c.id DESC;

-- name: merges
-- Those that stand, newest first.
SELECT m.id, p.name, m.grounds, m.checked, u.name AS by, m.at
FROM person_merge m LEFT JOIN person p ON p.id = m.merged LEFT JOIN users u ON u.id = m.user_id
WHERE m.kept = ANY(:members::bigint[]) AND m.undone_at IS NULL AND m.organisation_id = ANY(:scope)
ORDER BY m.at DESC, m.id DESC;
