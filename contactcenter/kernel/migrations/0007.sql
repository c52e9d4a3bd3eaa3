-- From release 6 to 7.

-- Which release may be started on it still: so a new release can be taken back.
ALTER TABLE schema_version ADD COLUMN oldest int NOT NULL DEFAULT 7;
ALTER TABLE schema_version ALTER COLUMN oldest DROP DEFAULT;
COMMENT ON COLUMN schema_version.oldest IS 'The lowest version whose release can work with this one: a migration that only adds leaves it as it is.';
