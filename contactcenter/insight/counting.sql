-- name: organisations
-- system: counts of all
SELECT o.id, o.time_zone, now() AS now FROM organisation o ORDER BY o.id;

-- name: begins
-- whole: only before the first stretch of an organisation is counted
-- The first day that has not got its stretch: the one after the last, else that of the first contact.
-- system: counts of all
SELECT coalesce((SELECT max(s.last_day) + 1 FROM insight_stretch s WHERE s.organisation_id = :organisation),
                (SELECT min(c.first_arrival AT TIME ZONE :zone)::date FROM contact c WHERE c.organisation_id = :organisation));

-- name: add
-- system: counts of all
INSERT INTO insight_stretch (organisation_id, first_day, last_day)
SELECT :organisation, f.first_day, f.last_day FROM unnest(:firsts::date[], :lasts::date[]) AS f (first_day, last_day)
ON CONFLICT DO NOTHING;

-- name: open
-- system: counts of all
SELECT s.first_day, s.last_day FROM insight_stretch s
WHERE s.organisation_id = :organisation AND s.final_at IS NULL ORDER BY s.first_day;

-- name: take
-- Only one counts it at a time, and nobody what was told for good meanwhile.
-- system: counts of all
SELECT s.told_at IS NOT NULL AS told FROM insight_stretch s
WHERE s.organisation_id = :organisation AND s.first_day = :first_day AND s.final_at IS NULL FOR UPDATE SKIP LOCKED;

-- name: done
-- system: counts of all
UPDATE insight_stretch SET counted_at = now(), told_at = CASE WHEN :told THEN coalesce(told_at, now()) END,
    final_at = CASE WHEN :final THEN now() END
WHERE organisation_id = :organisation AND first_day = :first_day;

-- name: clear
-- system: counts of all
WITH gone AS (DELETE FROM insight_work WHERE organisation_id = :organisation AND first_day = :first_day)
DELETE FROM insight_count WHERE organisation_id = :organisation AND first_day = :first_day;

-- name: counted_stretches
-- system: counts of all
SELECT s.first_day, s.last_day, s.final_at IS NOT NULL AS final FROM insight_stretch s
WHERE s.organisation_id = :organisation AND s.counted_at IS NOT NULL ORDER BY s.first_day;

-- name: anew
-- All is to be counted and told once more.
-- whole: all of it goes
-- system: counts of all
WITH told AS (DELETE FROM insight_told), months AS (DELETE FROM insight_month), counted AS (DELETE FROM insight_count), worked AS (DELETE FROM insight_work)
UPDATE insight_stretch SET counted_at = NULL, told_at = NULL, final_at = NULL;
