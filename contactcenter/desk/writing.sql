-- name: with_client_id
-- system: shown to its own author only
SELECT * FROM message WHERE contact_id = :contact AND direction = :direction AND client_id = :client_id;

-- name: save_draft
-- system: the caller owns the contact
INSERT INTO draft (contact_id, user_id, text, mail) VALUES (:contact, :user_id, :text, :mail)
ON CONFLICT (contact_id) DO UPDATE SET user_id = excluded.user_id, text = excluded.text, mail = excluded.mail, at = now();

-- name: drop_draft
-- system: the caller owns the contact
DELETE FROM draft WHERE contact_id = :contact;

-- name: read_by_agent
-- system: the caller owns the contact
UPDATE chat h SET read_by_agent = k.last_shown FROM cases k
WHERE h.contact_id = :contact AND k.id = h.case_id AND h.read_by_agent < k.last_shown;

-- name: chats_with
SELECT true FROM contact
WHERE id = :contact AND owner = :agent AND channel = 'chat' AND state = 'active' AND organisation_id = ANY(:scope);
