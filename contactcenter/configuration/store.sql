-- The configuration. `:scope` are the organisations that the asking admin configures.

-- name: take_turns
-- One change of the configuration at a time.
-- system: configuration
SELECT pg_advisory_xact_lock(hashtext('contactcenter.configuration'));

-- name: lock_users
-- In the order of ids, against another admin's change of one of them.
SELECT id FROM users WHERE organisation_id = ANY(:scope) ORDER BY id FOR NO KEY UPDATE;

-- name: lock_agents
-- Agents before contacts, in the order of ids.
-- system: the caller may manage these users
SELECT user_id FROM agent WHERE user_id = ANY(:users) ORDER BY user_id FOR UPDATE;

-- name: every_organisation
-- system: the operator's own scope
SELECT id FROM organisation ORDER BY id;

-- name: organisations
-- system: configuration
SELECT id, key, name, time_zone, decline_without_reason, agents_pull, estimate_least, privacy, accessibility_queue,
       agent_names, chat_asks, phone, feedback_queue
FROM organisation WHERE id = ANY(:scope);

-- name: queues
SELECT q.id, q.organisation_id, q.key, q.name, q.task, q.level, q.languages, q.channels, q.target_s, q.service_level_s,
       q.service_level_way, q.short_abandon_s, q.offer_s, q.always_open, q.hours, q.callbacks_per_half_hour,
       q.receipts, q.feedback, q.feedback_after_s, q.feedback_every_days, q.relax, q.prefer_s, q.auto_accept, q.decision, q.sensitive,
       q.idle_warning_s, q.idle_close_s, q.phone,
       q.from_name, q.greeting, q.signature,
       q.disabled_at IS NOT NULL AS disabled,
       array(SELECT a.address FROM mail_address a WHERE a.queue_id = q.id ORDER BY 1) AS addresses
FROM queue q WHERE q.organisation_id = ANY(:scope);

-- name: dispositions
SELECT organisation_id, key, name, position, disabled_at IS NOT NULL AS disabled
FROM disposition WHERE organisation_id = ANY(:scope);

-- name: decline_reasons
SELECT organisation_id, key, name, position, disabled_at IS NOT NULL AS disabled
FROM decline_reason WHERE organisation_id = ANY(:scope);

-- name: templates
SELECT organisation_id, key, name, text, position, disabled_at IS NOT NULL AS disabled
FROM template WHERE organisation_id = ANY(:scope);

-- name: topics
SELECT t.organisation_id, t.key, t.name, t.hint, q.key AS queue, t.position, t.chat_asks, t.disabled_at IS NOT NULL AS disabled
FROM topic t JOIN queue q ON q.id = t.queue_id WHERE t.organisation_id = ANY(:scope);

-- name: contact_reasons
SELECT organisation_id, key, name, position, coalesce(merged_into, '') AS merged_into, disabled_at IS NOT NULL AS disabled
FROM contact_reason WHERE organisation_id = ANY(:scope);

-- name: areas
SELECT organisation_id, key, name, postal_codes, position, disabled_at IS NOT NULL AS disabled
FROM area WHERE organisation_id = ANY(:scope);

-- name: widget_origins
SELECT organisation_id, origin FROM widget_origin WHERE organisation_id = ANY(:scope);

-- name: agreements
SELECT g.organisation_id, g.key, h.key AS agents_of, g.tasks, g.valid_from, g.valid_to, g.disabled_at IS NOT NULL AS disabled
FROM agreement g JOIN organisation h ON h.id = g.agents_of WHERE g.organisation_id = ANY(:scope);

-- name: users
SELECT u.id, u.organisation_id, u.email, u.name, u.public_name, u.role, u.language, u.capacity, u.pauses_mail, u.disabled_at IS NOT NULL AS disabled,
       array(SELECT o.key FROM user_organisation uo JOIN organisation o ON o.id = uo.organisation_id
             WHERE uo.user_id = u.id ORDER BY 1) AS organisations
