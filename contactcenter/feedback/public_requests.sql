-- part: request
SELECT f.contact_id, f.given_at, f.stands_since, f.decision IS NOT NULL OR x.over AS closed,
       f.reason, f.public_text, f.public_place AS place, CASE WHEN f.public_point THEN f.lat END AS lat,
       CASE WHEN f.public_point THEN f.long END AS long, CASE WHEN f.public_media THEN f.media_url END AS media_url,
       s.id AS service_id, s.name AS service_name
FROM open_feedback f JOIN contact c ON c.id = f.contact_id AND c.aside IS NULL
LEFT JOIN case_service k ON k.case_id = f.case_id AND f.public_text IS NOT NULL  -- an agent's word is no giver's
LEFT JOIN service s ON s.id = coalesce(k.service_id, f.service_id)
CROSS JOIN LATERAL (SELECT bool_and(e.state IN ('wrap_up', 'closed', 'abandoned')) AS over, bool_or(q.sensitive) AS sensitive
                    FROM contact e JOIN queue q ON q.id = e.queue_id WHERE e.case_id = f.case_id) AS x
WHERE f.organisation_id = :organisation_id AND NOT x.sensitive AND (f.via = 'open311' OR f.public_text IS NOT NULL)

-- part: chosen
  AND (:services::int[] IS NULL OR s.id = ANY(:services))
  AND (:closed::boolean IS NULL OR (f.decision IS NOT NULL OR x.over) = :closed)

-- name: of_ids
-- What everybody may know of requests, newest first: of what was not published nothing that was written.
-- system: what everybody may read
{request}
  AND f.contact_id = ANY(:ids::bigint[])
ORDER BY f.given_at DESC, f.contact_id DESC LIMIT :most OFFSET :past;

-- name: given
-- Likewise, of those given in a time; where `changed_from` is there, those alone that last changed in a time, too.
-- system: what everybody may read
{request}
{chosen}
  AND f.given_at BETWEEN :given_from AND :given_to
  AND (:changed_from::timestamptz IS NULL OR f.stands_since BETWEEN :changed_from AND :changed_to::timestamptz)
ORDER BY f.given_at DESC, f.contact_id DESC LIMIT :most OFFSET :past;

-- name: changed
-- Likewise, of those that changed in a time, what changed last first: so an index leads to as many as are wanted.
-- system: what everybody may read
{request}
{chosen}
  AND f.stands_since BETWEEN :changed_from AND :changed_to
ORDER BY f.stands_since DESC, f.contact_id DESC LIMIT :most OFFSET :past;

-- name: organisation
-- By its key, without one the first.
-- system: configuration
SELECT o.id, o.key, o.name, o.feedback_queue FROM organisation o WHERE :key::text IS NULL OR o.key = :key ORDER BY o.id LIMIT 1;
