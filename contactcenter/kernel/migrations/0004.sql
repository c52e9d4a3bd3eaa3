-- From 3 to 4: what callbacks and figures came to need. Does nothing where a build between the two
-- has it already.
ALTER TABLE callback ADD COLUMN IF NOT EXISTS most int NOT NULL DEFAULT 3 CHECK (most > 0);
ALTER TABLE callback ADD COLUMN IF NOT EXISTS dialled_at timestamptz;
COMMENT ON COLUMN callback.most IS 'How many attempts there are, as was the rule when it was asked for.';
COMMENT ON COLUMN callback.dialled_at IS 'When the agent who has it began to dial; worth nothing where it is older than the acceptance.';
DROP INDEX callback_promised;
CREATE INDEX callback_promised ON callback (promise_to)
    WHERE promise_to IS NOT NULL AND kept IS NULL AND result IS DISTINCT FROM 'cancelled';

ALTER TABLE figure DROP CONSTRAINT figure_by_check;
ALTER TABLE figure ADD CONSTRAINT figure_by_check CHECK (by IN ('end', 'day', 'arrival'));
COMMENT ON TABLE figure IS 'Events added up by quarter of an hour and by day, as stats/rules.py says; can be made anew from the events. Personal data: no. Retention: figures.';
COMMENT ON COLUMN figure.by IS 'end: a wait counts in the quarter in which it ended; arrival: in the one in which it began. day: as end, by the organisation''s days, at being their midnight; language is empty, for all.';

ALTER TABLE figure_progress ALTER COLUMN gaps SET DEFAULT '[]';
UPDATE figure_progress SET gaps = '[]' WHERE jsonb_typeof(gaps) = 'object';  -- nothing was counted yet
COMMENT ON COLUMN figure_progress.gaps IS '[[first id, last id, missed since (s), transactions below this number might commit it]]; stats/progress.py says when one is given up.';

GRANT DELETE ON identity TO contactcenter_app;  -- what was written down wrongly, corrected by the agent
