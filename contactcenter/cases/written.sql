-- name: first_message
-- system: who sent the request knows what it said
SELECT id, case_id, address, text FROM message
WHERE case_id = (SELECT case_id FROM contact WHERE id = :contact) AND contact_id = :contact AND direction = 'inbound' ORDER BY seq LIMIT 1;
