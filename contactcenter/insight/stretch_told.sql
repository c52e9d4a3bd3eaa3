-- name: counted
-- What was counted: of each cell how many, and of how many persons.
-- system: counts of all
SELECT c.view, c.service_id, c.channel, c.language, c.part, c.n, c.persons
FROM insight_count c WHERE c.organisation_id = :organisation AND c.first_day = :first_day;

-- name: told
-- system: counts of all
SELECT t.view, t.service_id, t.channel, t.language, t.part, t.n
FROM insight_told t WHERE t.organisation_id = :organisation AND t.first_day = :first_day;

-- name: behind
-- Of the weeks before that are told for good, some two months: what was counted less what was told.
-- system: counts of all
WITH late AS MATERIALIZED (
    SELECT s.first_day FROM insight_stretch s
    WHERE s.organisation_id = :organisation AND s.first_day < :first_day AND s.final_at IS NOT NULL
    ORDER BY s.first_day DESC LIMIT 10
), differs AS (
    SELECT c.view, c.service_id, c.channel, c.language, c.part, c.n FROM insight_count c
    WHERE c.organisation_id = :organisation AND c.first_day IN (SELECT first_day FROM late)
    UNION ALL
    SELECT t.view, t.service_id, t.channel, t.language, t.part, -t.n FROM insight_told t
    WHERE t.organisation_id = :organisation AND t.first_day IN (SELECT first_day FROM late)
)
SELECT d.view, d.service_id, d.channel, d.language, d.part, sum(d.n)::bigint AS n FROM differs d
GROUP BY d.view, d.service_id, d.channel, d.language, d.part HAVING sum(d.n) <> 0;

-- name: forget
-- system: counts of all
DELETE FROM insight_told WHERE organisation_id = :organisation AND first_day = :first_day AND view = ANY(:views::text[]);

-- name: tell
-- system: counts of all
INSERT INTO insight_told (organisation_id, view, first_day, service_id, channel, language, part, n)
SELECT :organisation, t.view, :first_day, t.service_id, t.channel, t.language, t.part, t.n
FROM unnest(:views::text[], :services::int[], :channels::text[], :languages::text[], :parts::text[], :ns::bigint[])
    AS t (view, service_id, channel, language, part, n);

-- name: forget_month
-- system: counts of all
DELETE FROM insight_month WHERE organisation_id = :organisation AND month = :month AND view = ANY(:views::text[]);

-- name: add_up
-- What is told of a month, of the views that were told now: anew as a whole, so that it can't drift.
-- system: counts of all
INSERT INTO insight_month (organisation_id, view, month, service_id, channel, language, part, n)
SELECT t.organisation_id, t.view, :month, t.service_id, t.channel, t.language, t.part, sum(t.n)
FROM insight_told t
WHERE t.organisation_id = :organisation AND t.view = ANY(:views::text[]) AND t.first_day >= :month AND t.first_day <= :last
GROUP BY t.organisation_id, t.view, t.service_id, t.channel, t.language, t.part;
