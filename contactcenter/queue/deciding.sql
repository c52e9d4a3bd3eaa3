-- name: decides
-- system: configuration, of a contact that the caller was authorised for
SELECT q.decision FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.id = :contact;

-- name: is_undecided
-- Whether a contact of the case stands in a queue that decides and was not closed by its own staff.
-- system: the caller was authorised for the case
SELECT EXISTS (
    SELECT FROM contact c JOIN queue q ON q.id = c.queue_id AND q.decision LEFT JOIN users u ON u.id = c.owner
    WHERE c.case_id = :case AND (c.state <> 'closed' OR u.organisation_id IS DISTINCT FROM c.organisation_id));
