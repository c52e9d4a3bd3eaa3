-- name: organisation
-- The organisation of a key, if it is within sight.
SELECT id FROM organisation WHERE key = :key AND (:scope::int[] IS NULL OR id = ANY(:scope::int[]));

-- name: lock
-- One import at a time into an organisation: two would tell each other's services from removed ones.
SELECT pg_advisory_xact_lock(hashtext('contactcenter.services'), :organisation_id::int);

-- name: parents
SELECT code, parent FROM service_term WHERE organisation_id = :organisation_id AND source = :source AND parent IS NOT NULL;

-- name: service_digests
SELECT external_id, encode(digest, 'hex') AS digest FROM service
WHERE organisation_id = :organisation_id AND source = :source AND removed_at IS NULL;

-- name: channel_digests
SELECT external_id, encode(digest, 'hex') AS digest FROM service_channel
WHERE organisation_id = :organisation_id AND source = :source AND removed_at IS NULL;

-- name: put_terms
-- Returns what was written: new ones, and those that are called otherwise or stand elsewhere now.
INSERT INTO service_term AS t (organisation_id, source, code, kind, name, parent)
SELECT :organisation_id::int, :source::text, r.code, r.kind, r.name, r.parent
FROM jsonb_to_recordset(:rows::jsonb) AS r (code text, kind text, name jsonb, parent text)
ON CONFLICT (organisation_id, source, code) DO UPDATE SET kind = excluded.kind, name = excluded.name, parent = excluded.parent
WHERE (t.kind, t.name, t.parent) IS DISTINCT FROM (excluded.kind, excluded.name, excluded.parent)
RETURNING t.xmax = 0 AS added;

-- name: put_services
-- Returns what was written. One that was removed is offered again.
INSERT INTO service AS s (organisation_id, source, external_id, kind, name, also, summary, description, provider, languages,
                          terms, channels, given, words, stems, digest)
SELECT :organisation_id::int, :source::text, r.external_id, r.kind, r.name, r.also, r.summary, r.description, r.provider,
       r.languages, r.terms, r.channels, r.given, r.words,
       to_tsvector('finnish', r.words) || to_tsvector('swedish', r.words) || to_tsvector('english', r.words)
       || to_tsvector('simple', r.words), decode(r.digest, 'hex')
FROM jsonb_to_recordset(:rows::jsonb) AS r (external_id text, kind text, name jsonb, also jsonb, summary jsonb,
     description jsonb, provider jsonb, languages text[], terms text[], channels text[], given jsonb, words text, digest text)
