-- Silence of devices, what the worker measures, and levels that alarms are made from.
-- depends: 0043_alarm_times

CREATE TABLE device_silence (
    device_id integer NOT NULL,
    began_at  timestamptz NOT NULL,
    ended_at  timestamptz NOT NULL,
    PRIMARY KEY (device_id, ended_at)
);

-- What the worker measured when it became high, or low again: of the system, or of a device.
CREATE TABLE measured_level (
    terminal text NOT NULL,
    name     text NOT NULL,
    subject  text NOT NULL,
    time     timestamptz NOT NULL,
    value    double precision NOT NULL,
    PRIMARY KEY (terminal, name, subject, time)
);

-- Alarms of a fault and of wind followed from delays, and follow from levels now; those of stored samples are made again.
INSERT INTO alarm_note (terminal, fact, devices, since)
SELECT t.terminal, f.fact, '{}', '2000-01-01' FROM (SELECT DISTINCT terminal FROM device) t,
     (VALUES ('level_change:fault'), ('level_change:windy')) f (fact);

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, o.time, n.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM crane_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) o
CROSS JOIN LATERAL (SELECT time FROM crane_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) n
WHERE d.stream = 'crane'
UNION ALL
SELECT d.device_id, o.time, n.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) o
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) n
WHERE d.stream = 'reefer'
UNION ALL
SELECT d.device_id, o.time, n.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM vehicle_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) o
CROSS JOIN LATERAL (SELECT time FROM vehicle_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) n
WHERE d.stream = 'vehicle'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);
