-- Alarms go by event time: what is to be raised or cleared when time has gone on stands in rows of its own, one a subject.
-- depends: 0038_runs_of

-- When something is to change if no other facts come, in event time; `alarm` is the condition.
CREATE TABLE alarm_due (
    terminal text NOT NULL,
    alarm    text NOT NULL,
    subject  text NOT NULL,
    due_at   timestamptz NOT NULL,
    PRIMARY KEY (terminal, alarm, subject)
);
CREATE INDEX alarm_due_at ON alarm_due (due_at);

-- How far time has gone at a terminal, in event time, as far as alarms were derived.
CREATE TABLE alarm_time (
    terminal   text PRIMARY KEY,
    reached_at timestamptz NOT NULL
);
INSERT INTO alarm_time (terminal, reached_at)
SELECT terminal, max(greatest(raised_at, coalesce(cleared_at, raised_at))) FROM alarm GROUP BY terminal;

-- Notes are about facts that changed, and are due at once: what was to come is derived once more.
DROP INDEX alarm_note_due_at;
ALTER TABLE alarm_note DROP COLUMN due_at;

-- When a run of a cold treatment was first at risk: of stored runs the last breach is known, until they are made again.
ALTER TABLE cold_treatment ADD COLUMN at_risk_at timestamptz;
UPDATE cold_treatment SET at_risk_at = breach_at WHERE breach_at IS DISTINCT FROM ended_at OR verdict <> 'failed';
UPDATE treatment SET followed = -1 WHERE withdrawn_at IS NULL AND runs_of IS NOT NULL;
INSERT INTO alarm_note (terminal, fact, devices, since)
SELECT DISTINCT terminal, 'cold_treatment', '{}'::int[], '2000-01-01'::timestamptz FROM cold_treatment;
CREATE OR REPLACE VIEW v_cold_treatment AS
SELECT terminal, container_id, schedule, began_at, level, done_h, left_h, verdict, breach_at, breach_sensor, ended_at, at_risk_at
FROM cold_treatment;
