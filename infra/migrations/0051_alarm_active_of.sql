-- The active alarm of a name and subject, as each event that is delivered asks for it. An index by terminal and time is
-- chosen too where the server has counted nothing yet, and then one of thousands is found by looking at all of them; for
-- lists of active alarms this one does as well.
-- depends: 0050_dcsa_follows

CREATE INDEX alarm_active_of ON alarm (terminal, alarm, subject, raised_at DESC) WHERE cleared_at IS NULL;
DROP INDEX alarm_active;
