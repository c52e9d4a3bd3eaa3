-- name: waiting
-- Who waits, as far as a day can be played.
-- system: ids, classes and times of all; no person's
SELECT queue_id, requirement, requirement AS asks, also, language, channel, rank, (extract(epoch FROM wait_from) * 1000000)::bigint AS from_us
FROM contact WHERE state = 'queued' AND away_from IS NULL ORDER BY rank, id LIMIT :most;

-- name: queues
SELECT q.id, q.hours, q.service_level_s, o.id AS organisation_id, o.time_zone AS zone
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.disabled_at IS NULL ORDER BY q.id;

-- name: counts
-- How many came, by day and half hour of the organisation's clocks.
-- system: counts without persons
SELECT f.queue_id AS queue, f.channel, f.language, o.time_zone AS zone, (f.at AT TIME ZONE o.time_zone)::date AS day,
       floor(extract(epoch FROM (f.at AT TIME ZONE o.time_zone)::time) / 1800)::int AS slot, sum(f.entered)::int AS n
FROM figure f JOIN queue q ON q.id = f.queue_id JOIN organisation o ON o.id = q.organisation_id
WHERE f.by = 'arrival' AND f.at > now() - interval '57 days' AND f.entered > 0 AND f.channel <> ALL(:by_hand)
GROUP BY 1, 2, 3, 4, 5, 6;
