-- From 5 to 6: the citizen's side.

-- A citizen's page of a case: whoever holds its signed link reads and writes there.
INSERT INTO signing_key VALUES ('case', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('feedback', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)),
    ('file', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea));
ALTER TABLE cases ADD COLUMN has_page boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN cases.has_page IS 'Whether its citizen was given the link to its page, so that an answer can be read there without an address.';
