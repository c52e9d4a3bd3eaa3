-- name: declined
-- system: a command run by the house's operator
SELECT queue_id, channel, reason, count(*) AS n FROM event
WHERE kind = 'offer_ended' AND why = 'declined' AND at >= :since AND at < :until AND queue_id = ANY(:queues)
GROUP BY queue_id, channel, reason ORDER BY queue_id, channel, n DESC, reason;
