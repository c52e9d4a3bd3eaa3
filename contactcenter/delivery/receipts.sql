-- name: waiting
-- What is to be acknowledged next; `stands`: whether it waits still.
-- system: the house's post
SELECT c.id, c.queue_id, c.requirement, c.state = 'queued' AS stands
FROM (SELECT contact_id FROM receipt_due ORDER BY contact_id LIMIT :most) AS d JOIN contact c ON c.id = d.contact_id;

-- name: room
-- How many acknowledgements may leave in this minute.
-- system: the house's post
SELECT :most::int - count(*)::int FROM outbound WHERE kind = 'receipt' AND at > now() - interval '1 min';

-- name: due
-- What is to be acknowledged, oldest first, with all that could speak against it. Taken out in this
-- transaction, so each is decided once. `lately`: the person's mails in the time before, of the
-- newest ones only: nobody counts a flood to its end. `today`: those to the same mailbox, whatever
-- follows a plus in it (RFC 5233): else anybody could have one mailbox written to without end.
-- system: the house's post
WITH taken AS MATERIALIZED (
    -- In an array, so that it is looked for once: as a join it may be for each row, and take more.
    DELETE FROM receipt_due WHERE contact_id = ANY (ARRAY(
        SELECT contact_id FROM receipt_due ORDER BY contact_id LIMIT :most FOR UPDATE SKIP LOCKED))
    RETURNING contact_id, language
)
SELECT c.id, c.case_id, c.organisation_id, c.queue_id, c.first_arrival, t.language, m.address, p.mailbox, m.external_id,
       m.refs, q.name AS queue, q.from_name, o.time_zone, a.address AS sender, c.aside,
       EXISTS (SELECT FROM mail_address x WHERE x.address IN (m.address, p.mailbox))
           OR EXISTS (SELECT FROM outbound x WHERE x.external_id = m.external_id) AS own,
       EXISTS (SELECT FROM outbound x WHERE x.external_id = ANY(m.refs) AND x.kind = 'receipt') AS names_receipt,
       (SELECT count(*)::int FROM outbound x
        WHERE x.kind = 'receipt' AND regexp_replace(x.recipient, '\+[^@]*@', '@') = p.mailbox
          AND x.at > now() - interval '1 day') AS today,
       (SELECT count(*)::int FROM (SELECT x.first_arrival FROM contact x
            WHERE x.person_id = c.person_id AND x.id <= c.id AND x.channel = 'mail' AND x.direction = 'citizen'
            ORDER BY x.id DESC LIMIT :loop_mails::int + 1) AS x
        WHERE x.first_arrival > c.first_arrival - make_interval(secs => :loop_s)) AS lately
FROM taken t JOIN contact c ON c.id = t.contact_id JOIN message m ON m.contact_id = c.id AND m.seq = 1
CROSS JOIN LATERAL (SELECT regexp_replace(m.address, '\+[^@]*@', '@') AS mailbox) AS p
JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = c.organisation_id
LEFT JOIN LATERAL (SELECT x.address FROM mail_address x WHERE x.queue_id = q.id ORDER BY x.address LIMIT 1) AS a ON true
ORDER BY c.id;

-- name: hold_cases
-- Cases before contacts, as everywhere: a row that names both would ask for the contact first.
-- system: the house's post
SELECT FROM cases WHERE id = ANY(:cases) ORDER BY id FOR NO KEY UPDATE;

-- name: waits
-- How long mail has waited in a queue, lately.
-- system: counts without persons
SELECT coalesce(sum(accepted), 0)::bigint AS accepted, coalesce(sum(wait_us), 0)::bigint AS wait_us FROM figure
WHERE by = 'day' AND queue_id = :queue_id AND channel = 'mail' AND at > now() - interval '14 days';

-- name: add
-- system: the house's post
INSERT INTO outbound (send_id, kind, organisation_id, channel, contact_id, case_id, external_id, sender, sender_name,
                      recipient, subject, text, language, in_reply_to, refs, automatic, reply_to)
VALUES (:send_id, 'receipt', :organisation_id, 'mail', :contact_id, :case_id, :external_id, :sender, :sender_name,
        :recipient, :subject, :text, :language, :in_reply_to, :refs, true, :reply_to);

-- name: hit
-- system: the house's post
INSERT INTO loop_hit AS h (organisation_id, address, why) VALUES (:organisation_id, :address, :why)
ON CONFLICT (organisation_id, address, why, day) DO UPDATE SET n = h.n + 1, at = now();

-- name: hits
SELECT o.key AS organisation, h.address, h.why, h.day, h.n, h.at FROM loop_hit h JOIN organisation o ON o.id = h.organisation_id
WHERE h.day > current_date - 30 AND h.organisation_id = ANY(:scope)
ORDER BY h.at DESC LIMIT 500;

-- name: figures
-- system: counts without persons
SELECT (SELECT count(*) FROM outbound WHERE kind = 'receipt' AND at > now() - interval '1 day') AS day,
       (SELECT count(*) FROM receipt_due) AS due,
       (SELECT count(*) FROM outbound WHERE undelivered_at IS NOT NULL) AS undelivered;

-- name: hits_by_why
-- system: counts without persons
SELECT why, sum(n)::int AS n FROM loop_hit WHERE day > current_date - 30 GROUP BY why;
