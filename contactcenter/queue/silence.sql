-- part: told
-- The contacts' new versions, for the screens and the citizens' pages.
, moved AS (
    UPDATE contact c SET version = c.version + 1 FROM marked WHERE c.id = marked.contact_id RETURNING c.id, c.version, c.owner
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell)
    SELECT id, version, version, ARRAY[owner] FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT id, owner FROM moved;

-- name: ask
-- Citizens who have been silent for long since the last word of the agent who has them: only where
-- the page is there to be asked. Contact before chat, in the order of ids, as everywhere.
-- system: for the clock
WITH due AS MATERIALIZED (
    SELECT c.id, q.idle_close_s, k.last_shown
    FROM contact c JOIN queue q ON q.id = c.queue_id JOIN chat h ON h.contact_id = c.id JOIN cases k ON k.id = c.case_id
    JOIN message m ON m.case_id = c.case_id AND m.seq = k.last_shown
    WHERE c.channel = 'chat' AND c.state = 'active' AND c.away_from IS NULL
      AND m.direction = 'outbound' AND m.contact_id = c.id AND m.author_id = c.owner
      AND q.idle_warning_s > 0 AND h.idle_seq IS DISTINCT FROM k.last_shown
      AND greatest(m.at, h.stayed_at, c.accepted_at) + make_interval(secs => q.idle_warning_s) <= coalesce(:now::timestamptz, now())
    ORDER BY c.id LIMIT 500 FOR UPDATE OF c
), marked AS (
    UPDATE chat h SET idle_at = coalesce(:now::timestamptz, now()) + make_interval(secs => due.idle_close_s), idle_seq = due.last_shown
    FROM due WHERE h.contact_id = due.id RETURNING h.contact_id
)
{told}

-- name: stay
-- The citizen is still there, or the agent waits on; nothing where nobody was asked.
-- system: the citizen's own chat, or the agent's
WITH held AS MATERIALIZED (
    SELECT id FROM contact WHERE id = :contact AND state = 'active' FOR UPDATE
), marked AS (
    UPDATE chat h SET idle_at = NULL, idle_seq = NULL, stayed_at = now()
    FROM held WHERE h.contact_id = held.id AND h.idle_at IS NOT NULL RETURNING h.contact_id
)
{told}

-- name: put_off
-- The house stood still for so long: nobody could say anything.
-- system: for the clock
WITH held AS MATERIALIZED (
    SELECT c.id FROM contact c JOIN chat h ON h.contact_id = c.id
    WHERE c.channel = 'chat' AND c.state = 'active' AND h.idle_at IS NOT NULL ORDER BY c.id FOR UPDATE OF c
), marked AS (
    UPDATE chat h SET idle_at = h.idle_at + make_interval(secs => :gap_s)
    FROM held WHERE h.contact_id = held.id RETURNING h.contact_id
)
{told}

-- name: due
-- Who did not answer; of one contact, or of all.
-- system: for the clock
SELECT c.id FROM contact c JOIN chat h ON h.contact_id = c.id JOIN cases k ON k.id = c.case_id
WHERE c.channel = 'chat' AND c.state = 'active' AND c.away_from IS NULL AND h.idle_seq = k.last_shown
  AND h.idle_at <= coalesce(:now::timestamptz, now()) AND c.id = coalesce(:contact::bigint, c.id)
ORDER BY c.id LIMIT 500;