FROM users u WHERE u.organisation_id = ANY(:scope);

-- name: skills
SELECT s.user_id, o.key AS organisation, s.task, s.language, s.level, s.trained_on
FROM skill s JOIN users u ON u.id = s.user_id JOIN organisation o ON o.id = s.organisation_id
WHERE u.organisation_id = ANY(:scope);

-- name: organisation_ids
-- system: keys that a user's scope and skills name; who may give them is asked of the rules
SELECT id, key FROM organisation WHERE key = ANY(:keys);

-- name: user_id
SELECT id FROM users WHERE email = :email AND organisation_id = ANY(:scope);

-- name: add_organisation
-- system: the operator's command
INSERT INTO organisation (key, name, time_zone, decline_without_reason, agents_pull, estimate_least, privacy, accessibility_queue,
                          agent_names, chat_asks, phone, feedback_queue)
VALUES (:key, :name, :time_zone, :decline_without_reason, :agents_pull, :estimate_least, :privacy, :accessibility_queue,
        :agent_names, :chat_asks, :phone, :feedback_queue)
ON CONFLICT (key) DO NOTHING RETURNING id;

-- name: change_organisation
UPDATE organisation SET name = :name, time_zone = :time_zone, decline_without_reason = :decline_without_reason,
    agents_pull = :agents_pull, estimate_least = :estimate_least, privacy = :privacy,
    accessibility_queue = :accessibility_queue, agent_names = :agent_names, chat_asks = :chat_asks, phone = :phone,
    feedback_queue = :feedback_queue
WHERE key = :key AND id IN (SELECT o.organisation_id FROM unnest(:scope::int[]) AS o (organisation_id));

-- name: add_queue
-- system: the caller configures the organisation
INSERT INTO queue (organisation_id, key, name, task, level, languages, channels, target_s, service_level_s,
                   service_level_way, short_abandon_s, offer_s, always_open, hours, callbacks_per_half_hour,
                   from_name, greeting, signature, receipts, feedback, feedback_after_s, feedback_every_days, relax, prefer_s,
                   auto_accept, decision, sensitive, idle_warning_s, idle_close_s, phone, disabled_at)
