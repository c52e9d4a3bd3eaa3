-- name: say
-- What citizens wrote in their chats, many in one statement and so in one commit: the case's next
-- number, the message, one more unread for the owner, and a note for the sweep in case nobody lives
-- to tell it. Left out: what has been said before (the same client id), and what comes after a
-- chat's end. A client id stands in it once. Cases, then contacts are locked in the order of their ids, so
-- that no two wait for each other.
-- system: the citizen's own chat
WITH input AS MATERIALIZED (
    SELECT t.*
    FROM json_to_recordset(:said::json) AS t (n int, id bigint, case_id bigint, contact_id bigint, author text,
                                              client_id text, text text)
    -- LIMIT keeps the planner from reading the whole table while it has no statistics of it.
    WHERE (SELECT true FROM message m WHERE m.contact_id = t.contact_id
                                        AND m.direction = 'inbound' AND m.client_id = t.client_id LIMIT 1) IS NULL
), held AS MATERIALIZED (
    SELECT k.id, k.organisation_id, k.last_seq, k.last_shown, k.state FROM cases k
    WHERE k.id = ANY (ARRAY(SELECT case_id FROM input)) ORDER BY k.id FOR UPDATE
), fresh AS MATERIALIZED (
    -- One contact after the other by its key: a join might read all who chat for each.
    SELECT i.*, c.version + 1 AS version, c.owner, c.state, (row_number() OVER its)::int AS nth, (count(*) OVER its)::int AS many
    FROM (SELECT i.*, h.organisation_id, h.last_seq, h.last_shown, h.state IN ('resolved', 'waiting') AS woke
          FROM input i JOIN held h ON h.id = i.case_id ORDER BY i.contact_id, i.n) AS i
    CROSS JOIN LATERAL (
        SELECT c.version, c.owner, c.state FROM contact c
        WHERE c.id = i.contact_id AND c.state IN ('queued', 'offered', 'active') AND c.channel = 'chat' FOR UPDATE) AS c
    WINDOW its AS (PARTITION BY i.contact_id ORDER BY i.n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), taken AS (
    UPDATE contact c SET unread = c.unread + f.many, version = f.version
    FROM fresh f WHERE f.nth = f.many AND c.id = f.contact_id
), grown AS (
    UPDATE cases k SET last_seq = f.last_seq + f.many, last_shown = f.last_seq + f.many,
        state = CASE k.state WHEN 'resolved' THEN 'reopened' WHEN 'waiting' THEN 'open' ELSE k.state END,
        resolved_at = CASE k.state WHEN 'resolved' THEN NULL ELSE k.resolved_at END
    FROM fresh f WHERE f.nth = f.many AND k.id = f.case_id
), written AS (
    INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, author, client_id, text)
    SELECT id, case_id, contact_id, organisation_id, last_seq + nth, 'inbound', author, client_id, text FROM fresh
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell)
    SELECT contact_id, version, version, ARRAY[owner] FROM fresh WHERE state = 'active' AND nth = many ORDER BY contact_id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version,
        tell = CASE WHEN excluded.tell <@ o.tell THEN o.tell ELSE o.tell || excluded.tell END
)
SELECT n, last_seq + nth AS seq, CASE nth WHEN 1 THEN last_shown ELSE last_seq + nth - 1 END AS prev, now() AS at,
       owner, state, version, woke
FROM fresh;

-- name: said_before
-- system: the citizen's own chat
SELECT seq, text, at FROM message
WHERE contact_id = :contact AND direction = 'inbound' AND client_id = :client_id;
