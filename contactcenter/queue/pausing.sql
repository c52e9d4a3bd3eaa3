-- name: pause
-- Of the mail in hand what was accepted last, as much as is needed for what is in hand to fit.
-- system: the agent's own contacts; the agent's row is locked
WITH over AS (
    SELECT sum(c.units) - max(u.capacity) AS n FROM contact c JOIN users u ON u.id = c.owner AND u.pauses_mail
    WHERE c.owner = :agent AND c.state IN ('active', 'wrap_up')
), chosen AS (
    SELECT id FROM contact
    WHERE owner = :agent AND state IN ('active', 'wrap_up') AND channel = 'mail' AND paused_at IS NULL
    ORDER BY accepted_at DESC, id DESC LIMIT greatest(0, coalesce((SELECT n FROM over), 0))
), held AS MATERIALIZED (
    SELECT c.id FROM contact c WHERE c.id = ANY (ARRAY(SELECT id FROM chosen)) ORDER BY c.id FOR UPDATE
), moved AS (
    UPDATE contact c SET paused_at = now(), units = 0, version = c.version + 1 FROM held h WHERE c.id = h.id RETURNING c.*
), loaded AS (
    UPDATE agent SET load = load - m.n, mails = mails - m.n, version = version + 1
    FROM (SELECT count(*) AS n FROM moved) AS m WHERE user_id = :agent AND m.n > 0
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, agent)
    SELECT 'paused', organisation_id, id, queue_id, channel, language, direction, owner FROM moved ORDER BY id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell) SELECT id, version, version, ARRAY[owner] FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT id FROM moved ORDER BY id;

-- name: resume
-- Of the paused mail what was accepted first, as much as there is room for.
-- system: the agent's own contacts; the agent's row is locked
WITH room AS (
    SELECT u.capacity - a.load AS n FROM agent a JOIN users u ON u.id = a.user_id WHERE a.user_id = :agent
), chosen AS (
    SELECT id FROM contact
    WHERE owner = :agent AND state IN ('active', 'wrap_up') AND paused_at IS NOT NULL
    ORDER BY accepted_at, id LIMIT greatest(0, coalesce((SELECT n FROM room), 0))
), held AS MATERIALIZED (
    SELECT c.id FROM contact c WHERE c.id = ANY (ARRAY(SELECT id FROM chosen)) ORDER BY c.id FOR UPDATE
), moved AS (
    UPDATE contact c SET paused_at = NULL, units = 1, version = c.version + 1 FROM held h WHERE c.id = h.id RETURNING c.*
), loaded AS (
    UPDATE agent SET load = load + m.n, mails = mails + m.n, version = version + 1
    FROM (SELECT count(*) AS n FROM moved) AS m WHERE user_id = :agent AND m.n > 0
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, agent)
    SELECT 'resumed', organisation_id, id, queue_id, channel, language, direction, owner FROM moved ORDER BY id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell) SELECT id, version, version, ARRAY[owner] FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version, tell = o.tell || excluded.tell
)
SELECT id FROM moved ORDER BY id;
