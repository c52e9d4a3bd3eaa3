-- name: counted
WITH over AS (
    SELECT e.contact_id, min(e.at) AS at FROM event e
    WHERE e.kind = 'closed' AND e.at >= :since AND e.at < :until AND e.organisation_id = ANY(:scope)
      AND e.direction = 'citizen' AND e.agent IS NOT NULL AND e.why IS DISTINCT FROM 'spam'
    GROUP BY e.contact_id
)
SELECT o.key AS organisation, s.reason, v.reasons -> s.reason -> 'name' AS name, s.mark, count(*) AS contacts
FROM over JOIN LATERAL (SELECT e.organisation_id, e.reason, e.reason_version, e.mark FROM event e
                        WHERE e.contact_id = over.contact_id AND e.kind IN ('closed', 'classified') AND e.at >= over.at
                        ORDER BY e.id DESC LIMIT 1) AS s ON true
JOIN organisation o ON o.id = s.organisation_id
LEFT JOIN contact_reason_version v ON v.organisation_id = s.organisation_id AND v.version = s.reason_version
GROUP BY o.key, s.reason, v.reasons -> s.reason -> 'name', s.mark
ORDER BY o.key, contacts DESC, s.reason NULLS LAST, name, s.mark NULLS LAST;
