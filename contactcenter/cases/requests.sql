-- name: of_contact
-- system: the caller owns the contact
SELECT c.case_id, known_person(c.person_id) AS person, k.service_id
FROM contact c LEFT JOIN case_service k ON k.case_id = c.case_id WHERE c.id = :contact;

-- name: persons_of
-- A row without a person where nobody is known.
-- system: the caller was authorised for the case
SELECT DISTINCT known_person(c.person_id) AS person FROM contact c WHERE c.case_id = :case ORDER BY 1;

-- name: approaches
-- The newest contacts that are in a chain, of all cases of a person and of one case more, and what was last told of them; for
-- an agent without what is hidden from that one.
-- system: the caller was authorised for the case or the person
WITH whose AS MATERIALIZED (
    SELECT p.id FROM person p WHERE p.id = :person::bigint
    UNION SELECT p.id FROM person p WHERE p.merged_into = :person
), recent AS MATERIALIZED (
    SELECT c.case_id FROM whose w JOIN contact c ON c.person_id = w.id ORDER BY c.id DESC LIMIT :most
), those AS MATERIALIZED (
    SELECT c.* FROM (SELECT case_id FROM recent UNION SELECT :case::bigint) AS k JOIN contact c ON c.case_id = k.case_id
    WHERE (:agent::bigint IS NULL OR NOT EXISTS (SELECT FROM queue h WHERE h.sensitive) OR case_needed(:agent, k.case_id))
      AND c.direction = 'citizen' AND c.aside IS NULL
      AND c.state <> 'abandoned' AND (c.first_accepted IS NOT NULL OR c.state NOT IN ('received', 'closed', 'quarantined'))
    ORDER BY c.id DESC LIMIT :most
)
SELECT c.id, coalesce(p.merged_into, p.id) AS person, c.case_id, c.first_arrival, c.closed_at, k.service_id,
       t.id IS NOT NULL AS told, t.request, t.service_id AS told_service
FROM those c LEFT JOIN person p ON p.id = c.person_id LEFT JOIN case_service k ON k.case_id = c.case_id
LEFT JOIN LATERAL (SELECT e.id, e.request, e.service_id FROM event e
                   WHERE e.contact_id = c.id AND e.kind IN ('closed', 'classified') AND e.at >= c.closed_at
                   ORDER BY e.id DESC LIMIT 1) AS t ON c.state = 'closed'
ORDER BY c.id DESC;

-- name: tell
-- system: what happened, without any text
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, reason, reason_version, mark, service_id, request)
SELECT 'classified', c.organisation_id, c.id, c.queue_id, c.channel, c.language, c.direction, c.reason, c.reason_version, c.mark,
       n.service_id, n.request
FROM unnest(:contacts::bigint[], :services::int[], :requests::bigint[]) AS n (contact_id, service_id, request)
JOIN contact c ON c.id = n.contact_id ORDER BY c.id;
