"""Three months of insight that are told, made up: two services, of which one moved; and contacts of
that time."""

TOLD = """
WITH s AS (
    INSERT INTO service (organisation_id, source, external_id, name, given, words, stems, digest)
    SELECT o.id, 'own', v.key, v.name::jsonb, '{}', '', '', ''
    FROM organisation o, (VALUES ('nursery', '{"fi": "Päiväkoti", "sv": "Daghem", "en": "Nursery"}'),
                                 ('=roads', '{"fi": "=Tiet", "en": "<b>Roads</b>"}')) AS v (key, name)
    WHERE o.key = 'city' RETURNING id, organisation_id, external_id
), r AS (
    INSERT INTO contact_reason_version (organisation_id, version, reasons)
    SELECT o.id, 1, '{"bill": {"name": {"fi": "Lasku", "en": "<b>Bill</b>"}}}' FROM organisation o WHERE o.key = 'city'
), a AS (
    INSERT INTO area (organisation_id, key, name)
    SELECT o.id, 'centre', '{"fi": "Keskusta", "sv": "Centrum", "en": "<i>Centre</i>"}' FROM organisation o WHERE o.key = 'city'
), w AS (
    INSERT INTO insight_stretch (organisation_id, first_day, last_day, counted_at, told_at, final_at)
    SELECT o.id, d, d + 6, now(), now(), now() FROM organisation o, generate_series('2026-08-03'::date, '2026-10-19', '7 days') AS g (at),
        LATERAL (SELECT g.at::date AS d) AS x
), t AS (
    INSERT INTO insight_told (organisation_id, view, first_day, service_id, channel, language, part, n)
    SELECT s.organisation_id, 'contacts', d, s.id, channel, language, '',
           CASE WHEN external_id = 'nursery' AND d = '2026-10-19' AND channel = 'mail' THEN 90 ELSE 12 END
    FROM s, unnest('{2026-08-03,2026-08-10,2026-08-17,2026-08-24,2026-08-31,2026-09-07,2026-09-14,2026-09-21,2026-09-28,2026-10-05,2026-10-12,2026-10-19}'::date[]) AS d,
        unnest('{mail,visit}'::text[]) AS channel, unnest('{fi,sv}'::text[]) AS language
    UNION ALL
    SELECT s.organisation_id, v.view, '2026-10-12', s.id, '', '', v.part, v.n
    FROM s, (VALUES ('area', 'centre', 30), ('area', '0', 18), ('matter', 'once', 30), ('matter', 'again', 10),
                    ('mark_service', '2', 25), ('mark_handling', '5', 25),
                    ('suggested', 'among', 45), ('suggested', 'missed', 5)) AS v (view, part, n)
    UNION ALL
    SELECT s.organisation_id, 'reason', '2026-10-12', s.id, '', '', v.part, v.n
    FROM s, (VALUES ('', 6), ('bill@' || left(md5('{"fi": "Lasku", "en": "<b>Bill</b>"}'::jsonb::text), 8), 24)) AS v (part, n)
    UNION ALL
    SELECT o.id, v.view, '2026-10-12', 0, 'mail', '', v.part, 20
    FROM organisation o, (VALUES ('hour', '9'), ('hour', '11'), ('answer', 'h1-h1'), ('answer', 'later-h24'), ('reaction', 'h4-h1')) AS v (view, part)
    WHERE o.key = 'city'
    RETURNING *
), m AS (
    INSERT INTO insight_month (organisation_id, view, month, service_id, channel, language, part, n)
    SELECT organisation_id, view, date_trunc('month', first_day), service_id, channel, language, part, sum(n) FROM t
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
INSERT INTO insight_work (organisation_id, first_day, staff_of, task, n, us, persons)
SELECT o.id, '2026-10-12', o.id, 'general', 70, 3723000000, 40 FROM organisation o WHERE o.key = 'city'
"""  # noqa: E501

CAME = """
WITH c AS (
    INSERT INTO contact (id, case_id, organisation_id, queue_id, channel, language, requirement, rank, state, first_arrival, wait_from,
                         first_accepted, closed_at, reason, reason_version, mark)
    SELECT 4000 + n, 4000 + n, q.organisation_id, q.id, 'mail', 'fi', 'x', 0, 'closed', at, at, at, at, 'bill', 1, 'chasing'
    FROM queue q, generate_series(1, 51) AS n, LATERAL (SELECT '2026-10-14 09:00+03'::timestamptz + n * interval '1 minute' AS at) AS t
    WHERE q.key = 'general' RETURNING case_id, organisation_id
)
INSERT INTO cases (id, organisation_id, subject, state) SELECT case_id, organisation_id, '<b>Lasku</b> ' || case_id, 'resolved' FROM c
"""  # noqa: E501
