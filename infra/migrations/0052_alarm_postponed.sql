-- Alarms that took the server too long to derive: they wait here, and are tried again in smaller parts, or with more time.
-- depends: 0051_alarm_active_of

CREATE TABLE alarm_postponed (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal text NOT NULL,
    alarm    text NOT NULL,           -- the condition
    everyone timestamptz,             -- since when facts of all have changed; NULL: only of those named
    subjects text[] NOT NULL,         -- devices, or neighbours that share an alarm, by the condition
    sinces   timestamptz[] NOT NULL,  -- since when facts of each have changed
    waits    interval NOT NULL,
    retry_at timestamptz NOT NULL
);
CREATE INDEX alarm_postponed_retry_at ON alarm_postponed (retry_at);
