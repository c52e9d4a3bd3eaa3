-- name: claim
-- Bytes may leave only after this has committed. The fence rises with each claim. In an array, so
-- that they are looked for once: as a join it may be for each row, and claim more than there is room for.
-- system: the house's post
UPDATE outbound o SET state = 'sending', attempts = attempts + 1, claimed_by = :node, fence = fence + 1,
    claimed_until = now() + make_interval(secs => :lease_s)
WHERE send_id = ANY (ARRAY(
    SELECT send_id FROM outbound WHERE state = 'queued' AND next_at <= now() AND channel = :channel
    ORDER BY next_at, send_id LIMIT :most FOR UPDATE SKIP LOCKED))
RETURNING send_id, fence, attempts, external_id, sender, sender_name, recipient, also_to, cc, bcc, taken, refused,
    reply_to, subject, language, in_reply_to, refs, automatic, contact_id, case_id, message_id,
    extract(epoch FROM now() - at)::float8 AS age_s,
    coalesce(o.text, (SELECT m.text FROM message m WHERE m.id = o.message_id)) AS text;

-- name: take_back
-- Claimed by a node that never heard of it: it was not attempted.
-- system: the house's post
UPDATE outbound SET state = 'queued', attempts = attempts - 1, claimed_by = NULL, claimed_until = NULL
WHERE state = 'sending' AND claimed_by = :node AND channel = :channel AND send_id <> ALL(:ours);

-- name: finish
-- system: the house's post; a sender whose message was claimed again touches nothing
UPDATE outbound SET state = :state::text, code = :code, claimed_by = NULL, claimed_until = NULL,
    next_at = now() + make_interval(secs => :wait_s),
    sent_at = CASE WHEN :state = 'sent' THEN now() END, taken = :taken, refused = :refused,
    text = CASE WHEN :state = 'sent' AND message_id IS NULL THEN NULL ELSE text END
WHERE send_id = :send_id AND fence = :fence AND state IN ('sending', 'unknown')
RETURNING contact_id;

-- name: lost
-- Who died while sending may have sent: nobody knows, and nobody sends again unasked.
-- system: the house's post
UPDATE outbound o SET state = 'unknown', code = 'sender lost', claimed_by = NULL, claimed_until = NULL
WHERE state = 'sending' AND (claimed_until < now() OR NOT EXISTS (
    SELECT FROM lease l WHERE l.name = 'node:' || o.claimed_by AND l.until > now()))
RETURNING send_id;

-- name: files
-- system: the house's post
SELECT name, media_type, blob_id FROM attachment WHERE message_id = :message ORDER BY id;

-- name: decide
-- system: the caller is authorised on the contact's organisation before
UPDATE outbound SET state = :to::text, code = :code, next_at = now(), delayed_at = NULL, delay_code = NULL, taken = :taken, refused = :refused,
    sent_at = CASE WHEN :to = 'sent' THEN now() END
WHERE send_id = :send_id AND state = :from
RETURNING send_id;

-- name: of
SELECT send_id, organisation_id, contact_id, state, recipient, also_to, cc, bcc, taken, refused FROM outbound
WHERE send_id = :send_id AND organisation_id = ANY(:scope) FOR UPDATE;
