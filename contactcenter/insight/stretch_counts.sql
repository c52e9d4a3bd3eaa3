-- Each row's person and service are looked up by their keys: right after a load nothing is known of the
-- tables, and a plan that joins them may read them once for each row.

-- part: openly
-- What is said of a case (k), but of one that has a contact in a sensitive queue: that is counted as said of none, so
-- that a figure less the list of its contacts, in which it is not (behind.sql), does not tell what it is about. Where no
-- queue is sensitive no case is asked.
(NOT EXISTS (SELECT FROM queue q WHERE q.sensitive) OR (
 SELECT true FROM contact h WHERE h.case_id = k.case_id
 AND h.queue_id = ANY (ARRAY(SELECT q.id FROM queue q WHERE q.sensitive)) LIMIT 1) IS NOT TRUE)

-- name: contacts
-- Citizens' contacts by when they first arrived, the hours of their arrival, and where areas are told apart these.
-- system: counts of all
WITH c AS MATERIALIZED (
    SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           coalesce((SELECT k.service_id FROM case_service k WHERE k.case_id = c.case_id AND
{openly}
           ), 0) AS service_id, c.channel::text AS channel, c.language,
           extract(hour FROM c.first_arrival AT TIME ZONE :zone)::int::text AS hour,
           CASE WHEN EXISTS (SELECT FROM area a WHERE a.organisation_id = :organisation)
                THEN coalesce((SELECT k.area FROM case_area k WHERE k.case_id = c.case_id AND
{openly}
                ), '0') END AS area
    FROM contact c
    WHERE c.organisation_id = :organisation AND c.first_arrival >= :since AND c.first_arrival < :until
      AND c.direction = 'citizen' AND c.aside IS NULL AND c.state <> 'quarantined'
)
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, 'contacts', service_id, channel, language, '', count(*), count(DISTINCT who)
FROM c GROUP BY service_id, channel, language
UNION ALL
SELECT :organisation::int, :first_day::date, 'hour', 0, channel, '', hour, count(*), count(DISTINCT who) FROM c GROUP BY channel, hour
UNION ALL
SELECT :organisation::int, :first_day::date, 'area', service_id, '', '', area, count(*), count(DISTINCT who)
FROM c WHERE area IS NOT NULL GROUP BY service_id, area;

-- name: times
-- Contacts by when they were closed: how long that took, and how long until somebody first reacted: took
-- the call or chat, or wrote. By the calendar and within the opening hours of the queue at once ("h24-h4"): told
-- apart, the one less the other would be few. Open time is that until the one moment less that until the other.
-- system: counts of all
WITH spans AS (
    SELECT s.kind, s.opens, s.closes, sum(s.closes - s.opens) OVER (PARTITION BY s.kind ORDER BY s.opens) - (s.closes - s.opens) AS before
    FROM unnest(:spans_of::int[], :opens::timestamptz[], :closes::timestamptz[]) AS s (kind, opens, closes)
), hours AS MATERIALIZED (
    SELECT q.queue_id, array_agg(s.opens ORDER BY s.opens) AS opens, array_agg(s.closes ORDER BY s.opens) AS closes,
           array_agg(s.before ORDER BY s.opens) AS before
    FROM unnest(:queues::int[], :kinds::int[]) AS q (queue_id, kind) JOIN spans s ON s.kind = q.kind GROUP BY q.queue_id
), c AS MATERIALIZED (
    SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           c.channel::text AS channel, c.queue_id, c.first_arrival AS since, e.at AS answered,
           coalesce(CASE WHEN c.channel = 'mail' THEN (
               SELECT min(m.at) FROM message m
               WHERE m.contact_id = c.id AND m.case_id = c.case_id AND m.direction = 'outbound' AND NOT m.automatic)
           ELSE c.first_accepted END, e.at) AS reacted
    FROM event e CROSS JOIN LATERAL (SELECT * FROM contact WHERE id = e.contact_id OFFSET 0) AS c
    WHERE e.kind = 'closed' AND e.at >= :since AND e.at < :until AND e.organisation_id = :organisation
      AND c.direction = 'citizen' AND c.aside IS NULL AND c.first_accepted IS NOT NULL
), t AS (
    SELECT m.view, c.who, c.channel, v.part || '-' || w.part AS part
    FROM c LEFT JOIN hours h ON h.queue_id = c.queue_id
    CROSS JOIN LATERAL (VALUES ('answer', c.answered), ('reaction', c.reacted)) AS m (view, until)
    CROSS JOIN LATERAL (VALUES (width_bucket(c.since, h.opens), width_bucket(m.until, h.opens))) AS i (since, until)
    CROSS JOIN LATERAL (VALUES (
        CASE WHEN i.since > 0 THEN h.before[i.since] + (least(c.since, h.closes[i.since]) - h.opens[i.since]) END,
        CASE WHEN i.until > 0 THEN h.before[i.until] + (least(m.until, h.closes[i.until]) - h.opens[i.until]) END
    )) AS o (since, until)
    CROSS JOIN LATERAL (SELECT (:parts::text[])[1 + width_bucket(m.until - c.since, :limits::interval[])] AS part) AS v
    CROSS JOIN LATERAL (SELECT CASE WHEN c.since >= :known
        THEN (:parts::text[])[1 + width_bucket(coalesce(o.until, interval '0') - coalesce(o.since, interval '0'), :limits::interval[])]
        ELSE (:parts::text[])[1 + cardinality(:limits::interval[])] END AS part) AS w
)
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, view, 0, channel, '', part, count(*), count(DISTINCT who) FROM t GROUP BY view, channel, part;

