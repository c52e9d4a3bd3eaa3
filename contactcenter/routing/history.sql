-- name: happened
-- How offers of a contact ended but accepted, how it left agents' hands, and who had it out of its turn. Who asked for
-- that stands in the audit, of the same transaction.
-- system: the caller may see the contact
SELECT e.at, e.kind, e.why, e.agent, u.name, e.reason, r.name AS said, a.user_id AS asker, b.name AS asker_name
FROM event e LEFT JOIN users u ON u.id = e.agent
LEFT JOIN decline_reason r ON r.organisation_id = e.organisation_id AND r.key = e.reason
LEFT JOIN LATERAL (
    SELECT p.user_id FROM audit p
    WHERE e.kind = 'offered' AND p.object_kind = 'contact' AND p.object_id = e.contact_id::text AND p.verb = 'pull' AND p.at = e.at
    ORDER BY p.id LIMIT 1) AS a ON true
LEFT JOIN users b ON b.id = a.user_id
WHERE e.contact_id = :contact
  AND (e.kind = 'offer_ended' AND e.why <> 'accepted' OR e.kind = 'left' OR e.kind = 'accepted' AND e.why = 'pulled'
       OR e.kind = 'offered' AND e.rule = 'pulled')
ORDER BY e.id DESC LIMIT :most;
