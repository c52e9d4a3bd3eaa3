-- name: say
-- What citizens wrote in their chats, many in one statement and so in one commit: the case's next
-- number, the message, one more unread for the owner, and a note for the sweep in case nobody lives
-- to tell it. Left out: what has been said before (the same client id), and what comes after a
-- chat's end. Cases, then contacts are locked in the order of their ids, so that no two wait for
-- each other.
-- system: the citizen's own chat
WITH input AS MATERIALIZED (
    SELECT DISTINCT ON (t.contact_id, t.client_id) t.*
    FROM json_to_recordset(:said::json) AS t (n int, id bigint, case_id bigint, contact_id bigint, author text,
                                              client_id text, text text)
    -- LIMIT keeps the planner from reading the whole table while it has no statistics of it.
    LEFT JOIN LATERAL (SELECT true AS known FROM message m WHERE m.contact_id = t.contact_id
                                           AND m.direction = 'inbound' AND m.client_id = t.client_id LIMIT 1) AS before ON true
    WHERE before.known IS NULL
    ORDER BY t.contact_id, t.client_id, t.n
), held AS MATERIALIZED (
    SELECT k.id, k.organisation_id, k.last_seq, k.last_shown, k.state FROM cases k
    WHERE k.id = ANY (ARRAY(SELECT case_id FROM input)) ORDER BY k.id FOR UPDATE
), open AS MATERIALIZED (
    SELECT c.id FROM contact c
    WHERE c.id = ANY (ARRAY(SELECT i.contact_id FROM input i JOIN held h ON h.id = i.case_id))
      AND c.state IN ('queued', 'offered', 'active') AND c.channel = 'chat'
    ORDER BY c.id FOR UPDATE
), taken AS (
    UPDATE contact c SET unread = c.unread + g.n, version = c.version + 1
    FROM (SELECT contact_id, count(*)::int AS n FROM input GROUP BY contact_id) AS g JOIN open ON open.id = g.contact_id
    WHERE c.id = g.contact_id
    RETURNING c.id, c.version, c.owner, c.state
), fresh AS MATERIALIZED (
    SELECT i.*, t.version, t.owner, t.state, h.organisation_id, h.last_seq, h.last_shown,
           h.state IN ('resolved', 'waiting') AS woke,
           (row_number() OVER (PARTITION BY i.case_id ORDER BY i.n))::int AS nth
    FROM input i JOIN taken t ON t.id = i.contact_id JOIN held h ON h.id = i.case_id
), grown AS (
    UPDATE cases k SET last_seq = k.last_seq + g.n, last_shown = k.last_seq + g.n,
        state = CASE k.state WHEN 'resolved' THEN 'reopened' WHEN 'waiting' THEN 'open' ELSE k.state END,
        resolved_at = CASE k.state WHEN 'resolved' THEN NULL ELSE k.resolved_at END
    FROM (SELECT case_id, count(*)::int AS n FROM fresh GROUP BY case_id) AS g WHERE k.id = g.case_id
), written AS (
    INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, author, client_id, text)
    SELECT id, case_id, contact_id, organisation_id, last_seq + nth, 'inbound', author, client_id, text FROM fresh
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since, tell)
    SELECT DISTINCT contact_id, version, version, ARRAY[owner] FROM fresh WHERE state = 'active' ORDER BY contact_id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version,
        tell = o.tell || (SELECT array_agg(u) FROM unnest(excluded.tell) AS u WHERE u <> ALL (o.tell))
)
SELECT n, last_seq + nth AS seq, CASE nth WHEN 1 THEN last_shown ELSE last_seq + nth - 1 END AS prev, now() AS at,
       owner, state, version, woke
FROM fresh;

-- name: said_before
-- system: the citizen's own chat
SELECT seq, text, at FROM message
WHERE contact_id = :contact AND direction = 'inbound' AND client_id = :client_id;
