-- name: first_at
-- system: a door's progress
INSERT INTO mailbox AS m (name) VALUES (:name)
ON CONFLICT (name) DO UPDATE SET first_at = CASE WHEN :anew THEN now() ELSE m.first_at END
RETURNING first_at;

-- name: begins
-- One more try at the place, or the first at a new one. The error that ended the last try is
-- returned and taken away: what ends this one without a word is the end of the process.
-- system: a door's progress
WITH before AS (SELECT ended_by, trying FROM mailbox WHERE name = :name)
UPDATE mailbox m SET trying = :at, tries = CASE WHEN m.trying = :at THEN m.tries + 1 ELSE 1 END, ended_by = '',
                     fence = :fence
FROM before WHERE m.name = :name AND m.fence <= :fence
RETURNING m.tries, CASE WHEN before.trying = :at THEN before.ended_by ELSE '' END AS ended_by;

-- name: advance
-- system: a door's progress
INSERT INTO door_cursor AS c (source, value, fence) VALUES (:source, :value, :fence)
ON CONFLICT (source) DO UPDATE SET value = excluded.value, fence = excluded.fence, at = now()
WHERE c.fence <= excluded.fence AND c.value <> excluded.value;

-- name: stage
-- system: a door's progress
UPDATE mailbox SET stage = :stage, fence = :fence WHERE name = :name AND fence <= :fence;

-- name: looked
-- That it was looked into ends no failure: what was found there may fail again and again.
-- system: a door's progress
UPDATE mailbox SET polled_at = now(), waiting = :waiting, oldest_at = :oldest, fence = :fence,
                   failures = CASE WHEN :waiting = 0 OR :newest::timestamptz IS NOT NULL THEN 0 ELSE failures END,
                   newest_at = greatest(newest_at, :newest)
WHERE name = :name AND fence <= :fence;

-- name: failed
-- system: a door's progress
UPDATE mailbox SET failures = failures + 1, error = :code, detail = nullif(:detail, ''), error_at = now(),
                   ended_by = :code, stage = 'connecting', fence = :fence
WHERE name = :name AND fence <= :fence;

-- name: renewed
-- system: a door's progress
UPDATE mailbox SET renewed = :change, renewed_at = now(), known = 0, new = 0, fence = :fence
WHERE name = :name AND fence <= :fence;

-- name: came_again
-- system: a door's progress
UPDATE mailbox SET known = known + :known, new = new + :new, fence = :fence
WHERE name = :name AND fence <= :fence;

-- name: token_expires
-- system: a door's progress
UPDATE mailbox SET token_expires_at = :at, fence = :fence WHERE name = :name AND fence <= :fence;

-- name: figures
-- system: health and metrics; no citizen's data
SELECT g.name, coalesce(extract(epoch FROM now() - m.oldest_at), 0)::float8 AS lag_s,
       extract(epoch FROM now() - m.polled_at)::float8 AS silent_s, coalesce(m.failures, 0) AS failures, m.error,
       m.polled_at, m.token_expires_at
FROM unnest(:names::text[]) AS g (name) LEFT JOIN mailbox m USING (name) ORDER BY g.name;

-- name: listed
-- A mailbox belongs to the organisation whose queue has its address; where no queue has it, every
-- admin may see that.
SELECT g.name, g.address, q.key AS queue, o.key AS organisation, m.stage, m.polled_at, m.newest_at,
       coalesce(m.waiting, 0) AS waiting, coalesce(extract(epoch FROM now() - m.oldest_at), 0)::float8 AS lag_s,
       coalesce(m.failures, 0) AS failures, m.error, m.detail, m.error_at, m.renewed, m.renewed_at,
       coalesce(m.known, 0) AS known, coalesce(m.new, 0) AS new, m.token_expires_at, m.first_at, c.value AS cursor
FROM unnest(:names::text[], :addresses::text[]) AS g (name, address)
LEFT JOIN mail_address a ON a.address = g.address
LEFT JOIN queue q ON q.id = a.queue_id
LEFT JOIN organisation o ON o.id = q.organisation_id
LEFT JOIN mailbox m ON m.name = g.name
LEFT JOIN door_cursor c ON c.source = 'imap:' || g.name
WHERE q.organisation_id IS NULL OR q.organisation_id = ANY(:scope)
ORDER BY g.name;
