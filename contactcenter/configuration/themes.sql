-- Themes of organisations, and the files that they name. `:scope` as in store.sql.

-- name: themes
SELECT organisation_id, look FROM theme WHERE organisation_id = ANY(:scope);

-- name: put_theme
-- system: the caller configures the organisation
INSERT INTO theme (organisation_id, look) VALUES (:organisation_id, :look)
ON CONFLICT (organisation_id) DO UPDATE SET look = excluded.look;

-- name: drop_theme
-- system: the caller configures the organisation
DELETE FROM theme WHERE organisation_id = :organisation_id;

-- name: put_file
-- system: the caller configures the organisation
INSERT INTO theme_file (organisation_id, digest, media_type, width, height, data)
VALUES (:organisation_id, :digest, :media_type, :width, :height, :data)
ON CONFLICT (organisation_id, digest) DO UPDATE SET added_at = now();

-- name: drop_oldest
-- What the theme does not name, but for the newest, to which a change can be taken back.
-- system: the caller configures the organisation
DELETE FROM theme_file f
WHERE f.organisation_id = :organisation_id
  AND NOT EXISTS (SELECT FROM theme t WHERE t.organisation_id = f.organisation_id
                  AND f.digest IN (t.look ->> 'logo', t.look ->> 'font_regular', t.look ->> 'font_bold'))
  AND f.digest NOT IN (SELECT g.digest FROM theme_file g WHERE g.organisation_id = :organisation_id
                       ORDER BY g.added_at DESC, g.digest LIMIT :most);

-- name: media_types
-- system: the caller configures the organisation
SELECT digest, media_type FROM theme_file WHERE organisation_id = :organisation_id AND digest = ANY(:digests::text[]);

-- name: named_files
-- Those that themes name, for the configuration's file.
SELECT f.organisation_id, f.data FROM theme_file f JOIN theme t ON t.organisation_id = f.organisation_id
WHERE f.organisation_id = ANY(:scope) AND f.digest IN (t.look ->> 'logo', t.look ->> 'font_regular', t.look ->> 'font_bold')
ORDER BY f.organisation_id, f.digest;

-- name: file
-- system: logos and fonts are for everybody
SELECT f.media_type, f.data FROM theme_file f JOIN organisation o ON o.id = f.organisation_id
WHERE o.key = :key AND f.digest = :digest;

-- name: logo
-- system: the caller configures the organisation
SELECT media_type, width, height FROM theme_file WHERE organisation_id = :organisation_id AND digest = :digest;

-- name: worn
-- Of the queue's organisation, the one named, or the house's first.
-- system: what everybody sees
SELECT o.key, t.look, f.media_type, f.width, f.height FROM organisation o
LEFT JOIN theme t ON t.organisation_id = o.id
LEFT JOIN theme_file f ON f.organisation_id = o.id AND f.digest = t.look ->> 'logo'
WHERE o.id = coalesce((SELECT q.organisation_id FROM queue q WHERE q.key = :queue),
                      (SELECT n.id FROM organisation n WHERE n.key = :organisation),
                      (SELECT min(id) FROM organisation));
