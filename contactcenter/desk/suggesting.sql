-- name: suggested
-- Services that most of some words lead to, by their stems and as they may begin; and whether one leads to a word
-- of their names in the language that the words are taken to be of. What is a stop word in one of the three languages
-- is about nothing in the others either: "ja" stands in many a name.
WITH ruled AS (
    SELECT to_tsquery('finnish', w.word) AS fi, to_tsquery('swedish', w.word) AS sv, to_tsquery('english', w.word) AS en
    FROM unnest(:words::text[]) AS w (word)
), stems AS (
    SELECT f.q::text AS q, f.language = :language::text AS own
    FROM ruled r CROSS JOIN LATERAL (VALUES (r.fi, 'fi'), (r.sv, 'sv'), (r.en, 'en')) AS f (q, language)
    WHERE least(numnode(r.fi), numnode(r.sv), numnode(r.en)) > 0
    UNION
    SELECT '''' || b.beginning || ''':*', true FROM unnest(:beginnings::text[]) AS b (beginning)
), asked AS MATERIALIZED (
    SELECT string_agg(q, ' | ')::tsquery AS q, (string_agg(q, ' | ') FILTER (WHERE own))::tsquery AS own FROM stems
), found AS MATERIALIZED (
    SELECT s.id, s.name, ts_rank(s.stems, a.q, 1) AS rank, a.own FROM asked a JOIN service s ON s.stems @@ a.q
    WHERE s.organisation_id = :organisation_id AND s.removed_at IS NULL
    ORDER BY rank DESC, s.id LIMIT :count
)
SELECT f.id, f.name, coalesce((to_tsvector(CASE :language::text WHEN 'sv' THEN 'swedish' WHEN 'en' THEN 'english' ELSE 'finnish' END::regconfig,
                                           f.name ->> :language::text) || to_tsvector('simple', f.name ->> :language::text)) @@ f.own, false) AS named
FROM found f ORDER BY f.rank DESC, f.id;
