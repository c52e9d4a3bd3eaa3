-- name: is_decision
-- system: configuration
SELECT decision FROM queue WHERE id = :queue_id;

-- name: organisation_of
-- system: the organisation alone, of what the caller was refused
SELECT organisation_id FROM contact WHERE id = :id AND :kind::text = 'contact'
UNION ALL SELECT organisation_id FROM cases WHERE id = :id AND :kind::text = 'case';
