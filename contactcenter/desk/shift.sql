-- name: open
-- What the agent has in hand, in the order of ids.
-- system: the agent's own contacts
SELECT c.id, c.case_id, c.channel, c.state, q.decision FROM contact c JOIN queue q ON q.id = c.queue_id
WHERE c.owner = :agent AND c.state IN ('active', 'wrap_up') ORDER BY c.id;

-- name: lock_cases
-- Cases before contacts, in the order of ids, as everywhere.
-- system: the agent's own contacts
SELECT k.id FROM cases k
WHERE k.id IN (SELECT c.case_id FROM contact c WHERE c.owner = :agent AND c.state IN ('offered', 'active', 'wrap_up'))
ORDER BY k.id FOR UPDATE;

-- name: lock_contacts
-- system: the agent's own contacts
SELECT id FROM contact WHERE owner = :agent AND state IN ('offered', 'active', 'wrap_up') ORDER BY id FOR UPDATE;

-- name: is_live
-- Whether a person is there: a chat whose page is connected, a call or visit, a callback that was dialled in this handling.
-- In what an agent took up again nobody is.
-- system: the agent's own contact
SELECT c.state = 'active' AND (c.channel IN ('call', 'visit') AND (c.direction = 'citizen' OR c.external_id IS NOT NULL)
    OR c.channel = 'chat' AND c.away_from IS NULL AND EXISTS (SELECT FROM chat h WHERE h.contact_id = c.id)
    OR c.channel = 'callback' AND EXISTS (
        SELECT FROM callback w WHERE w.contact_id = c.id AND w.dialled_at >= c.accepted_at))
FROM contact c WHERE c.id = :contact;

-- name: hand_back
-- Its rank stays, and a new wait begins, without steps; it is kept for nobody, and from nobody. A
-- citizen who was asked whether they are there is not held to it by the next agent.
-- system: the caller owns it
WITH moved AS (
    UPDATE contact SET
        state = 'queued', version = version + 1, owner = NULL, held_at = NULL, paused_at = NULL, wait_from = now(), passed = '{}', also = '{}',
        preferred = NULL, preferred_until = NULL
    WHERE id = :contact AND owner = :agent AND state = 'active'
    RETURNING *
), unasked AS (
    UPDATE chat h SET idle_at = NULL, idle_seq = NULL FROM moved m WHERE h.contact_id = m.id AND h.idle_at IS NOT NULL
)
SELECT * FROM moved;

-- name: handed_back
-- Whether this agent was the last to give the contact away, and by handing it back.
-- system: the caller's own act
SELECT e.agent = :agent AND e.why = 'handed_back' AND c.owner IS DISTINCT FROM :agent
FROM event e JOIN contact c ON c.id = e.contact_id
WHERE e.contact_id = :contact AND e.kind = 'left' ORDER BY e.id DESC LIMIT 1;

-- name: organisation_of
SELECT u.organisation_id FROM users u JOIN agent a ON a.user_id = u.id WHERE u.id = :agent AND u.organisation_id = ANY(:scope);
