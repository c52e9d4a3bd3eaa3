-- name: choices
-- In order, with a row without a key for each organisation that has no list of its own.
-- system: configuration
SELECT r.key, r.name, o.key AS of FROM organisation o LEFT JOIN contact_reason r ON r.organisation_id = o.id
WHERE o.id = ANY(:scope)
  AND r.disabled_at IS NULL AND r.merged_into IS NULL
  AND (r.key IS NOT NULL OR NOT EXISTS (SELECT FROM contact_reason e WHERE e.organisation_id = o.id))
ORDER BY r.position, r.key;

-- name: known
-- system: configuration
SELECT EXISTS (SELECT FROM contact_reason WHERE organisation_id = :organisation_id) AS has_own,
       array(SELECT key FROM contact_reason WHERE organisation_id = :organisation_id AND disabled_at IS NULL AND merged_into IS NULL
             ORDER BY position, key) AS keys;

-- name: version
-- system: configuration
SELECT max(version) FROM contact_reason_version WHERE organisation_id = :organisation_id;

-- name: say
-- system: the caller owns the contact
UPDATE contact SET reason = :reason, reason_version = :reason_version, mark = :mark::text WHERE id = :contact;

-- name: add_house_version
-- system: configuration
INSERT INTO contact_reason_version (organisation_id, version, reasons) VALUES (:organisation_id, 1, :reasons)
ON CONFLICT DO NOTHING;

-- name: add_version
-- Changes of the configuration are made one after the other.
-- system: the caller configures the organisation
INSERT INTO contact_reason_version (organisation_id, version, reasons)
SELECT :organisation_id::int, coalesce((SELECT max(version) FROM contact_reason_version WHERE organisation_id = :organisation_id), 0) + 1,
       jsonb_object_agg(key, jsonb_build_object('name', name, 'position', position, 'merged_into', merged_into,
                                                'disabled', disabled_at IS NOT NULL))
FROM contact_reason WHERE organisation_id = :organisation_id HAVING count(*) > 0;

-- name: newest
-- system: the caller configures these organisations
SELECT DISTINCT ON (o.key) o.key AS organisation, v.version, v.at
FROM contact_reason_version v JOIN organisation o ON o.id = v.organisation_id
WHERE v.organisation_id = ANY(:organisations) ORDER BY o.key, v.version DESC;
