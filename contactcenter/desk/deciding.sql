-- name: organisation_of
-- system: the organisation alone, of what the caller was refused
SELECT organisation_id FROM contact WHERE id = :id AND :kind::text = 'contact'
UNION ALL SELECT organisation_id FROM cases WHERE id = :id AND :kind::text = 'case';

-- name: is_undecided
-- Whether a contact of the case stands in a queue that decides and was not closed by its own staff.
-- system: the caller was authorised for the case
SELECT EXISTS (
    SELECT FROM contact c JOIN queue q ON q.id = c.queue_id AND q.decision LEFT JOIN users u ON u.id = c.owner
    WHERE c.case_id = :case_id AND (c.state <> 'closed' OR u.organisation_id IS DISTINCT FROM c.organisation_id));

-- name: home_of
-- system: a colleague, found by the caller
SELECT organisation_id FROM users WHERE id = :agent;
