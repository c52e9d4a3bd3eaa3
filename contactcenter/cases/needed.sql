-- name: needed
SELECT case_needed(:agent, :case);