VALUES (:organisation_id, :key, :name, :task, :level, :languages, :channels, :target_s, :service_level_s,
        :service_level_way, :short_abandon_s, :offer_s, :always_open, :hours, :callbacks_per_half_hour,
        :from_name, :greeting, :signature, :receipts, :feedback, :feedback_after_s, :feedback_every_days, :relax, :prefer_s,
        :auto_accept, :decision, :sensitive, :idle_warning_s, :idle_close_s, :phone, CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (key) DO NOTHING RETURNING id;

-- name: change_queue
-- system: the caller configures the organisation
UPDATE queue SET name = :name, task = :task, level = :level, languages = :languages, channels = :channels,
    target_s = :target_s, service_level_s = :service_level_s, service_level_way = :service_level_way,
    short_abandon_s = :short_abandon_s, offer_s = :offer_s, always_open = :always_open, hours = :hours,
    callbacks_per_half_hour = :callbacks_per_half_hour, receipts = :receipts, feedback = :feedback,
    feedback_after_s = :feedback_after_s, feedback_every_days = :feedback_every_days, relax = :relax, prefer_s = :prefer_s,
    auto_accept = :auto_accept, decision = :decision, sensitive = :sensitive, idle_warning_s = :idle_warning_s, idle_close_s = :idle_close_s,
    phone = :phone,
    from_name = :from_name, greeting = :greeting, signature = :signature,
    disabled_at = CASE WHEN :disabled::boolean THEN coalesce(disabled_at, now()) END
WHERE key = :key AND organisation_id = :organisation_id RETURNING id;

-- name: drop_addresses
-- system: the caller configures the queue's organisation
DELETE FROM mail_address a USING queue q
WHERE q.id = a.queue_id AND q.key = :key AND q.organisation_id = :organisation_id AND a.address <> ALL(:keep::text[]);

-- name: add_address
-- No row where it leads to another queue.
-- system: the caller configures the queue's organisation
INSERT INTO mail_address AS a (address, queue_id) VALUES (:address, :queue_id)
ON CONFLICT (address) DO UPDATE SET queue_id = a.queue_id WHERE a.queue_id = excluded.queue_id RETURNING address;

-- name: address_leads_to
SELECT q.key FROM mail_address a JOIN queue q ON q.id = a.queue_id
WHERE a.address = :address AND q.organisation_id = ANY(:scope);

-- name: put_disposition
-- system: the caller configures the organisation
INSERT INTO disposition AS d (organisation_id, key, name, position, disabled_at)
VALUES (:organisation_id, :key, :name, :position, CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, position = excluded.position,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(d.disabled_at, now()) END;

-- name: put_decline_reason
-- system: the caller configures the organisation
INSERT INTO decline_reason AS d (organisation_id, key, name, position, disabled_at)
VALUES (:organisation_id, :key, :name, :position, CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, position = excluded.position,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(d.disabled_at, now()) END;

-- name: put_contact_reason
-- system: the caller configures the organisation
INSERT INTO contact_reason AS d (organisation_id, key, name, position, merged_into, disabled_at)
VALUES (:organisation_id, :key, :name, :position, nullif(:merged_into, ''), CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, position = excluded.position, merged_into = excluded.merged_into,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(d.disabled_at, now()) END;

-- name: put_area
-- system: the caller configures the organisation
INSERT INTO area AS d (organisation_id, key, name, postal_codes, position, disabled_at)
VALUES (:organisation_id, :key, :name, :postal_codes, :position, CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, postal_codes = excluded.postal_codes, position = excluded.position,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(d.disabled_at, now()) END;

-- name: put_template
-- system: the caller configures the organisation
INSERT INTO template AS d (organisation_id, key, name, text, position, disabled_at)
VALUES (:organisation_id, :key, :name, :text, :position, CASE WHEN :disabled::boolean THEN now() END)
ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, text = excluded.text, position = excluded.position,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(d.disabled_at, now()) END;

-- name: put_topic
-- No row where the organisation has no such queue.
-- system: the caller configures the organisation
INSERT INTO topic AS d (organisation_id, key, name, hint, queue_id, position, chat_asks, disabled_at)
SELECT :organisation_id, :key, :name, :hint, q.id, :position, :chat_asks, CASE WHEN :disabled::boolean THEN now() END
FROM queue q WHERE q.key = :queue AND q.organisation_id = :organisation_id
ON CONFLICT (organisation_id, key) DO UPDATE SET name = excluded.name, hint = excluded.hint, queue_id = excluded.queue_id,
    position = excluded.position, chat_asks = excluded.chat_asks,
    disabled_at = CASE WHEN excluded.disabled_at IS NOT NULL THEN coalesce(d.disabled_at, now()) END
RETURNING key;

-- name: add_origin
-- No row where another organisation has it.
-- system: the caller configures the organisation
INSERT INTO widget_origin (origin, organisation_id) VALUES (:origin, :organisation_id)
ON CONFLICT (origin) DO NOTHING RETURNING origin;

-- name: drop_origin
-- system: the caller configures the organisation
DELETE FROM widget_origin WHERE origin = :origin AND organisation_id = :organisation_id;

-- name: every_origin
-- system: which sites may show the chat, whosever they are
SELECT origin FROM widget_origin ORDER BY origin;

-- name: last_entry
-- Who changed a thing last.
SELECT e.id, e.at, u.name AS user_name FROM audit e LEFT JOIN users u ON u.id = e.user_id
WHERE e.object_kind = :kind AND e.object_id = :key AND e.organisation_id = ANY(:scope)
ORDER BY e.id DESC LIMIT 1;

-- name: entry
SELECT id, verb, object_kind, object_id, organisation_id, before, after FROM audit
WHERE id = :entry AND user_id = :user_id AND organisation_id = ANY(:scope);
