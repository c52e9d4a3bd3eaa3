-- name: organisation_of
-- system: the organisation alone, of what the caller was refused
SELECT organisation_id FROM contact WHERE id = :id AND :kind::text = 'contact'
UNION ALL SELECT organisation_id FROM cases WHERE id = :id AND :kind::text = 'case';

-- name: home_of
-- system: a colleague, found by the caller
SELECT organisation_id FROM users WHERE id = :agent;
