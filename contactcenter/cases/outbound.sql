-- name: add
-- system: the caller was authorised on the contact, or the house itself writes
INSERT INTO outbound (send_id, kind, organisation_id, channel, contact_id, case_id, message_id, client_id, external_id,
                      sender, sender_name, recipient, also_to, cc, bcc, reply_to, subject, text, language, in_reply_to, refs,
                      automatic)
VALUES (:send_id, :kind::text, :organisation_id, :channel, :contact_id, :case_id, :message_id, :client_id, :external_id,
        :sender, :sender_name, :recipient, :also_to, :cc, :bcc, :reply_to, :subject, :text, :language, :in_reply_to, :refs,
        :automatic);

-- name: sender_of
-- system: configuration
SELECT a.address, q.name, q.from_name, q.greeting, q.signature, o.time_zone
FROM queue q JOIN mail_address a ON a.queue_id = q.id JOIN organisation o ON o.id = q.organisation_id
WHERE q.id = :queue_id ORDER BY a.address LIMIT 1;

-- name: delivery
-- A message's delivery, and who sees it: the contact's owner and whoever wrote it.
-- system: the caller was authorised on the contact, or is the house's post
SELECT o.send_id, o.contact_id, o.kind, o.state, o.code, o.attempts, o.next_at, o.refused, o.taken,
       o.delayed_at, o.delay_code, m.seq, m.author_id, c.owner
FROM outbound o LEFT JOIN contact c ON c.id = o.contact_id LEFT JOIN message m ON m.id = o.message_id
WHERE o.send_id = :send_id;
