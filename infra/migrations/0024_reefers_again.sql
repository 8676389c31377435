-- Reefers that have sent samples already get their facts again: each box has its own span without power, contacts that
-- chatter free no plug, one lost report is no silence.
-- depends: 0019_treatments

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'reefer'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);
