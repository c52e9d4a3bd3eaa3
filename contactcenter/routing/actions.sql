-- name: ended_offers
-- system: the clock's work
SELECT owner, offer_id FROM contact WHERE state = 'offered' AND offered_until <= now() ORDER BY offered_until LIMIT 200;

-- name: prolong
-- An offer gets no more of a stall than it has stood through itself. Where the clock was put back, it
-- ends that much earlier, so as late as it should; but for one that was made after that, in the
-- seconds since the last look.
-- system: the clock's work
UPDATE contact SET
    offered_at = offered_at + make_interval(secs => least(0, :by_s::float8)),
    offered_until = offered_until + make_interval(secs => CASE
        WHEN :by_s::float8 < 0 THEN :by_s::float8
        ELSE least(:by_s::float8, greatest(0, extract(epoch FROM now() - offered_at)::float8)) END)
WHERE state = 'offered' AND (:by_s::float8 > 0 OR offered_at NOT BETWEEN now() - make_interval(secs => :looked_s::float8) AND now())
RETURNING id;
