-- name: named
-- The mails of ours that a report names by their Message-IDs, which nobody can guess.
-- system: a door's intake
SELECT send_id, state, recipient, also_to, cc, bcc, taken, refused FROM outbound
WHERE external_id = ANY(:ids) AND case_id = :case_id ORDER BY send_id FOR UPDATE;

-- name: only
-- The mail of a case that went to one of these addresses, where it is the only one.
-- system: a door's intake, which has the case's reply token
SELECT o.send_id, o.state, o.recipient, o.also_to, o.cc, o.bcc, o.taken, o.refused FROM outbound o
WHERE o.send_id = (
    SELECT min(p.send_id) FROM outbound p
    WHERE p.case_id = :case_id AND p.message_id IS NOT NULL AND p.state IN ('sent', 'unknown')
      AND EXISTS (SELECT FROM unnest(p.recipient || p.also_to || p.cc || p.bcc) AS r (address)
                  WHERE lower(r.address) = ANY(:recipients::text[]))
    HAVING count(*) = 1)
FOR UPDATE;

-- name: fail
-- system: a door's intake
UPDATE outbound SET state = :state::text, code = :code, refused = :refused, taken = :taken WHERE send_id = :send_id;

-- name: delay
-- system: a door's intake
UPDATE outbound SET delayed_at = now(), delay_code = :code
WHERE send_id = :send_id AND state IN ('queued', 'sending', 'sent', 'unknown');
