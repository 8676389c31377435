-- Vehicles of horizontal transport: samples, trips, charging sessions; live clients learn of new ones.
-- depends: 0014_tandem

CREATE TABLE vehicle_telemetry (
    time          timestamptz NOT NULL,
    device_id     integer NOT NULL,
    seq           bigint NOT NULL DEFAULT 0,
    received_at   timestamptz NOT NULL,
    boot          text,
    position_x_m  double precision,
    position_y_m  double precision,
    heading_deg   double precision,
    speed_mps     double precision,
    laden         boolean,
    container_ids text[],
    battery_pct   double precision,
    charging      boolean,
    power_kw      double precision,
    energy_kwh    double precision,
    state         text,
    job_id        text,
    zone          text,
    extra         jsonb,
    UNIQUE (device_id, time, seq)
);
DO $$ BEGIN PERFORM create_hypertable('vehicle_telemetry', 'time', chunk_time_interval => interval '6 hours',
                         create_default_indexes => false); END $$;

CREATE TABLE vehicle_trip (
    device_id     integer NOT NULL,
    began_at      timestamptz NOT NULL,
    ended_at      timestamptz NOT NULL,
    served_at     timestamptz,
    from_zone     text,
    to_zone       text,
    from_x_m      double precision,
    from_y_m      double precision,
    to_x_m        double precision,
    to_y_m        double precision,
    laden         boolean,
    distance_m    double precision,
    energy_kwh    double precision,
    container_ids text[],
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX vehicle_trip_ended_at ON vehicle_trip (ended_at DESC);

CREATE TABLE vehicle_charge (
    device_id        integer NOT NULL,
    began_at         timestamptz NOT NULL,
    ended_at         timestamptz,
    battery_from_pct double precision,
    battery_to_pct   double precision,
    energy_kwh       double precision,
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX vehicle_charge_began_at ON vehicle_charge (began_at DESC);

CREATE VIEW v_vehicle AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       t.position_x_m, t.position_y_m, t.heading_deg, t.speed_mps, t.laden, t.container_ids, t.battery_pct, t.charging,
       t.power_kw, t.energy_kwh, t.state, t.job_id, t.zone, t.boot, t.extra, t.device_id
FROM vehicle_telemetry t JOIN device d USING (device_id);

CREATE VIEW v_vehicle_trip AS
SELECT d.terminal, d.device, v.began_at, v.ended_at, v.from_zone, v.to_zone, v.laden, v.distance_m,
       extract(epoch FROM v.ended_at - v.began_at)::double precision AS duration_s, v.energy_kwh, v.container_ids,
       v.served_at, v.from_x_m, v.from_y_m, v.to_x_m, v.to_y_m, d.type, v.device_id
FROM vehicle_trip v JOIN device d USING (device_id);

CREATE VIEW v_vehicle_charge AS
SELECT d.terminal, d.device, c.began_at, c.ended_at, c.battery_from_pct, c.battery_to_pct, c.energy_kwh, d.type,
       c.device_id
FROM vehicle_charge c JOIN device d USING (device_id);

CREATE TRIGGER notify AFTER INSERT OR DELETE ON vehicle_trip
    FOR EACH ROW EXECUTE FUNCTION notify_device_fact();
CREATE TRIGGER notify_update AFTER UPDATE ON vehicle_trip
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION notify_device_fact();

CREATE TRIGGER notify AFTER INSERT OR DELETE ON vehicle_charge
    FOR EACH ROW EXECUTE FUNCTION notify_device_fact();
CREATE TRIGGER notify_update AFTER UPDATE ON vehicle_charge
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION notify_device_fact();
