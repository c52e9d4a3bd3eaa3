-- name: now
-- Who waits, the best rank first; more than can be looked at is left out.
-- system: ids, classes and times of all; no person's
SELECT id, organisation_id, queue_id, channel, coalesce('own/' || preferred, requirement) AS requirement,
       preferred IS NULL AS anybody, rank, wait_from
FROM contact WHERE state = 'queued' AND away_from IS NULL
ORDER BY rank, id LIMIT :most;

-- name: moment
-- Now, in the terms of ranks.
SELECT (extract(epoch FROM now()) * 1000000)::bigint;

-- name: hands
-- What agents have in hand, for how long; the time of a paused mail stands still.
-- system: ids and times of all; no person's
SELECT owner AS agent, units, queue_id, channel,
       CASE state WHEN 'offered' THEN 0
                  ELSE extract(epoch FROM coalesce(paused_at, now()) - coalesce(accepted_at, now())) END::float8 AS since_s
FROM contact WHERE state IN ('offered', 'active', 'wrap_up') AND owner IS NOT NULL ORDER BY accepted_at, id;

-- name: queues
SELECT q.id, o.key AS organisation, q.task, q.level, q.languages, q.channels, q.target_s, o.estimate_least
FROM queue q JOIN organisation o ON o.id = q.organisation_id WHERE q.disabled_at IS NULL ORDER BY q.id;

-- name: means
-- What was counted of each queue and channel: in the last four weeks, and in the last two hours.
-- system: counts without persons
SELECT queue_id, channel,
       sum(handled) FILTER (WHERE by = 'day')::bigint AS handled, sum(handle_us) FILTER (WHERE by = 'day')::float8 AS handle_us,
       sum(accepted) FILTER (WHERE by = 'day')::bigint AS accepted, sum(wait_us) FILTER (WHERE by = 'day')::float8 AS wait_us,
       sum(abandoned) FILTER (WHERE by = 'day')::bigint AS abandoned,
       sum(handled) FILTER (WHERE by = 'end')::bigint AS lately, sum(handle_us) FILTER (WHERE by = 'end')::float8 AS lately_us
FROM figure
WHERE by = 'day' AND at > now() - interval '28 days' OR by = 'end' AND at > now() - interval '2 hours'
GROUP BY queue_id, channel;

-- name: rates
-- How many came in the last hour and what has gone of this quarter.
-- system: counts without persons
SELECT f.queue_id, f.channel, f.language,
       (sum(f.entered) / extract(epoch FROM now() - min(w.since)))::float8 AS rate
FROM (SELECT date_bin('15 minutes', now(), 'epoch') - interval '1 hour' AS since) AS w
JOIN figure f ON f.by = 'arrival' AND f.at >= w.since AND f.channel <> ALL(:by_hand)
GROUP BY f.queue_id, f.channel, f.language HAVING sum(f.entered) > 0;

-- name: judged
-- By quarters, the newest first: how many estimates could be judged, and how many held.
-- system: counts without persons
SELECT queue_id, channel, sum(estimated)::bigint AS estimated, sum(estimated_in)::bigint AS estimated_in
FROM figure WHERE by = 'end' AND at > now() - interval '7 days' AND estimated > 0
GROUP BY queue_id, channel, at ORDER BY at DESC;

-- name: answering
-- How long agents took lately to accept an offer, in seconds; null where none was accepted.
-- system: times of all
SELECT avg(extract(epoch FROM a.at - d.at))::float8
FROM (SELECT offer, contact_id, at FROM decision ORDER BY offer DESC LIMIT 200) AS d
JOIN event a ON a.contact_id = d.contact_id AND a.kind = 'accepted' AND a.offer = d.offer;

-- name: note
-- What was told first of a wait that goes on; once for each wait.
-- system: ids and durations of all
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from, low_s, high_s)
SELECT 'estimated', c.organisation_id, c.id, c.queue_id, c.channel, c.language, c.direction, c.wait_from,
       t.low_s + w.waited_s, t.high_s + w.waited_s
FROM unnest(:ids::bigint[], :since::timestamptz[], :lows::float8[], :highs::float8[]) AS t (id, wait_from, low_s, high_s)
JOIN contact c ON c.id = t.id AND c.state = 'queued' AND c.wait_from = t.wait_from
CROSS JOIN LATERAL (SELECT :now_us::bigint / 1e6 - extract(epoch FROM c.wait_from)::float8 AS waited_s) AS w
WHERE NOT EXISTS (SELECT FROM event e WHERE e.contact_id = c.id AND e.kind = 'estimated' AND e.wait_from = c.wait_from);
