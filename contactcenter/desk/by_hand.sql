-- name: begin
-- system: the caller was authorised for the queue's organisation
WITH arrived AS MATERIALIZED (
    SELECT coalesce(:arrived_at::timestamptz, now()) AS at
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id) VALUES (:case, :organisation_id, :person)
)
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, direction, language, requirement, rank,
                     units, state, owner, first_arrival, wait_from, first_accepted, accepted_at, external_id, called)
SELECT :contact, :case, :person, :organisation_id, :queue_id, :channel::text, :direction::text, :language, :requirement,
       (extract(epoch FROM a.at) * 1000000)::bigint + :target_s::int * 1000000::bigint, :units, 'active', :agent,
       a.at, a.at, now(), now(), :request_id, :called
FROM arrived a
RETURNING *;

-- name: take_request
-- system: the agent's own request
INSERT INTO intake (channel, key, contact_id) VALUES ('desk', :key, :contact)
ON CONFLICT DO NOTHING RETURNING contact_id;

-- name: begun_before
-- What the request began, as it was then: by its first acceptance.
-- system: the agent's own request
SELECT i.contact_id, e.channel, e.direction, q.key AS queue, c.owner
FROM intake i JOIN contact c ON c.id = i.contact_id
JOIN LATERAL (SELECT channel, direction, queue_id FROM event
              WHERE contact_id = c.id AND kind = 'accepted' ORDER BY id LIMIT 1) AS e ON true
JOIN queue q ON q.id = e.queue_id
WHERE i.channel = 'desk' AND i.key = :key;

-- name: is_past
-- system: the clock that counts
SELECT :moment::timestamptz BETWEEN now() - interval '366 days' AND now() + interval '2 s';
