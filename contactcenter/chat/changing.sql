-- name: take_request
-- system: the citizen's own chat
INSERT INTO intake (channel, key, contact_id) VALUES ('mail', :key, :contact)
ON CONFLICT DO NOTHING RETURNING contact_id;

-- name: asked_before
-- Whether this request made this contact a mail to this address.
-- system: the citizen's own chat
SELECT EXISTS (SELECT FROM intake i JOIN contact c ON c.id = i.contact_id
               JOIN message m ON m.case_id = c.case_id AND m.contact_id = c.id AND m.direction = 'inbound'
               WHERE i.channel = 'mail' AND i.key = :key AND i.contact_id = :contact AND m.address = :address);

-- name: has_address
-- system: configuration
SELECT EXISTS (SELECT FROM mail_address WHERE queue_id = :queue_id);

-- name: sign
-- What the citizen wrote in the chat came from this address.
-- system: the citizen's own chat
UPDATE message SET address = :address
WHERE case_id = (SELECT case_id FROM contact WHERE id = :contact) AND contact_id = :contact AND direction = 'inbound' AND address IS NULL;

-- name: identify
-- As with a mail: the address says whose the case is, where it is known; else it is this person's.
-- system: the citizen's own chat
WITH whose AS (
    INSERT INTO identity AS i (organisation_id, kind, address, person_id, strength)
    SELECT :organisation_id, 'email', :address, c.person_id, 'asserted' FROM contact c WHERE c.id = :contact
    ON CONFLICT (organisation_id, kind, address) DO UPDATE SET seen_at = now(),
        strength = strength_now(i.strength, excluded.strength)
    RETURNING person_id
), case_of AS (
    UPDATE cases k SET person_id = w.person_id FROM whose w, contact c
    WHERE c.id = :contact AND k.id = c.case_id AND k.person_id <> w.person_id
)
UPDATE contact c SET person_id = w.person_id FROM whose w WHERE c.id = :contact AND c.person_id <> w.person_id;

-- name: become_mail
-- system: the citizen's own chat
WITH moved AS (
    UPDATE contact SET channel = 'mail', version = version + 1, away_from = NULL
    WHERE id = :contact AND channel = 'chat' AND state = 'queued'
    RETURNING *
), noted AS (
    INSERT INTO line_note (contact_id, here, channel) SELECT id, true, channel FROM moved
)
SELECT * FROM moved;
