-- part: rules
       CASE language WHEN 'sv' THEN 'swedish' WHEN 'en' THEN 'english' ELSE 'finnish' END::regconfig AS rules

-- part: stems
       to_tsvector(rules, array_to_string((regexp_split_to_array(lower(left(said, 1000)), '(\W|_)+'))[1:40], ' ')) AS stems

-- name: due
-- system: words of all
SELECT o.id FROM organisation o LEFT JOIN past_word_count p ON p.organisation_id = o.id
WHERE p.counted_at IS NULL OR p.counted_at <= now() - make_interval(secs => :every_s::float8) ORDER BY o.id;

-- name: take
-- Who takes an organisation first makes them: another waits here, and finds it done.
-- system: words of all
INSERT INTO past_word_count AS p (organisation_id) VALUES (:organisation)
ON CONFLICT (organisation_id) DO UPDATE SET counted_at = now() WHERE p.counted_at <= now() - make_interval(secs => :every_s::float8);

-- name: clear
-- system: words of all
DELETE FROM past_word WHERE organisation_id = :organisation;

-- name: learn
-- Of the newest cases, in whose queues nothing is sensitive, each person once a service: r of the service's R had
-- the word, n of all N. The weight is that of Robertson and Spärck Jones, "Relevance weighting of search terms"
-- (1976), formula 4 with the halves. Kept is what the catalogue says too, in the same language's stems.
-- system: words of five persons' cases or more
WITH newest AS MATERIALIZED (
    SELECT k.case_id, k.service_id FROM case_service k WHERE k.organisation_id = :organisation ORDER BY k.case_id DESC LIMIT :cases
), texts AS MATERIALIZED (
    SELECT k.service_id, known_person(c.person_id) AS who,
           (SELECT x.language FROM contact x WHERE x.case_id = c.id ORDER BY x.first_arrival, x.id LIMIT 1) AS language,
           (SELECT w.said FROM case_said w WHERE w.case_id = c.id) AS said
    FROM newest k JOIN service s ON s.id = k.service_id AND s.removed_at IS NULL JOIN cases c ON c.id = k.case_id
    WHERE c.person_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM contact x JOIN queue q ON q.id = x.queue_id WHERE x.case_id = c.id AND q.sensitive)
), ruled AS (
    SELECT service_id, who, said,
{rules}
    FROM texts
), stemmed AS MATERIALIZED (
    SELECT service_id, who,
{stems}
    FROM ruled
), told AS (
    SELECT unnest(tsvector_to_array(s.stems)) AS lexeme FROM service s WHERE s.organisation_id = :organisation AND s.removed_at IS NULL
    UNION
    SELECT unnest(tsvector_to_array(to_tsvector(r.rules, s.summary) || to_tsvector(r.rules, s.description)))
    FROM service s CROSS JOIN unnest('{finnish,swedish,english}'::regconfig[]) AS r (rules) WHERE s.id IN (SELECT service_id FROM newest)
), known AS MATERIALIZED (
    SELECT lexeme FROM told WHERE length(lexeme) > 2 AND lexeme !~ '\W|\d|_'
), stood AS (
    SELECT l.lexeme AS stem, t.service_id, count(DISTINCT t.who) AS r FROM stemmed t CROSS JOIN LATERAL unnest(t.stems) AS l
    WHERE l.lexeme IN (SELECT lexeme FROM known) GROUP BY l.lexeme, t.service_id
), by_service AS (
    SELECT service_id, count(DISTINCT who) AS n FROM stemmed GROUP BY service_id
), counted AS (
    SELECT c.stem, c.service_id, c.r, sum(c.r) OVER (PARTITION BY c.stem)::float8 AS n, s.n AS of_service,
           (SELECT sum(n) FROM by_service)::float8 AS whole
    FROM stood c JOIN by_service s ON s.service_id = c.service_id
), weighed AS (
    SELECT stem, service_id, r, ln((r + 0.5) * (whole - n - of_service + r + 0.5) / ((n - r + 0.5) * (of_service - r + 0.5))) AS weight
    FROM counted WHERE r >= :persons
), ranked AS (
    SELECT stem, service_id, r, weight, row_number() OVER (PARTITION BY service_id ORDER BY weight DESC, r DESC, stem) AS nth
    FROM weighed WHERE weight >= :least
)
INSERT INTO past_word (organisation_id, stem, service_id, persons, weight)
SELECT :organisation::int, stem, service_id, r, weight FROM ranked WHERE nth <= :words;

-- name: found
-- Services that former cases with these words were about, the likeliest first.
-- system: the catalogue and words of many, of the organisation whose case was asked for
WITH ruled AS (
    SELECT said,
{rules}
    FROM (SELECT :language::text AS language, :said::text AS said) AS given
), stemmed AS MATERIALIZED (
    SELECT
{stems}
    FROM ruled
), heard AS MATERIALIZED (
    SELECT w.service_id, sum(w.weight) AS weight FROM stemmed t CROSS JOIN LATERAL unnest(t.stems) AS l
    JOIN past_word w ON w.organisation_id = :organisation AND w.stem = l.lexeme
    GROUP BY w.service_id HAVING sum(w.weight) >= :least
)
SELECT s.id, s.name FROM heard h JOIN service s ON s.id = h.service_id AND s.removed_at IS NULL
ORDER BY h.weight DESC, s.id LIMIT :count;
