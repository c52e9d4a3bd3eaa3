-- name: first_message
-- system: who sent the request knows what it said
SELECT id, case_id, address, text FROM message
WHERE case_id = (SELECT case_id FROM contact WHERE id = :contact) AND contact_id = :contact AND direction = 'inbound' ORDER BY seq LIMIT 1;

-- name: given
-- What open feedback said beside its words; its place as far as nothing in it is masked.
-- system: who sent the request knows what it said
SELECT kind, about, service_id, lat, long, CASE WHEN place NOT LIKE '%*%' THEN place END AS place
FROM open_feedback WHERE contact_id = :contact;
