-- name: queue
-- system: configuration
SELECT q.id, q.key, q.name, q.organisation_id, o.key AS organisation, q.task, q.level, q.languages, q.channels, q.target_s,
       q.always_open, q.hours, o.time_zone, q.callbacks_per_half_hour, now() AS now
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.key = :key AND q.disabled_at IS NULL;

-- name: queue_of
-- system: configuration
SELECT q.id, q.key, q.name, q.organisation_id, q.channels, q.always_open, q.hours, o.time_zone, now() AS now
FROM queue q JOIN organisation o ON o.id = q.organisation_id
WHERE q.id = :queue_id;

-- name: request
-- system: a citizen's own request
SELECT r.id, r.contact_id, r.digest, r.joined, w.promise_from, w.promise_to
FROM callback_request r JOIN callback w ON w.contact_id = r.contact_id WHERE r.request_id = :request_id;

-- name: open_for
-- The open callback for a number.
-- system: a citizen's own request
SELECT w.contact_id, c.case_id FROM callback w JOIN contact c ON c.id = w.contact_id
WHERE w.organisation_id = :organisation_id AND w.number = :number AND w.result IS NULL;

-- name: take
-- A new request: person, case, contact, matter, callback, request, event and outbox row. It waits at
-- once, or is scheduled (`next_at`). A promise is due at its end, anything else by its arrival.
-- system: a citizen's own request
WITH named AS (
    INSERT INTO person AS p (id, organisation_id, name, language) VALUES (:person, :organisation_id, :name, :language)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE p.name = '' AND excluded.name <> ''
), opened AS (
    INSERT INTO cases (id, organisation_id, person_id, last_seq, last_shown)
    VALUES (:case, :organisation_id, :person, 1, 1)
), made AS (
    INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                         first_arrival, wait_from, external_id, unread, called)
    VALUES (:contact, :case, :person, :organisation_id, :queue_id, 'callback', :language, :requirement,
            coalesce((extract(epoch FROM :promise_to::timestamptz) * 1000000)::bigint,
                     (extract(epoch FROM now()) * 1000000)::bigint + :target_s::int * 1000000::bigint),
            CASE WHEN :next_at::timestamptz IS NULL THEN 'queued' ELSE 'scheduled' END,
            now(), coalesce(:next_at::timestamptz, now()), :request_id, 1, :name)
    RETURNING *
), written AS (
    INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, author, address, text)
    VALUES (:message, :case, :contact, :organisation_id, 1, 'inbound', :author, :number, :matter)
), owed AS (
    INSERT INTO callback (contact_id, organisation_id, number, email, most, slot_queue, promise_from, promise_to,
                          next_at, next_why)
    VALUES (:contact, :organisation_id, :number, :email, :most,
            CASE WHEN :promise_to::timestamptz IS NOT NULL THEN :queue_id::int END, :promise_from, :promise_to,
            :next_at, CASE WHEN :next_at::timestamptz IS NOT NULL THEN 'window' END)
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from, rank, why)
    SELECT 'entered', organisation_id, id, queue_id, channel, language, direction, wait_from, rank, 'new'
    FROM made WHERE state = 'queued'
), boxed AS (
    INSERT INTO outbox (contact_id, version, since) SELECT id, version, version FROM made WHERE state = 'queued'
)
SELECT * FROM made;

-- name: add_request
-- system: a citizen's own request
INSERT INTO callback_request (id, request_id, contact_id, digest, joined, language)
VALUES (:id, :request_id, :contact, :digest, :joined, :language);

-- name: take_slot
-- One more promise in the half hour; no row where it is full.
-- system: no citizen's data
INSERT INTO callback_slot AS s (queue_id, starts_at, taken)
SELECT q.id, :starts_at, 1 FROM queue q WHERE q.id = :queue_id AND q.callbacks_per_half_hour > 0
ON CONFLICT (queue_id, starts_at) DO UPDATE SET taken = s.taken + 1
WHERE s.taken < (SELECT callbacks_per_half_hour FROM queue WHERE id = :queue_id)
RETURNING taken;

