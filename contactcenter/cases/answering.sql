-- part: owed
-- What is not resolved, and nobody of ours has written to yet. Receipts are no messages.
FROM cases k
WHERE k.answer_by < now() + make_interval(days => 2) AND k.state <> 'resolved'
  AND NOT EXISTS (SELECT FROM message m WHERE m.case_id = k.id AND m.direction = 'outbound')

-- name: due
-- Cases that the law wants answered within two days from now, or wanted answered before; the newest contact of each.
WITH owed AS (
    SELECT k.id AS case_id, k.answer_by, k.answer_by < now() AS late,
           (SELECT max(c.id) FROM contact c WHERE c.case_id = k.id) AS contact
{owed}
      AND k.organisation_id = ANY(:scope)
)
SELECT o.*, q.name AS queue FROM owed o JOIN contact c ON c.id = o.contact JOIN queue q ON q.id = c.queue_id
ORDER BY o.answer_by LIMIT 50;

-- name: count
-- system: figures of the house
SELECT count(*) FILTER (WHERE k.answer_by >= now()) AS soon, count(*) FILTER (WHERE k.answer_by < now()) AS late
{owed}
;
