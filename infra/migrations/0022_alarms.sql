-- Alarms: spans derived from facts, what people did about them, notes of what is to be derived, events for receivers.
-- depends: 0019_treatments

CREATE TABLE alarm (
    terminal   text NOT NULL,
    alarm      text NOT NULL,
    subject    text NOT NULL,
    severity   text NOT NULL,
    began_at   timestamptz NOT NULL,
    raised_at  timestamptz NOT NULL,
    cleared_at timestamptz,  -- NULL while it is active
    members    text[],
    PRIMARY KEY (terminal, alarm, subject, raised_at)
);
CREATE INDEX alarm_raised_at ON alarm (terminal, raised_at DESC);
CREATE INDEX alarm_until ON alarm (terminal, coalesce(cleared_at, 'infinity'));  -- of a span that one looks at
CREATE INDEX alarm_active ON alarm (terminal, raised_at DESC) WHERE cleared_at IS NULL;

-- What people did. It belongs to the alarm of this name and subject within whose span `raised_at` lies: that alarm may
-- have been recomputed since. A shelf is for name and subject, whichever alarm it was put up for.
CREATE TABLE alarm_act (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal  text NOT NULL,
    alarm     text NOT NULL,
    subject   text NOT NULL,
    raised_at timestamptz NOT NULL,
    act       text NOT NULL CHECK (act IN ('acknowledge', 'shelve', 'unshelve', 'comment')),
    by        text NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    until     timestamptz,  -- of a shelf its end
    remark    text NOT NULL DEFAULT '',
    reported  boolean NOT NULL DEFAULT false  -- whether there is an event about it
);
CREATE INDEX alarm_act_unreported ON alarm_act (id) WHERE NOT reported;
CREATE INDEX alarm_act_of ON alarm_act (terminal, alarm, subject, id);

-- Facts of these devices changed since a time: alarms are to be derived from them at `due_at`. Without devices: all.
-- Written with the facts and never changed, so that who writes facts and who derives alarms do not wait for each other.
CREATE TABLE alarm_note (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    due_at   timestamptz NOT NULL,
    terminal text NOT NULL,
    fact     text NOT NULL,
    devices  integer[] NOT NULL,
    since    timestamptz NOT NULL
);
CREATE INDEX alarm_note_due_at ON alarm_note (due_at);

-- What happened to alarms, in order: receivers get it from here, each from where it has got to.
CREATE TABLE alarm_event (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT now(),
    terminal  text NOT NULL,
    alarm     text NOT NULL,
    subject   text NOT NULL,
    severity  text NOT NULL,
    payload   text NOT NULL
);
CREATE INDEX alarm_event_at ON alarm_event (at);

CREATE TABLE alarm_receiver (
    receiver text PRIMARY KEY,  -- mqtt, or webhook: and its name
    event    bigint NOT NULL    -- the last one delivered
);

-- Facts that last, by their end: which of them hold at a time, or later.
CREATE INDEX reefer_off_power_until ON reefer_off_power (coalesce(ended_at, 'infinity'));
CREATE INDEX reefer_excursion_until ON reefer_excursion (coalesce(ended_at, 'infinity'));
CREATE INDEX crane_partial_lock_until ON crane_partial_lock (coalesce(ended_at, 'infinity'));
CREATE INDEX crane_delay_until ON crane_delay (coalesce(ended_at, 'infinity'));

CREATE VIEW v_alarm AS
SELECT a.terminal, a.alarm, a.subject, a.severity, a.raised_at, a.cleared_at, k.at AS acknowledged_at,
       k.by AS acknowledged_by, coalesce(a.members, '{}') AS members, a.began_at,
       CASE WHEN s.act = 'shelve' AND s.until > now() THEN s.until END AS shelved_until,
       CASE WHEN s.act = 'shelve' AND s.until > now() THEN s.by END AS shelved_by,
       concat_ws('.', a.terminal, a.alarm, a.subject, (extract(epoch FROM a.raised_at) * 1000000)::bigint) AS id
FROM alarm a
LEFT JOIN LATERAL (
    SELECT x.at, x.by FROM alarm_act x
    WHERE (x.terminal, x.alarm, x.subject) = (a.terminal, a.alarm, a.subject) AND x.act = 'acknowledge'
      AND x.raised_at BETWEEN a.began_at AND coalesce(a.cleared_at, 'infinity')
    ORDER BY x.id LIMIT 1
) k ON true
LEFT JOIN LATERAL (
    SELECT x.act, x.until, x.by FROM alarm_act x
    WHERE (x.terminal, x.alarm, x.subject) = (a.terminal, a.alarm, a.subject) AND x.act IN ('shelve', 'unshelve')
    ORDER BY x.id DESC LIMIT 1
) s ON true;

-- Alarms of what is stored already.
INSERT INTO alarm_note (due_at, terminal, fact, devices, since)
SELECT now(), t.terminal, f.fact, '{}', '2000-01-01'
FROM (SELECT DISTINCT terminal FROM device) t,
     (VALUES ('reefer_off_power'), ('reefer_excursion'), ('cold_treatment'), ('crane_partial_lock'), ('crane_delay'),
             ('level_change:battery_low'), ('level_change:queue_length')) f (fact);

CREATE TRIGGER notify AFTER INSERT OR DELETE ON alarm
    FOR EACH ROW EXECUTE FUNCTION notify_terminal_fact();
CREATE TRIGGER notify_update AFTER UPDATE ON alarm
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION notify_terminal_fact();

CREATE FUNCTION notify_alarm_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quaystream_facts', json_build_object('terminal', NEW.terminal, 'table', 'alarm')::text);
    RETURN NULL;
END $$;
CREATE TRIGGER notify AFTER INSERT ON alarm_act FOR EACH ROW EXECUTE FUNCTION notify_alarm_act();
