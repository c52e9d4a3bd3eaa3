-- name: asked
-- system: who has the link has the case
SELECT address FROM transcript WHERE case_id = :case AND request_id = :request_id;

-- name: hold_mailbox
-- Until the end of the transaction: who asks for the same mailbox in another case counts this one.
-- system: who has the link has the case
SELECT pg_advisory_xact_lock(hashtext('contactcenter.transcript'), hashtext(regexp_replace(:address, '\+[^@]*@', '@')));

-- name: counts
-- How often a day it was asked of this case, and how often this mailbox was written to, whatever
-- stands behind a plus; and whether the address is one of our own.
-- system: who has the link has the case
SELECT (SELECT count(*)::int FROM transcript t WHERE t.case_id = :case AND t.at > now() - interval '1 day') AS of_case,
       (SELECT count(*)::int FROM transcript t
        WHERE regexp_replace(t.address, '\+[^@]*@', '@') = regexp_replace(:address, '\+[^@]*@', '@') AND t.at > now() - interval '1 day'
          AND (t.token_hash IS NOT NULL OR t.send_id IS NOT NULL)) AS of_address,
       EXISTS (SELECT FROM mail_address a
               WHERE a.address IN (:address, regexp_replace(:address, '\+[^@]*@', '@'))) AS is_ours;

-- name: add
-- system: who has the link has the case
INSERT INTO transcript (id, case_id, organisation_id, request_id, address, language, token_hash, expires_at, send_id)
VALUES (:id, :case, :organisation_id, :request_id, :address, :language, :token_hash, now() + :life::interval, :send_id);

-- name: wish
-- system: who has the link has the mailbox
SELECT id, case_id, address, language, proven_at IS NULL AND expires_at > now() AS good FROM transcript
WHERE token_hash = :token_hash;

-- name: use
-- Once, whoever else has the link.
-- system: who has the link has the mailbox
UPDATE transcript SET proven_at = now(), send_id = :send_id WHERE id = :id AND proven_at IS NULL AND expires_at > now();

-- name: verify
-- The person's own address is proven from now on; nobody else's becomes the person's.
-- system: who has the link has the mailbox
UPDATE identity i SET strength = 'verified', seen_at = now() FROM cases k
WHERE k.id = :case AND i.organisation_id = k.organisation_id AND i.kind = 'email' AND i.address = :address
  AND i.person_id = k.person_id AND i.strength IN ('none', 'asserted');
