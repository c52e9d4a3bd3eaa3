-- name: of_case
-- With the beginning of what its citizen wrote.
SELECT c.organisation_id, k.service_id, s.name, s.removed_at,
       concat_ws(' ', c.subject, (SELECT string_agg(left(m.text, 2000), ' ' ORDER BY m.seq) FROM message m
                                  WHERE m.case_id = c.id AND m.seq <= 4 AND m.direction = 'inbound')) AS said
FROM cases c LEFT JOIN case_service k ON k.case_id = c.id LEFT JOIN service s ON s.id = k.service_id
WHERE c.id = :case AND c.organisation_id = ANY(:scope);

-- name: say
INSERT INTO case_service AS k (case_id, organisation_id, service_id, user_id)
SELECT :case::bigint, s.organisation_id, s.id, :user_id::bigint FROM service s
WHERE s.id = :service AND s.organisation_id = :organisation_id AND s.removed_at IS NULL
ON CONFLICT (case_id) DO UPDATE SET service_id = excluded.service_id, user_id = excluded.user_id, at = now();

-- name: unsay
DELETE FROM case_service WHERE case_id = :case AND organisation_id = :organisation_id;

-- name: suggested
-- Services that most of some words lead to, by their stems and as they may begin.
WITH stems AS (
    SELECT f.q::text AS q FROM unnest(:words::text[]) AS w (word),
    LATERAL (VALUES (to_tsquery('finnish', w.word)), (to_tsquery('swedish', w.word)), (to_tsquery('english', w.word))) AS f (q)
    WHERE numnode(f.q) > 0
    UNION
    SELECT '''' || b.beginning || ''':*' FROM unnest(:beginnings::text[]) AS b (beginning)
), asked AS MATERIALIZED (
    SELECT string_agg(q, ' | ')::tsquery AS q FROM stems
)
SELECT s.id, s.name FROM asked a JOIN service s ON s.stems @@ a.q
WHERE s.organisation_id = :organisation_id AND s.removed_at IS NULL
ORDER BY ts_rank(s.stems, a.q, 1) DESC, s.id LIMIT :count;

-- name: unclassified
-- Of the cases that were resolved in the last days: how many there are, and of how many nobody said the service.
SELECT o.key AS organisation, count(*) AS resolved, count(*) FILTER (WHERE k.case_id IS NULL) AS unclassified
FROM cases c JOIN organisation o ON o.id = c.organisation_id LEFT JOIN case_service k ON k.case_id = c.id
WHERE c.organisation_id = ANY(:scope) AND c.state = 'resolved' AND c.resolved_at > now() - make_interval(days => :days)
GROUP BY o.key ORDER BY o.key;
