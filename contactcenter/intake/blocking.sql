-- name: sender
-- Who wrote a contact: its first mail, or that of its case; `by_form`: the address was typed into a form.
SELECT c.organisation_id, c.owner, c.state, c.channel, m.address, m.facts ->> 'sent_by' IS NOT NULL AS by_form FROM contact c
LEFT JOIN LATERAL (SELECT x.address, x.facts FROM message x WHERE x.case_id = c.case_id AND x.direction = 'inbound'
                   ORDER BY x.contact_id = c.id DESC, x.seq LIMIT 1) AS m ON true
WHERE c.id = :contact AND c.organisation_id = ANY(:scope);

-- name: is_ours
-- system: configuration
SELECT EXISTS (SELECT FROM mail_address WHERE address = :address);

-- name: block
-- system: the caller was authorised on the contact
INSERT INTO blocked_sender (organisation_id, address, user_id, contact_id)
VALUES (:organisation_id, :address, :user_id, :contact) ON CONFLICT DO NOTHING RETURNING address;

-- name: was_unblocked
-- Whether the one who wrote a contact was blocked by it once: nobody else is blocked from afar.
-- system: the caller was authorised on the contact
SELECT EXISTS (SELECT FROM audit WHERE object_kind = 'contact' AND object_id = :contact AND verb = 'unblock_sender');

-- name: unblock
-- system: the caller may unblock in the organisation, or undoes the own block
DELETE FROM blocked_sender WHERE organisation_id = :organisation_id AND address = :address
  AND (:own_of::bigint IS NULL OR user_id = :own_of) RETURNING coalesce(contact_id, 0);

-- name: blocked_by
-- system: the caller owns the contact
SELECT user_id FROM blocked_sender WHERE organisation_id = :organisation_id AND address = :address;

-- name: listed
SELECT o.key AS organisation, b.address, b.at, u.name AS by, b.contact_id, coalesce(k.n, 0) AS mails, k.last_at
FROM blocked_sender b JOIN organisation o ON o.id = b.organisation_id LEFT JOIN users u ON u.id = b.user_id
LEFT JOIN LATERAL (
    SELECT count(*) AS n, max(c.first_arrival) AS last_at FROM identity i JOIN contact c ON c.person_id = i.person_id
    WHERE i.organisation_id = b.organisation_id AND i.kind = 'email' AND i.address = b.address AND c.aside = 'blocked') AS k ON true
WHERE b.organisation_id = ANY(:scope)
ORDER BY b.at DESC, b.address LIMIT 1000;

-- name: organisation
-- system: a key that the scope is asked about next
SELECT id FROM organisation WHERE key = :key;
