-- Why a transaction is no regular passage, and how a visit ended. A visit is known by its first passage from now on: its
-- number may be absent or wrong, and a plate comes again. Lanes that have sent events already get their facts again.
-- depends: 0017_reefers

ALTER TABLE gate_transaction ADD COLUMN reason text;
DROP INDEX gate_transaction_visit;

ALTER TABLE truck_visit
    ADD COLUMN lane       text,
    ADD COLUMN passed_at  timestamptz,
    ADD COLUMN confidence double precision,
    ADD COLUMN reason     text,
    ADD COLUMN brought    text[],
    ADD COLUMN taken      text[],
    ADD COLUMN trouble    boolean NOT NULL DEFAULT false;
UPDATE truck_visit SET lane = coalesce(CASE WHEN entered_at IS NULL THEN lane_out ELSE lane_in END, ''),
                       passed_at = coalesce(entered_at, left_at);
DELETE FROM truck_visit WHERE passed_at IS NULL;
DELETE FROM truck_visit one USING truck_visit other
WHERE (one.terminal, one.lane, one.passed_at) = (other.terminal, other.lane, other.passed_at) AND one.visit < other.visit;
ALTER TABLE truck_visit DROP CONSTRAINT truck_visit_pkey;
ALTER TABLE truck_visit ADD PRIMARY KEY (terminal, lane, passed_at);

CREATE OR REPLACE VIEW v_gate_transaction AS
SELECT d.terminal, d.device, g.entered_at, g.opened_at, g.left_at, g.direction, g.visit, g.plate, g.trouble,
       g.container_ids, g.gross_weight_kg, g.device_id, g.reason
FROM gate_transaction g JOIN device d USING (device_id);

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'gate'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

CREATE OR REPLACE VIEW v_truck_visit AS
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out, reason, confidence, lane, passed_at,
       brought, taken, trouble
FROM truck_visit;
