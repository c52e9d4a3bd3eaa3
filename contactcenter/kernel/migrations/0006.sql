-- From 5 to 6: more agents for who waits long, and the agent who knows the case first.
ALTER TABLE queue ADD COLUMN relax jsonb NOT NULL DEFAULT '[]';
ALTER TABLE queue ADD COLUMN prefer_s int NOT NULL DEFAULT 0 CHECK (prefer_s BETWEEN 0 AND 86400);
COMMENT ON COLUMN queue.relax IS 'Steps by which who waits here long may be taken by more agents, the earliest first: [{after_s, to, queue}] (queue/relax.py).';
COMMENT ON COLUMN queue.prefer_s IS 'Seconds for which a case that goes on is kept for the agent who knows it, while that agent is available; 0: not.';
ALTER TABLE contact ADD COLUMN also text[] NOT NULL DEFAULT '{}';
ALTER TABLE contact ADD COLUMN preferred bigint;
ALTER TABLE contact ADD COLUMN preferred_until timestamptz;
ALTER TABLE contact ADD CHECK ((preferred IS NULL) = (preferred_until IS NULL));
CREATE INDEX contact_relaxing ON contact (queue_id, (cardinality(also)), wait_from) WHERE state = 'queued';
CREATE INDEX contact_preferring ON contact (preferred_until) WHERE preferred IS NOT NULL AND state = 'queued';
COMMENT ON COLUMN contact.also IS 'Further classes of agents who may take it, one for each step by which it was relaxed in this wait.';
COMMENT ON COLUMN contact.preferred IS 'The agent who knows the case: until preferred_until it is kept for that agent, who is at work.';
ALTER TABLE event DROP CONSTRAINT event_kind_check;
ALTER TABLE event ADD CONSTRAINT event_kind_check CHECK (kind IN ('entered', 'returned', 'offered', 'offer_ended', 'accepted', 'held', 'unheld', 'wrap_up', 'closed', 'left', 'abandoned', 'agent_state', 'promise', 'relaxed'));
CREATE TABLE decision (
    offer bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    organisation_id int NOT NULL,
    contact_id bigint NOT NULL,
    agent bigint NOT NULL,
    rule text NOT NULL,
    why jsonb NOT NULL
);
CREATE INDEX decision_contact ON decision (contact_id, offer);
COMMENT ON TABLE decision IS 'Why an offer went to its agent. Personal data: staff ids. Retention: figures.';
COMMENT ON COLUMN decision.why IS '{class: the agents looked at, counts: {unable, out, full, busy, declined} of the others on duty, runners: the next ten}.';
COMMENT ON COLUMN decision.rule IS 'The version of the rules by which it was decided.';
GRANT SELECT, INSERT ON decision TO contactcenter_app, contactcenter_worker;
