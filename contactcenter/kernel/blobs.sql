-- name: put
-- system: the caller's transaction stores what refers to it
INSERT INTO blob (id, n, data) VALUES (:id, :n, :data);

-- name: get
-- system: the caller has authorised the read of the row that refers to it
SELECT data FROM blob WHERE id = :id AND n = :n;
