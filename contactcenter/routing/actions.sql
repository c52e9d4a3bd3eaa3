-- name: ended_offers
-- system: the clock's work
SELECT owner, offer_id FROM contact WHERE state = 'offered' AND offered_until <= now() ORDER BY offered_until LIMIT 200;

-- name: prolong
-- system: the clock's work
UPDATE contact SET offered_until = offered_until + make_interval(secs => :by_s)
WHERE state = 'offered' RETURNING id;
