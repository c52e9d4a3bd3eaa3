-- name: decides
-- system: configuration, of a contact that the caller was authorised for
SELECT q.decision FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.id = :contact;
