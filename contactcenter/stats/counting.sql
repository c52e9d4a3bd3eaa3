-- name: move
-- Only from where it was read. The commit waits for no disk: counters and progress would be lost
-- together, and the events be counted again.
-- system: the figures' own
WITH quick AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true)
)
UPDATE figure_progress SET upto = :upto, gaps = :gaps, at = now() FROM quick
WHERE name = 'event' AND upto = :was_upto AND gaps = :was_gaps::jsonb;

-- name: add
-- In the order of the key, as the caller sorts them.
-- system: counts without persons
INSERT INTO figure AS f (by, at, queue_id, channel, language, entered, accepted, accepted_in, wait_us, abandoned,
                         abandoned_in, short_abandoned, handled, handle_us, promises, kept, estimated, estimated_in)
SELECT by, at, queue_id, channel, language, coalesce(entered, 0), coalesce(accepted, 0), coalesce(accepted_in, 0),
       coalesce(wait_us, 0), coalesce(abandoned, 0), coalesce(abandoned_in, 0), coalesce(short_abandoned, 0),
       coalesce(handled, 0), coalesce(handle_us, 0), coalesce(promises, 0), coalesce(kept, 0),
       coalesce(estimated, 0), coalesce(estimated_in, 0)
FROM json_to_recordset(:rows::json) AS r (by text, at timestamptz, queue_id int, channel text, language text,
    entered bigint, accepted bigint, accepted_in bigint, wait_us bigint, abandoned bigint, abandoned_in bigint,
    short_abandoned bigint, handled bigint, handle_us bigint, promises bigint, kept bigint, estimated bigint, estimated_in bigint)
ON CONFLICT (by, at, queue_id, channel, language) DO UPDATE SET
    entered = f.entered + excluded.entered, accepted = f.accepted + excluded.accepted,
    accepted_in = f.accepted_in + excluded.accepted_in, wait_us = f.wait_us + excluded.wait_us,
    abandoned = f.abandoned + excluded.abandoned, abandoned_in = f.abandoned_in + excluded.abandoned_in,
    short_abandoned = f.short_abandoned + excluded.short_abandoned, handled = f.handled + excluded.handled,
    handle_us = f.handle_us + excluded.handle_us, promises = f.promises + excluded.promises,
    kept = f.kept + excluded.kept, estimated = f.estimated + excluded.estimated,
    estimated_in = f.estimated_in + excluded.estimated_in;

-- name: begin_anew
-- First of all: so nobody else is adding.
-- system: counts without persons
UPDATE figure_progress SET upto = 0, gaps = '[]', at = now() WHERE name = 'event';

-- name: clear
-- system: counts without persons
DELETE FROM figure;
