-- name: counted
-- whole: chains reach back beyond any period, so all contacts of the organisations are linked; for a report, and a recount
-- Requests of an organisation of which the last contact was closed in a period and every case is resolved, and their
-- contacts: the same chains as cases/requests.py makes, of all at once.
WITH approach AS (
    SELECT c.id, c.first_arrival, c.closed_at, s.state = 'resolved' AS resolved,
           CASE WHEN p.id IS NULL OR k.service_id IS NULL THEN 'case ' || c.case_id
                ELSE 'service ' || coalesce(p.merged_into, p.id) || ' ' || k.service_id END AS matter
    FROM contact c JOIN cases s ON s.id = c.case_id LEFT JOIN person p ON p.id = c.person_id
    LEFT JOIN case_service k ON k.case_id = c.case_id
    WHERE c.organisation_id = ANY(:scope) AND c.direction = 'citizen' AND c.aside IS NULL
      AND c.state <> 'abandoned' AND (c.first_accepted IS NOT NULL OR c.state NOT IN ('received', 'closed', 'quarantined'))
), begun AS (
    SELECT *, coalesce(first_arrival > max(coalesce(closed_at, 'infinity')) OVER earlier + interval '168 hours', true) AS begins
    FROM approach
    WINDOW earlier AS (PARTITION BY matter ORDER BY first_arrival, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), numbered AS (
    SELECT *, sum(begins::int) OVER (PARTITION BY matter ORDER BY first_arrival, id) AS n FROM begun
), request AS (
    SELECT count(*) AS contacts, max(closed_at) AS ended FROM numbered
    GROUP BY matter, n HAVING bool_and(resolved AND closed_at IS NOT NULL)
)
SELECT count(*) AS requests, coalesce(sum(contacts), 0)::bigint AS contacts FROM request
WHERE ended >= :since AND ended < :until;
