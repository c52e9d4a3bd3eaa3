-- name: put
-- system: the caller's transaction stores what refers to it
INSERT INTO blob (id, n, data, sealed_by) VALUES (:id, :n, :data, :sealed_by);

-- name: get
-- system: the caller has authorised the read of the row that refers to it
SELECT data, sealed_by FROM blob WHERE id = :id AND n = :n;
