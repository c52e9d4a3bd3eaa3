-- name: new_days
-- Organisations in which another day has begun than the line knows.
-- system: the clock's work
SELECT o.id, (now() AT TIME ZONE o.time_zone)::date AS today
FROM organisation o LEFT JOIN agreement_day d ON d.organisation_id = o.id
WHERE d.day IS DISTINCT FROM (now() AT TIME ZONE o.time_zone)::date ORDER BY o.id;

-- name: note_day
-- system: the clock's work
INSERT INTO agreement_day (organisation_id, day) VALUES (:organisation_id, :day)
ON CONFLICT (organisation_id) DO UPDATE SET day = excluded.day;

-- name: touch
-- Those of other organisations who serve in this one: a newer version, so that the projection takes
-- the day's classes. In the order of ids, as who changes several agents.
-- system: the clock's work
WITH held AS MATERIALIZED (
    SELECT a.user_id FROM agent a JOIN users u ON u.id = a.user_id
    WHERE u.organisation_id <> :organisation_id
      AND EXISTS (SELECT FROM skill s WHERE s.user_id = a.user_id AND s.organisation_id = :organisation_id)
    ORDER BY a.user_id FOR UPDATE OF a
)
UPDATE agent a SET version = a.version + 1 FROM held h WHERE a.user_id = h.user_id RETURNING a.user_id;
