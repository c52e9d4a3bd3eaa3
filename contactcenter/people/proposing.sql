-- part: recent
-- The newest contacts of all that the person is.
recent AS MATERIALIZED (
    SELECT c.id, c.case_id FROM unnest(:members::bigint[]) AS m (person) CROSS JOIN LATERAL (
        SELECT x.id, x.case_id FROM contact x
        WHERE x.person_id = m.person AND x.organisation_id = ANY(:scope) ORDER BY x.id DESC LIMIT 40) AS c
    ORDER BY c.id DESC LIMIT 40
)

-- name: told
-- Addresses that the person proved or gave, the surest first.
WITH
{recent}
SELECT 'email' AS kind, lower(t.address) AS address, 'proven' AS ground
FROM (SELECT DISTINCT case_id FROM recent) AS r JOIN transcript t ON t.case_id = r.case_id WHERE t.proven_at IS NOT NULL AND t.token_hash IS NOT NULL
UNION ALL
SELECT 'email', lower(k.answers_to), 'given' FROM (SELECT DISTINCT case_id FROM recent) AS r JOIN cases k ON k.id = r.case_id
WHERE k.answers_to IS NOT NULL
UNION ALL
SELECT 'email', lower(w.email), 'given' FROM recent r JOIN callback w ON w.contact_id = r.id WHERE w.email IS NOT NULL;

-- name: texts
-- What they wrote last, of cases that the asker may see.
WITH
{recent}
SELECT left(m.text, 2000) || ' ' || left(coalesce(m.rest, ''), 500) AS text
FROM (SELECT DISTINCT case_id FROM recent WHERE case_id IS NOT NULL) AS r CROSS JOIN LATERAL (
    SELECT x.text, x.rest, x.id FROM message x
    WHERE x.case_id = r.case_id AND x.direction = 'inbound' ORDER BY x.seq DESC LIMIT 5) AS m
WHERE case_needed(:agent, r.case_id) ORDER BY m.id DESC LIMIT 40;

-- name: whose
SELECT i.kind, i.address, i.person_id FROM unnest(:kinds::text[], :addresses::text[]) AS a (kind, address)
JOIN identity i ON i.organisation_id = :organisation_id AND i.kind = a.kind AND i.address = a.address
WHERE i.person_id <> ALL(:members::bigint[]) AND i.organisation_id = ANY(:scope);

-- name: gave_theirs
-- Who gave an address of this person's with a request to be called.
SELECT DISTINCT c.person_id FROM identity i
JOIN callback w ON w.organisation_id = i.organisation_id AND w.email = i.address
JOIN contact c ON c.id = w.contact_id
WHERE i.person_id = ANY(:members::bigint[]) AND i.kind = 'email' AND i.organisation_id = ANY(:scope)
  AND c.person_id <> ALL(:members::bigint[]) LIMIT 20;
