-- name: with_client_id
-- system: shown to its own author only
SELECT * FROM message WHERE contact_id = :contact AND direction = :direction AND client_id = :client_id;

-- name: save_draft
-- system: the caller owns the contact
INSERT INTO draft (contact_id, user_id, text) VALUES (:contact, :user_id, :text)
ON CONFLICT (contact_id) DO UPDATE SET user_id = excluded.user_id, text = excluded.text, at = now();

-- name: drop_draft
-- system: the caller owns the contact
DELETE FROM draft WHERE contact_id = :contact;
