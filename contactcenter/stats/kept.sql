-- name: sums
-- Added up before the queues are chosen: a look at the queue of every row would be half of the work.
-- system: counts without persons
WITH added AS MATERIALIZED (
    SELECT queue_id, channel, sum(entered)::bigint AS entered, sum(accepted)::bigint AS accepted,
           sum(accepted_in)::bigint AS accepted_in, sum(wait_us)::bigint AS wait_us, sum(abandoned)::bigint AS abandoned,
           sum(abandoned_in)::bigint AS abandoned_in, sum(short_abandoned)::bigint AS short_abandoned,
           sum(handled)::bigint AS handled, sum(handle_us)::bigint AS handle_us, sum(promises)::bigint AS promises,
           sum(kept)::bigint AS kept, sum(estimated)::bigint AS estimated, sum(estimated_in)::bigint AS estimated_in
    FROM figure WHERE by = :by AND at >= :since AND at < :until
    GROUP BY queue_id, channel
)
SELECT * FROM added WHERE queue_id IN (SELECT q.id FROM queue q WHERE q.organisation_id = ANY(:organisations));

-- name: other_days
-- Whether days that touch the period begin at other midnights than the zone's. Steps from one
-- beginning to the next through the index, whatever the number of rows.
-- system: counts without persons
WITH RECURSIVE days AS (
    (SELECT f.at FROM figure f WHERE f.by = 'day' AND f.at > :since::timestamptz - interval '26 hours' AND f.at < :until
     ORDER BY f.at LIMIT 1)
    UNION ALL
    SELECT (SELECT f.at FROM figure f WHERE f.by = 'day' AND f.at > d.at AND f.at < :until ORDER BY f.at LIMIT 1)
    FROM days d WHERE d.at IS NOT NULL
)
SELECT EXISTS (
    SELECT FROM days d JOIN figure f ON f.by = 'day' AND f.at = d.at
    WHERE d.at <> date_trunc('day', d.at, :zone)
      AND f.queue_id IN (SELECT q.id FROM queue q WHERE q.organisation_id = ANY(:organisations)));

-- name: intervals
-- By the quarter in which a wait began.
-- system: counts without persons
SELECT f.at, f.queue_id, f.channel, f.entered, f.accepted, f.accepted_in, f.wait_us, f.abandoned, f.abandoned_in,
       f.short_abandoned, f.handled, f.handle_us, f.promises, f.kept, f.estimated, f.estimated_in
FROM figure f
WHERE f.by = 'arrival' AND f.at >= :since AND f.at < :until
  AND f.queue_id IN (SELECT q.id FROM queue q WHERE q.organisation_id = ANY(:organisations))
ORDER BY f.at, f.queue_id, f.channel;