-- name: free_slot
-- Give the place in the half hour back.
-- system: the citizen's own request
WITH freed AS (
    UPDATE callback w SET slot_queue = NULL FROM callback b
    WHERE w.contact_id = :contact AND b.contact_id = w.contact_id AND w.slot_queue IS NOT NULL
    RETURNING b.slot_queue, b.promise_from
)
UPDATE callback_slot s SET taken = s.taken - 1 FROM freed f
WHERE s.queue_id = f.slot_queue AND s.starts_at = f.promise_from AND s.taken > 0;

-- name: slots
-- system: no citizen's data
SELECT starts_at, taken FROM callback_slot WHERE queue_id = :queue_id AND starts_at > now();

-- name: join
-- One more request for an open callback; no row where it is over.
-- system: a citizen's own request
UPDATE callback SET asked = asked + 1 WHERE contact_id = :contact AND result IS NULL RETURNING contact_id;

-- name: status
-- system: who has the link has the request
SELECT r.id, r.joined, r.language, r.contact_id, c.case_id, c.channel, c.state, c.version, w.promise_from, w.promise_to, w.attempts, w.result,
       w.next_at, c.queue_id, c.requirement, q.name, o.key AS organisation, o.name AS organisation_names,
       o.time_zone, q.feedback AS asks
FROM callback_request r JOIN callback w ON w.contact_id = r.contact_id JOIN contact c ON c.id = r.contact_id
JOIN queue q ON q.id = c.queue_id JOIN organisation o ON o.id = c.organisation_id
WHERE r.id = :request;

-- name: request_of
-- The newest request of a contact that is its own.
-- system: the citizen's own contact
SELECT id FROM callback_request WHERE contact_id = :contact AND NOT joined ORDER BY id DESC LIMIT 1;

-- name: cancel
-- A callback that was to come is over; one in line has been abandoned by now.
-- system: who has the link has the request
WITH moved AS (
    UPDATE contact SET state = 'closed', version = version + 1, closed_at = now(), disposition = 'cancelled', unread = 0
    WHERE id = :contact AND state = 'scheduled' RETURNING *
), over AS (
    UPDATE callback w SET result = 'cancelled', next_at = NULL, next_why = NULL FROM moved m WHERE w.contact_id = m.id
)
SELECT * FROM moved;

-- name: held
-- An agent's callback, held after its contact.
-- system: the caller owns the contact
SELECT w.*, now() AS now FROM callback w WHERE w.contact_id = :contact FOR UPDATE;

-- name: verify_number
-- Who asked to be called there answers there.
-- system: the agent's own callback
UPDATE identity i SET strength = 'verified', seen_at = now() FROM callback w JOIN contact c ON c.id = w.contact_id
WHERE w.contact_id = :contact AND i.organisation_id = w.organisation_id AND i.kind = 'phone' AND i.address = w.number
  AND i.person_id = c.person_id AND i.strength IN ('none', 'asserted');

-- name: attempted
-- system: the agent's own attempt
SELECT agent, outcome FROM attempt WHERE contact_id = :contact AND client_id = :client_id;

-- name: add_attempt
-- system: the caller owns the contact
INSERT INTO attempt (contact_id, client_id, n, agent, outcome, again_at)
VALUES (:contact, :client_id, :n, :agent, :outcome, :again_at);

-- name: count_attempt
-- system: the caller owns the contact
UPDATE callback SET attempts = :n, result = :result, next_at = :next_at,
    next_why = CASE WHEN :next_at::timestamptz IS NOT NULL THEN 'retry' END
WHERE contact_id = :contact;

-- name: dial
-- system: the caller owns the contact
UPDATE callback SET dialled_at = now() WHERE contact_id = :contact;

