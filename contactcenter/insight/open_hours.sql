-- name: hours
-- system: how queues are set
SELECT q.id, q.hours FROM queue q WHERE q.organisation_id = :organisation ORDER BY q.id;
