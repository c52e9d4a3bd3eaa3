-- name: of_case
-- From the arrival of its first contact; with the hours of that one's queue.
SELECT f.first_arrival AS arrived, q.hours, o.time_zone AS zone,
       array(SELECT m.at FROM message m WHERE m.case_id = s.id AND m.direction = 'outbound' AND NOT m.automatic ORDER BY m.at) AS replies,
       array(SELECT c.closed_at FROM contact c WHERE c.case_id = s.id AND c.closed_at IS NOT NULL AND c.first_accepted IS NOT NULL
             ORDER BY c.closed_at) AS handled,
       CASE WHEN s.state = 'resolved' THEN s.resolved_at END AS resolved_at
FROM cases s
JOIN LATERAL (SELECT c.first_arrival, c.queue_id FROM contact c WHERE c.case_id = s.id ORDER BY c.first_arrival, c.id LIMIT 1) AS f ON true
JOIN queue q ON q.id = f.queue_id JOIN organisation o ON o.id = q.organisation_id
WHERE s.id = :case AND s.organisation_id = ANY(:scope);