-- name: settle_promise
-- Whether it was kept is decided once.
-- system: the caller owns the contact
UPDATE callback SET kept = :kept WHERE contact_id = :contact AND promise_to IS NOT NULL AND kept IS NULL RETURNING kept;

-- name: note_promise
-- system: what happened, without any text
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, promise_from, promise_to, kept)
SELECT 'promise', c.organisation_id, c.id, c.queue_id, c.channel, c.language, c.direction, w.promise_from, w.promise_to, w.kept
FROM callback w JOIN contact c ON c.id = w.contact_id WHERE w.contact_id = :contact;

-- name: miss
-- Nobody answered: it will be tried again, and nobody has it until then.
-- system: the caller owns it
UPDATE contact SET state = 'scheduled', version = version + 1, owner = NULL, held_at = NULL, passed = '{}', also = '{}'
WHERE id = :contact AND owner = :agent AND state = 'active'
RETURNING *;

-- name: give_up
-- system: the caller owns it
WITH closed AS (
    UPDATE contact SET state = 'closed', version = version + 1, held_at = NULL, closed_at = now(), disposition = 'not_reached', unread = 0
    WHERE id = :contact AND owner = :agent AND state = 'active'
    RETURNING *
), asked AS (
    INSERT INTO feedback_due (contact_id, at)
    SELECT c.id, now() + make_interval(secs => q.feedback_after_s) FROM closed c JOIN queue q ON q.id = c.queue_id
    WHERE q.feedback AND q.feedback_every_days > 0
    ON CONFLICT DO NOTHING
)
SELECT * FROM closed;

-- name: drop_draft
-- system: the caller owns the contact
DELETE FROM draft WHERE contact_id = :contact;

-- name: email_of
-- Where we may write to the person: the address given with the request, else the surest known one,
-- which is no way to somebody of another name at the same number.
-- system: the contact's own person
SELECT coalesce((SELECT w.email FROM callback w WHERE w.contact_id = c.id), (
    SELECT i.address FROM identity i
    WHERE i.person_id = c.person_id AND i.organisation_id = c.organisation_id AND i.kind = 'email' AND i.strength <> 'none'
      AND (c.called = '' OR lower(c.called) = (SELECT lower(p.name) FROM person p WHERE p.id = c.person_id))
    ORDER BY CASE i.strength WHEN 'strong' THEN 0 WHEN 'verified' THEN 1 ELSE 2 END, i.seen_at DESC LIMIT 1))
FROM contact c WHERE c.id = :contact;

-- name: enter
-- What is due enters the line, in the order of its moments: state, event and outbox row in one
-- statement. Contacts are locked in the order of ids, as everywhere.
-- system: the clock's work
WITH due AS MATERIALIZED (
    -- From the index alone, and from where the batch before ended: a batch costs the same however
    -- many are due behind it, and passes over no dead entries of those before it.
    SELECT w.contact_id, w.next_at, w.next_why FROM callback w
    WHERE w.next_at <= now()
      AND (w.next_at, w.contact_id) > (coalesce(:after_at::timestamptz, '-infinity'), :after_id::bigint)
    ORDER BY w.next_at, w.contact_id LIMIT :most
), held AS MATERIALIZED (
    SELECT c.id, d.next_at, d.next_why FROM due d JOIN contact c ON c.id = d.contact_id
    WHERE c.state = 'scheduled' ORDER BY c.id FOR UPDATE OF c
), moved AS (
    UPDATE contact c SET state = 'queued', version = c.version + 1, wait_from = h.next_at
    FROM held h WHERE c.id = h.id
    RETURNING c.*, h.next_at, h.next_why
), entered AS (
    UPDATE callback w SET next_at = NULL, next_why = NULL FROM moved m WHERE w.contact_id = m.id
), noted AS (
    INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, wait_from, rank, why)
    SELECT 'entered', organisation_id, id, queue_id, channel, language, direction, wait_from, rank, next_why
    FROM moved ORDER BY next_at, id
), boxed AS (
    INSERT INTO outbox AS o (contact_id, version, since) SELECT id, version, version FROM moved ORDER BY id
    ON CONFLICT (contact_id) DO UPDATE SET version = excluded.version
)
SELECT id, state, requirement, also, preferred, rank, version, passed, channel, away_from, next_at FROM moved ORDER BY next_at, id;

