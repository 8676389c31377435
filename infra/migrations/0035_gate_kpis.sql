-- When trucks joined the queue, and whether the portal read their plates: facts of lanes and visits are made again, and with
-- them the KPIs of visits, and of lanes, which there were not.
-- depends: 0023_visits

ALTER TABLE gate_transaction ADD COLUMN queued_at timestamptz, ADD COLUMN plate_read boolean;
ALTER TABLE truck_visit ADD COLUMN queued_at timestamptz;

CREATE OR REPLACE VIEW v_gate_transaction AS
SELECT d.terminal, d.device, g.entered_at, g.opened_at, g.left_at, g.direction, g.visit, g.plate, g.trouble,
       g.container_ids, g.gross_weight_kg, g.device_id, g.reason, g.queued_at, g.plate_read
FROM gate_transaction g JOIN device d USING (device_id);

CREATE OR REPLACE VIEW v_truck_visit AS
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out, reason, confidence, lane, passed_at,
       brought, taken, trouble, arrived_at, queued_at
FROM truck_visit;

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'gate'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

INSERT INTO recompute_visits AS r (terminal, first, last)
SELECT terminal, min(arrived_at), max(arrived_at) FROM truck_visit GROUP BY terminal
ON CONFLICT (terminal) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

INSERT INTO recompute_kpis AS r (terminal, fact, subject, since)
SELECT terminal, fact, subject, min(time) FROM (
    SELECT d.terminal, kind.fact, kind.subject, oldest.time FROM device d
    CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time LIMIT 1) oldest
    CROSS JOIN LATERAL (VALUES ('visit', d.terminal), ('transaction', d.terminal), ('transaction', d.device)) kind (fact, subject)
    WHERE d.stream = 'gate'
) of_lanes GROUP BY terminal, fact, subject
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);
