-- From 4 to 5: what mail came to need.
ALTER TABLE message ADD COLUMN rest text;
ALTER TABLE message ADD COLUMN facts jsonb;
COMMENT ON COLUMN message.rest IS 'Of a mail what stands around what was written now: quotes and signature; null where there is none.';
COMMENT ON COLUMN message.facts IS 'What a mail tells beside its text, as channel.MailFacts; null for other messages.';
INSERT INTO signing_key VALUES ('reply', sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea));
