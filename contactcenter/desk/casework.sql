-- name: last_contact
-- system: the case was authorised by the caller
SELECT id, state, owner, organisation_id, queue_id, requirement FROM contact WHERE case_id = :case_id
ORDER BY (state IN ('queued', 'offered', 'active', 'wrap_up', 'scheduled')) DESC, id DESC LIMIT 1;

-- name: begin
-- system: the case was authorised by the caller
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, direction, language, requirement, rank,
                     state, owner, first_arrival, wait_from, first_accepted, accepted_at, called)
SELECT :id, case_id, person_id, organisation_id, queue_id, channel, 'agent', language, requirement,
       (extract(epoch FROM now()) * 1000000)::bigint, 'active', :agent, now(), now(), now(), now(), called
FROM contact WHERE id = :like
RETURNING *;
