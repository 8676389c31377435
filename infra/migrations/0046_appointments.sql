-- Appointments of trucks: which one a truck named in a lane, and what became of each that was announced. Facts of lanes are
-- made again; where they name an appointment, it is made too.
-- depends: 0045_container_stays

ALTER TABLE gate_transaction ADD COLUMN appointment text;
CREATE INDEX gate_transaction_appointment ON gate_transaction (appointment) WHERE appointment IS NOT NULL;
CREATE INDEX container_announcement_appointment ON container_announcement (terminal, appointment)
    WHERE appointment IS NOT NULL;

CREATE OR REPLACE VIEW v_gate_transaction AS
SELECT d.terminal, d.device, g.entered_at, g.opened_at, g.left_at, g.direction, g.visit, g.plate, g.trouble,
       g.container_ids, g.gross_weight_kg, g.device_id, g.reason, g.queued_at, g.plate_read, g.appointment
FROM gate_transaction g JOIN device d USING (device_id);

CREATE TABLE truck_appointment (
    terminal    text NOT NULL,
    appointment text NOT NULL,
    expected_at timestamptz NOT NULL,
    arrived_at  timestamptz,
    lane        text,
    settled_at  timestamptz NOT NULL,
    outcome     text NOT NULL,
    PRIMARY KEY (terminal, appointment)
);
CREATE INDEX truck_appointment_settled_at ON truck_appointment (terminal, settled_at);

CREATE VIEW v_truck_appointment AS
SELECT terminal, appointment, expected_at, arrived_at, lane, settled_at,
       CASE WHEN arrived_at IS NULL AND settled_at > now() THEN 'expected' ELSE outcome END AS outcome
FROM truck_appointment;

-- Appointments that are to be made again.
CREATE TABLE recompute_appointments (
    terminal    text NOT NULL,
    appointment text NOT NULL,
    PRIMARY KEY (terminal, appointment)
);

CREATE FUNCTION note_announced_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.appointment IS NOT NULL THEN
        INSERT INTO recompute_appointments VALUES (OLD.terminal, OLD.appointment) ON CONFLICT (terminal, appointment) DO UPDATE SET appointment = excluded.appointment;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.appointment IS NOT NULL THEN
        INSERT INTO recompute_appointments VALUES (NEW.terminal, NEW.appointment) ON CONFLICT (terminal, appointment) DO UPDATE SET appointment = excluded.appointment;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_appointment AFTER INSERT OR UPDATE OR DELETE ON container_announcement
    FOR EACH ROW EXECUTE FUNCTION note_announced_appointment();

CREATE FUNCTION note_named_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.appointment IS NOT NULL THEN
        INSERT INTO recompute_appointments SELECT terminal, OLD.appointment FROM device WHERE device_id = OLD.device_id
        ON CONFLICT (terminal, appointment) DO UPDATE SET appointment = excluded.appointment;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.appointment IS NOT NULL THEN
        INSERT INTO recompute_appointments SELECT terminal, NEW.appointment FROM device WHERE device_id = NEW.device_id
        ON CONFLICT (terminal, appointment) DO UPDATE SET appointment = excluded.appointment;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER note_appointment AFTER INSERT OR UPDATE OR DELETE ON gate_transaction
    FOR EACH ROW EXECUTE FUNCTION note_named_appointment();

INSERT INTO recompute_appointments
SELECT DISTINCT terminal, appointment FROM container_announcement WHERE appointment IS NOT NULL;

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM gate_event e WHERE e.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'gate'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);
