-- name: organisations
SELECT o.id, o.key, o.name FROM organisation o WHERE o.id = ANY(:scope) ORDER BY o.key;

-- name: all_organisations
-- system: a command run by the house's operator
SELECT o.id FROM organisation o ORDER BY o.id;

-- name: services
-- By their names of today.
SELECT s.id, s.name, s.removed_at FROM service s WHERE s.organisation_id = ANY(:scope) ORDER BY s.id;

-- name: reasons
-- What parts of the view `reason` are called: by the names that were valid when it was said; and the organisation that alone has it.
SELECT reason_part(r.key, r.value) AS part, r.value -> 'name' AS name,
       CASE WHEN min(o.id) = max(o.id) THEN min(o.name::text) END AS whose
FROM contact_reason_version v JOIN organisation o ON o.id = v.organisation_id CROSS JOIN LATERAL jsonb_each(v.reasons) AS r (key, value)
WHERE v.organisation_id = ANY(:scope) GROUP BY 1, 2 ORDER BY part;

-- name: areas
-- Those of the same key are one, whosever they are: a city and its partners may tell the same parts apart.
SELECT DISTINCT ON (a.key) a.key, a.name FROM area a WHERE a.organisation_id = ANY(:scope) ORDER BY a.key, a.organisation_id;

-- name: stretches
-- What is told: from when to when, and until when what has to settle is told too.
-- system: days
SELECT min(s.first_day) AS first_day, max(s.last_day) FILTER (WHERE s.told_at IS NOT NULL) AS last_day,
       max(s.last_day) FILTER (WHERE s.final_at IS NOT NULL) AS settled, current_date AS today
FROM insight_stretch s WHERE s.organisation_id = ANY(:scope);

-- part: chosen
    WHERE t.organisation_id = ANY(:scope) AND t.view = :view AND (:area::text IS NULL OR t.part = :area)
      AND (:service::int IS NULL OR t.service_id = :service) AND (:channel::text IS NULL OR t.channel = :channel)
      AND (:language::text IS NULL OR t.language = :language)

-- name: contacts
-- By each side, by stretch, and in all, or of one area; first by all sides at once, which leaves little to group five times.
-- system: only what is told to everybody of these organisations (:scope)
WITH sides AS MATERIALIZED (
    SELECT t.organisation_id, t.service_id, t.channel, t.language, sum(t.n) AS n FROM insight_month t
{chosen}
      AND t.month >= :since AND t.month <= :until
    GROUP BY t.organisation_id, t.service_id, t.channel, t.language
)
SELECT CASE WHEN grouping(t.service_id) = 0 THEN 'service' WHEN grouping(t.channel) = 0 THEN 'channel'
            WHEN grouping(t.language) = 0 THEN 'language' WHEN grouping(t.organisation_id) = 0 THEN 'organisation' ELSE '' END AS side,
       coalesce(t.service_id::text, t.channel, t.language,
                (SELECT o.key FROM organisation o WHERE o.id = t.organisation_id), '') AS word, coalesce(sum(t.n), 0)::bigint AS n
FROM sides t GROUP BY GROUPING SETS ((t.service_id), (t.channel), (t.language), (t.organisation_id), ())
UNION ALL
(SELECT 'time', t.first_day::text, sum(t.n)::bigint FROM insight_told t
{chosen}
      AND t.first_day >= :since AND t.first_day <= :until
    GROUP BY t.first_day);

-- name: parts
-- Of the other views: each part, in all and by the one side that the view is told by.
-- system: only what is told to everybody of these organisations (:scope)
SELECT t.view, t.part, coalesce(nullif(t.service_id, 0)::text, nullif(t.channel, ''), '0') AS side, sum(t.n)::bigint AS n
FROM insight_month t
WHERE t.organisation_id = ANY(:scope) AND t.view = ANY(:views::text[]) AND t.month >= :since AND t.month <= :until
  AND (:service::int IS NULL OR t.service_id = :service) AND (:channel::text IS NULL OR t.channel = :channel)
GROUP BY t.view, t.part, t.service_id, t.channel;

-- name: weeks
-- Contacts of whole weeks by service; a service is one organisation's.
-- system: only what is told to everybody of these organisations (:scope)
SELECT date_trunc('week', t.first_day::timestamp)::date AS week, t.service_id, min(t.organisation_id) AS whose, sum(t.n)::bigint AS n
FROM insight_told t
WHERE t.organisation_id = ANY(:scope) AND t.view = 'contacts' AND t.first_day >= :since AND t.first_day < :until
GROUP BY 1, 2;

-- name: begins
-- The first stretch of each organisation.
-- system: days
SELECT s.organisation_id AS whose, min(s.first_day) AS first_day FROM insight_stretch s
WHERE s.organisation_id = ANY(:scope) GROUP BY s.organisation_id;

-- name: work
-- Of stretches that are told.
-- system: handling times without persons of these organisations (:scope)
SELECT o.key AS organisation, w.first_day, by.key AS staff_of, w.task, w.n, w.us, w.persons
FROM insight_work w JOIN organisation o ON o.id = w.organisation_id JOIN organisation by ON by.id = w.staff_of
JOIN insight_stretch s ON s.organisation_id = w.organisation_id AND s.first_day = w.first_day AND s.told_at IS NOT NULL
WHERE w.organisation_id = ANY(:scope) AND w.first_day >= :since AND w.first_day <= :until
ORDER BY o.key, w.first_day, by.key, w.task;

-- name: names
-- system: names of organisations, that share a desk with these
SELECT o.key, o.name FROM organisation o WHERE o.key = ANY(:keys::text[]);

-- name: tasks
-- Their names: those of the first queue of each.
SELECT DISTINCT ON (o.key, q.task) o.key AS organisation, q.task, q.name
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.organisation_id = ANY(:scope) ORDER BY o.key, q.task, q.disabled_at DESC, q.id;

-- name: cells
-- The innermost cells that are told: what open data is made of.
-- system: only what is told to everybody of these organisations (:scope)
SELECT o.key AS organisation, t.first_day, s.last_day, t.view, t.service_id, t.channel, t.language, t.part, t.n
FROM insight_told t JOIN organisation o ON o.id = t.organisation_id
JOIN insight_stretch s ON s.organisation_id = t.organisation_id AND s.first_day = t.first_day
WHERE t.organisation_id = ANY(:scope) AND t.first_day >= :since AND t.first_day <= :until
ORDER BY o.key, t.first_day, t.view, t.service_id, t.channel, t.language, t.part;