-- name: marks
-- Marks by when they were first given, as they are now.
-- system: counts of all
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, v.view, c.service_id, '', '', v.mark::text, count(*), count(DISTINCT c.who)
FROM feedback f
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           coalesce((SELECT k.service_id FROM case_service k WHERE k.case_id = c.case_id AND
{openly}
           ), 0) AS service_id
    FROM contact c WHERE c.id = f.contact_id AND c.aside IS NULL OFFSET 0) AS c
CROSS JOIN LATERAL (VALUES ('mark_service', f.service), ('mark_handling', f.handling)) AS v (view, mark)
WHERE f.organisation_id = :organisation AND f.given_at >= :since AND f.given_at < :until AND v.mark IS NOT NULL
GROUP BY v.view, c.service_id, v.mark;

-- name: open_feedback
-- Feedback that came of itself, by when it was given; of the service that an agent said, else its giver.
-- system: counts of all
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, 'open', c.service_id, '', '', f.kind, count(*), count(DISTINCT c.who)
FROM open_feedback f
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           coalesce((
               SELECT coalesce((SELECT s.service_id FROM case_service s WHERE s.case_id = k.case_id), f.service_id)
               FROM (SELECT c.case_id OFFSET 0) AS k WHERE
{openly}
           ), 0) AS service_id
    FROM contact c WHERE c.id = f.contact_id AND c.aside IS NULL OFFSET 0) AS c
WHERE f.organisation_id = :organisation AND f.given_at >= :since AND f.given_at < :until
GROUP BY c.service_id, f.kind;

-- name: suggested
-- Cases by when an agent last said their service, of which it is known whether it was suggested.
-- system: counts of all
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, 'suggested', c.service_id, '', '', CASE WHEN k.suggested > 0 THEN 'among' ELSE 'missed' END,
       count(*), count(DISTINCT c.who)
FROM case_service k
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           CASE WHEN
{openly}
           THEN k.service_id ELSE 0 END AS service_id
    FROM cases c WHERE c.id = k.case_id OFFSET 0) AS c
WHERE k.organisation_id = :organisation AND k.at >= :since AND k.at < :until AND k.suggested IS NOT NULL
GROUP BY c.service_id, k.suggested > 0;

-- name: joins
-- Whether tables may be joined row by row: of a person with thousands of contacts that is millions of looks.
-- system: no data
SELECT set_config('enable_nestloop', :rowwise, true);

-- name: matters
-- Cases resolved: once, where their person turned to the city about that service no second time from seven
-- days before the case (of one that is older than 60 days: before these) until seven days after it was resolved;
-- again, where so. Who is not known is asked by the case alone.
-- system: counts of all
WITH c AS MATERIALIZED (
    SELECT c.id, c.person_id, coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           (SELECT k.service_id FROM case_service k WHERE k.case_id = c.id) AS service_id,
           greatest(c.opened_at, :since::timestamptz - interval '60 days') - interval '7 days' AS since,
           c.resolved_at + interval '7 days' AS until
    FROM cases c
    WHERE c.organisation_id = :organisation AND c.state = 'resolved' AND c.resolved_at >= :since AND c.resolved_at < :until
), near AS MATERIALIZED (
    SELECT c.first_arrival, coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
           (SELECT k.service_id FROM case_service k WHERE k.case_id = c.case_id) AS service_id
    FROM contact c
    WHERE c.organisation_id = :organisation AND c.person_id IS NOT NULL AND c.direction = 'citizen' AND c.aside IS NULL
      AND c.first_arrival >= (SELECT min(since) FROM c) AND c.first_arrival < :until::timestamptz + interval '7 days'
), others AS (
    SELECT c.id, count(*) AS times FROM c JOIN near n ON n.who = c.who AND n.service_id = c.service_id
    WHERE c.person_id IS NOT NULL AND n.first_arrival >= c.since AND n.first_arrival <= c.until GROUP BY c.id
), counted AS (
    SELECT (SELECT c.service_id FROM (SELECT c.id AS case_id OFFSET 0) AS k WHERE
{openly}
           ) AS service_id, c.who, coalesce(o.times, 0) > 1 OR (
        SELECT count(*) FROM contact x
        WHERE x.case_id = c.id AND x.direction = 'citizen' AND x.aside IS NULL AND x.first_arrival <= c.until) > 1 AS again
    FROM c LEFT JOIN others o ON o.id = c.id
)
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, 'matter', coalesce(service_id, 0), '', '', CASE WHEN again THEN 'again' ELSE 'once' END,
       count(*), count(DISTINCT who)
