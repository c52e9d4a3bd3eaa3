-- part: item
SELECT f.*, s.name AS service_name, q.key AS queue, q.name AS queue_name, m.text, u.name AS decided_by_name,
       NOT EXISTS (SELECT FROM contact x WHERE x.case_id = f.case_id AND x.state NOT IN ('wrap_up', 'closed', 'abandoned')) AS over
FROM open_feedback f JOIN contact c ON c.id = f.contact_id JOIN queue q ON q.id = c.queue_id
LEFT JOIN case_service k ON k.case_id = f.case_id LEFT JOIN service s ON s.id = coalesce(k.service_id, f.service_id)
LEFT JOIN message m ON m.case_id = f.case_id AND m.seq = 1 LEFT JOIN users u ON u.id = f.decided_by

-- name: of_case
{item}
WHERE f.case_id = :case AND f.organisation_id = ANY(:scope) ORDER BY f.contact_id DESC LIMIT 1;

-- name: of_contact
{item}
WHERE f.contact_id = :contact AND f.organisation_id = ANY(:scope);

-- name: files
SELECT a.id, a.name, a.size, a.scan FROM attachment a JOIN message m ON m.id = a.message_id
WHERE m.case_id = :case AND m.seq = 1 AND m.organisation_id = ANY(:scope) ORDER BY a.id;

-- name: settle
-- Only what differs is written, so a repeat changes nothing.
UPDATE open_feedback f SET public_text = :public_text, public_place = :public_place, public_point = :public_point,
    public_media = :public_media, decision = :decision, reason = :reason, changed_at = now(), stands_since = now(),
    decided_by = CASE WHEN :decision::text IS NULL THEN NULL WHEN (f.decision, f.reason) IS DISTINCT FROM (:decision::text, :reason::text)
                      THEN :user_id::bigint ELSE f.decided_by END,
    decided_at = CASE WHEN :decision::text IS NULL THEN NULL WHEN (f.decision, f.reason) IS DISTINCT FROM (:decision::text, :reason::text)
                      THEN now() ELSE f.decided_at END
WHERE f.contact_id = :contact AND f.organisation_id = ANY(:scope) AND (:seen::timestamptz IS NULL OR f.changed_at = :seen)
  AND (f.public_text, f.public_place, f.public_point, f.public_media, f.decision, f.reason) IS DISTINCT FROM
      (:public_text::text, :public_place::text, :public_point::boolean, :public_media::boolean, :decision::text, :reason::text);

-- name: by_token
-- What the status page shows: nothing that was written by the giver.
-- system: who has the link has the item
SELECT f.contact_id, f.kind, f.about, f.language, f.given_at, f.expires_at, f.expires_at <= now() AS ended, f.decision, f.reason,
       f.decided_at, c.state, s.name AS service_name, o.name AS organisation, o.key AS organisation_key, o.time_zone, now() AS now,
       NOT EXISTS (SELECT FROM contact x WHERE x.case_id = f.case_id AND x.state NOT IN ('wrap_up', 'closed', 'abandoned')) AS over,
       EXISTS (SELECT FROM contact x WHERE x.case_id = f.case_id AND x.first_accepted IS NOT NULL) AS taken_up
FROM open_feedback f JOIN contact c ON c.id = f.contact_id JOIN organisation o ON o.id = f.organisation_id
LEFT JOIN service s ON s.id = f.service_id
WHERE f.token_hash = :token_hash;

-- name: services
-- What feedback may be about, by organisation: services that are offered.
-- system: what everybody may read
SELECT s.id, s.name, s.summary, s.description, s.also, s.terms, s.source, (SELECT t.name FROM service_term t
    WHERE t.organisation_id = s.organisation_id AND t.source = s.source AND t.code = ANY(s.terms) AND t.kind = 'class'
    ORDER BY t.code LIMIT 1) AS class
FROM service s WHERE s.organisation_id = :organisation_id AND s.removed_at IS NULL ORDER BY s.id;

-- name: service
-- system: what everybody may read
SELECT s.id FROM service s WHERE s.id = :service AND s.organisation_id = :organisation_id AND s.removed_at IS NULL;

-- name: service_name
-- system: what everybody may read
SELECT s.name FROM service s WHERE s.id = :service;
