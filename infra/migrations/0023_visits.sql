-- A visit is known by when its truck came into the lane of its first passage: two trucks may have left a lane within one
-- second of a clock that counts seconds. Visits of lanes that have sent events are made again, and their transactions.
-- depends: 0019_treatments

ALTER TABLE truck_visit ADD COLUMN arrived_at timestamptz;
UPDATE truck_visit v SET arrived_at = g.entered_at
FROM (
    SELECT d.terminal, d.device, CASE WHEN t.reason = 'exit_unseen' THEN t.opened_at ELSE t.left_at END AS passed_at,
           min(t.entered_at) AS entered_at
    FROM gate_transaction t JOIN device d USING (device_id) GROUP BY 1, 2, 3
) g
WHERE (g.terminal, g.device, g.passed_at) = (v.terminal, v.lane, v.passed_at);
UPDATE truck_visit SET arrived_at = passed_at WHERE arrived_at IS NULL;
DELETE FROM truck_visit one USING truck_visit other
WHERE (one.terminal, one.lane, one.arrived_at) = (other.terminal, other.lane, other.arrived_at)
  AND one.passed_at < other.passed_at;
ALTER TABLE truck_visit ALTER COLUMN arrived_at SET NOT NULL, DROP CONSTRAINT truck_visit_pkey;
ALTER TABLE truck_visit ADD PRIMARY KEY (terminal, lane, arrived_at);
CREATE INDEX truck_visit_arrived_at ON truck_visit (terminal, arrived_at);

CREATE OR REPLACE VIEW v_truck_visit AS
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out, reason, confidence, lane, passed_at,
       brought, taken, trouble, arrived_at
FROM truck_visit;

-- Terminals whose visits are to be made again, of first passages that began within a span.
CREATE TABLE recompute_visits (
    terminal text PRIMARY KEY,
    first    timestamptz NOT NULL,
    last     timestamptz NOT NULL
);

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'gate'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

INSERT INTO recompute_visits (terminal, first, last)
SELECT terminal, min(arrived_at), max(arrived_at) FROM truck_visit GROUP BY terminal;