FROM counted GROUP BY coalesce(service_id, 0), again;

-- name: causes
-- Contacts that were closed: of what value they were, whether they began a request or went on with one, and for what
-- reason they came (its key, and what tells its names then from later ones), as the newest event of each says.
-- system: counts of all
WITH c AS MATERIALIZED (
    SELECT n.who, coalesce(l.service_id, 0) AS service_id, coalesce(l.mark, '') AS mark,
           CASE WHEN l.request = e.contact_id THEN 'first' WHEN l.request IS NOT NULL THEN 'repeat' ELSE '' END AS nth,
           l.reason, l.reason_version
    FROM event e
    CROSS JOIN LATERAL (
        SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who,
               (SELECT true FROM (SELECT c.case_id OFFSET 0) AS k WHERE
{openly}
               ) AS openly
        FROM contact c WHERE c.id = e.contact_id AND c.aside IS NULL AND c.first_accepted IS NOT NULL OFFSET 0) AS n
    CROSS JOIN LATERAL (
        SELECT CASE WHEN n.openly THEN x.service_id END AS service_id, CASE WHEN n.openly THEN x.mark END AS mark, x.request,
               CASE WHEN n.openly THEN x.reason END AS reason, x.reason_version FROM event x
        WHERE x.contact_id = e.contact_id AND x.kind IN ('closed', 'classified') AND x.at > e.at - interval '1 day'
        ORDER BY x.id DESC LIMIT 1) AS l
    WHERE e.kind = 'closed' AND e.at >= :since AND e.at < :until AND e.organisation_id = :organisation
      AND e.direction = 'citizen'
), called AS MATERIALIZED (
    SELECT v.version, r.key, reason_part(r.key, r.value) AS part
    FROM contact_reason_version v CROSS JOIN LATERAL jsonb_each(v.reasons) AS r (key, value) WHERE v.organisation_id = :organisation
)
INSERT INTO insight_count (organisation_id, first_day, view, service_id, channel, language, part, n, persons)
SELECT :organisation::int, :first_day::date, v.view, c.service_id, '', '', v.part, count(*), count(DISTINCT c.who)
FROM c LEFT JOIN called g ON g.version = c.reason_version AND g.key = c.reason
CROSS JOIN LATERAL (VALUES ('cause', c.mark), ('request', c.nth), ('reason', coalesce(g.part, c.reason, ''))) AS v (view, part)
GROUP BY v.view, c.service_id, v.part;

-- name: work
-- Handling that ended, as stats/rules.py counts it: from accepted to closed or left, without the time for
-- which a mail was paused; to see that something is spam is none. A day is room for clocks that differ; the months after
-- it are not looked into.
-- system: counts of all
INSERT INTO insight_work (organisation_id, first_day, staff_of, task, n, us, persons)
SELECT :organisation::int, :first_day::date, u.organisation_id, q.task, count(*),
       sum((1000000 * extract(epoch FROM e.at - a.at))::bigint - coalesce(z.us, 0)), count(DISTINCT c.who)
FROM event e
JOIN LATERAL (
    SELECT b.id, b.kind, b.at, b.agent FROM event b
    WHERE b.contact_id = e.contact_id AND b.id < e.id AND b.at < e.at + interval '1 day' AND b.kind IN ('accepted', 'left', 'closed')
    ORDER BY b.id DESC LIMIT 1) AS a ON a.kind = 'accepted'
LEFT JOIN LATERAL (
    SELECT (1000000 * (sum(CASE s.kind WHEN 'paused' THEN -1 ELSE 1 END * extract(epoch FROM s.at))
            + CASE WHEN count(*) % 2 = 1 THEN extract(epoch FROM e.at) ELSE 0 END))::bigint AS us
    FROM event s
    WHERE e.channel = 'mail' AND s.contact_id = e.contact_id AND s.id > a.id AND s.id < e.id AND s.at < e.at + interval '1 day'
      AND s.kind IN ('paused', 'resumed')) AS z ON true
JOIN queue q ON q.id = e.queue_id AND q.organisation_id = :organisation JOIN users u ON u.id = a.agent
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT coalesce(p.merged_into, p.id) FROM person p WHERE p.id = c.person_id), c.id) AS who
    FROM contact c WHERE c.id = e.contact_id OFFSET 0) AS c
WHERE e.kind IN ('left', 'closed') AND e.at >= :since AND e.at < :until AND e.why IS DISTINCT FROM 'spam'
GROUP BY u.organisation_id, q.task;

-- name: worked
-- system: counts of all
SELECT w.staff_of, w.task, w.us FROM insight_work w WHERE w.organisation_id = :organisation AND w.first_day = :first_day;
