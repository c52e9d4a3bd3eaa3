-- name: queues
SELECT q.id, o.key AS organisation, q.key, q.task, q.level, q.languages, q.channels, q.target_s, q.relax, q.hours, q.always_open,
       o.time_zone AS zone, o.estimate_least
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

-- name: clock
SELECT now();