-- name: break_promises
-- Windows that ended without a dial. Of one that an agent had in hand by then the attempt decides.
-- system: the clock's work
WITH ended AS MATERIALIZED (
    SELECT contact_id, promise_to FROM callback
    WHERE promise_to < now() AND promise_to IS NOT NULL AND kept IS NULL AND result IS DISTINCT FROM 'cancelled'
), late AS MATERIALIZED (
    SELECT c.id FROM ended w JOIN contact c ON c.id = w.contact_id
    WHERE NOT (c.state IN ('active', 'wrap_up') AND c.accepted_at <= w.promise_to)
    ORDER BY c.id LIMIT :most FOR UPDATE OF c
), broken AS (
    UPDATE callback w SET kept = false FROM late l
    WHERE w.contact_id = l.id AND w.kept IS NULL AND w.result IS DISTINCT FROM 'cancelled'
    RETURNING w.contact_id, w.promise_from, w.promise_to
)
INSERT INTO event (kind, organisation_id, contact_id, queue_id, channel, language, direction, promise_from, promise_to, kept)
SELECT 'promise', c.organisation_id, c.id, c.queue_id, c.channel, c.language, c.direction, b.promise_from, b.promise_to, false
FROM broken b JOIN contact c ON c.id = b.contact_id ORDER BY b.promise_to, c.id;

-- name: forget_slots
-- system: no citizen's data
DELETE FROM callback_slot WHERE starts_at < now() - interval '1 day';

-- name: become_callback
-- A chat or a mail that waits becomes a callback: its place, its arrival and its wait stay.
-- system: the citizen's own contact
WITH moved AS (
    UPDATE contact SET channel = 'callback', version = version + 1, away_from = NULL, external_id = :request_id
    WHERE id = :contact AND channel IN ('chat', 'mail') AND state = 'queued'
    RETURNING *
), noted AS (
    INSERT INTO line_note (contact_id, here, channel) SELECT id, true, channel FROM moved
)
SELECT * FROM moved;

-- name: become_mail
-- A callback that waits becomes a mail: its arrival stays, and its place; what was scheduled gets the
-- place that it would have had as a mail, and waits from now on.
-- system: the citizen's own contact
WITH over AS (
    UPDATE callback SET result = 'cancelled', next_at = NULL, next_why = NULL WHERE contact_id = :contact AND result IS NULL
), moved AS (
    UPDATE contact c SET channel = 'mail', version = c.version + 1, state = 'queued',
        wait_from = CASE WHEN c.state = 'scheduled' THEN now() ELSE c.wait_from END,
        rank = CASE WHEN w.promise_to IS NULL THEN c.rank
                    ELSE (extract(epoch FROM c.first_arrival) * 1000000)::bigint
                         + (q.target_s - k.priority_s) * 1000000::bigint END
    FROM callback w, queue q, cases k
    WHERE c.id = :contact AND c.channel = 'callback' AND c.state IN ('queued', 'scheduled')
      AND w.contact_id = c.id AND q.id = c.queue_id AND k.id = c.case_id
    RETURNING c.*
), noted AS (
    INSERT INTO line_note (contact_id, here, channel) SELECT id, true, channel FROM moved
)
SELECT * FROM moved;

-- name: owe
-- One that was a callback before is one again: what was tried then counts no more.
-- system: the citizen's own contact
INSERT INTO callback AS w (contact_id, organisation_id, number, most) VALUES (:contact, :organisation_id, :number, :most)
ON CONFLICT (contact_id) DO UPDATE SET number = excluded.number, most = w.attempts + excluded.most, result = NULL,
    promise_from = NULL, promise_to = NULL, kept = NULL, dialled_at = NULL;