ON CONFLICT (organisation_id, source, external_id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
    also = excluded.also, summary = excluded.summary, description = excluded.description, provider = excluded.provider,
    languages = excluded.languages, terms = excluded.terms, channels = excluded.channels, given = excluded.given,
    words = excluded.words, stems = excluded.stems, digest = excluded.digest, changed_at = now(), removed_at = NULL
WHERE s.digest <> excluded.digest OR s.removed_at IS NOT NULL
RETURNING s.xmax = 0 AS added;

-- name: put_channels
-- Returns what was written.
INSERT INTO service_channel AS c (organisation_id, source, external_id, kind, name, description, reach, given, digest)
SELECT :organisation_id::int, :source::text, r.external_id, r.kind, r.name, r.description, r.reach, r.given, decode(r.digest, 'hex')
FROM jsonb_to_recordset(:rows::jsonb) AS r (external_id text, kind text, name jsonb, description jsonb, reach text[],
     given jsonb, digest text)
ON CONFLICT (organisation_id, source, external_id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
    description = excluded.description, reach = excluded.reach, given = excluded.given, digest = excluded.digest,
    removed_at = NULL
WHERE c.digest <> excluded.digest OR c.removed_at IS NOT NULL
RETURNING c.xmax = 0 AS added;

-- name: put_mentioned
-- Channels that services only name, where nobody told more of them.
INSERT INTO service_channel AS c (organisation_id, source, external_id, kind, name, description, reach, given, digest)
SELECT :organisation_id::int, :source::text, r.external_id, r.kind, r.name, r.description, r.reach, r.given, decode(r.digest, 'hex')
FROM jsonb_to_recordset(:rows::jsonb) AS r (external_id text, kind text, name jsonb, description jsonb, reach text[],
     given jsonb, digest text)
ON CONFLICT (organisation_id, source, external_id) DO NOTHING
RETURNING true AS added;

-- name: remove_services
-- What the catalogue has no more. Rows stay: cases of former days go on naming them.
UPDATE service SET removed_at = now() WHERE organisation_id = :organisation_id AND source = :source
  AND removed_at IS NULL AND NOT EXISTS (SELECT FROM unnest(:keep::text[]) AS k (id) WHERE k.id = external_id);

-- name: remove_channels
UPDATE service_channel SET removed_at = now() WHERE organisation_id = :organisation_id AND source = :source
  AND removed_at IS NULL AND NOT EXISTS (SELECT FROM unnest(:keep::text[]) AS k (id) WHERE k.id = external_id);

-- name: listed
-- Those that each of some words leads to: as a part of a word of theirs (:words), by the stem (:words again), or as it may
-- begin (:beginnings, for each word a query of text search). First whose words are meant best, then by name.
WITH asked AS MATERIALIZED (
    SELECT '%' || w.word || '%' AS part, b.beginning::tsquery AS beginning,
           to_tsquery('finnish', w.word) || to_tsquery('swedish', w.word) || to_tsquery('english', w.word)
           || to_tsquery('simple', w.word) AS stem
    FROM unnest(:words::text[]) WITH ORDINALITY AS w (word, n)
    JOIN unnest(:beginnings::text[]) WITH ORDINALITY AS b (beginning, n) ON b.n = w.n
)
SELECT s.id, o.key AS organisation, s.source, s.external_id, s.name, s.provider, s.kind, s.removed_at, s.changed_at,
       (SELECT coalesce(jsonb_agg(t.name ORDER BY t.code), '[]') FROM service_term t WHERE t.organisation_id = s.organisation_id
        AND t.source = s.source AND t.kind = 'class' AND t.code = ANY(s.terms)) AS classes,
       count(*) OVER () AS found
FROM service s JOIN organisation o ON o.id = s.organisation_id
CROSS JOIN LATERAL (
    SELECT coalesce(bool_and(s.words LIKE a.part OR s.stems @@ a.stem OR s.stems @@ a.beginning), true) AS leads,
           count(*) FILTER (WHERE s.stems @@ a.stem) AS stems, count(*) FILTER (WHERE s.words LIKE a.part) AS parts
    FROM asked a
) AS hit
WHERE s.organisation_id = ANY(:scope) AND (:organisation::text IS NULL OR o.key = :organisation) AND hit.leads
  AND CASE :state::text WHEN 'offered' THEN s.removed_at IS NULL WHEN 'removed' THEN s.removed_at IS NOT NULL ELSE true END
ORDER BY hit.stems DESC, hit.parts DESC, coalesce(s.name ->> :language::text, s.name ->> 'fi', s.words), s.id
LIMIT :count OFFSET :skip;

-- name: counts
SELECT o.key AS organisation, s.source, count(*) FILTER (WHERE s.removed_at IS NULL) AS offered,
       count(*) FILTER (WHERE s.removed_at IS NOT NULL) AS removed, max(s.changed_at) AS changed_at
FROM service s JOIN organisation o ON o.id = s.organisation_id
WHERE s.organisation_id = ANY(:scope) GROUP BY o.key, s.source ORDER BY o.key, s.source;

-- name: one
SELECT s.id, s.organisation_id, o.key AS organisation, s.source, s.external_id, s.kind, s.name, s.also, s.summary, s.description,
       s.provider, s.languages, s.terms, s.channels, s.given, s.added_at, s.changed_at, s.removed_at
FROM service s JOIN organisation o ON o.id = s.organisation_id
WHERE s.id = :id AND s.organisation_id = ANY(:scope);

-- name: terms_of
-- With all above them, each once: a cycle ends where it began.
WITH RECURSIVE up AS (
    SELECT t.code, t.kind, t.name, t.parent, 0 AS above FROM service_term t
    WHERE t.organisation_id = :organisation_id AND t.source = :source AND t.code = ANY(:codes::text[])
    UNION
    SELECT t.code, t.kind, t.name, t.parent, 1 FROM up JOIN service_term t ON t.code = up.parent
    WHERE t.organisation_id = :organisation_id AND t.source = :source
)
SELECT DISTINCT ON (kind, code) code, kind, name, parent, above FROM up ORDER BY kind, code, above;

-- name: channels_of
SELECT external_id, kind, name, description, reach, removed_at FROM service_channel
WHERE organisation_id = :organisation_id AND source = :source AND external_id = ANY(:ids::text[]) ORDER BY kind, external_id;
