-- Energy that devices take from the grid, by quarters of an hour. Cranes, reefers and vehicles that have sent samples
-- already get their facts again, with these among them; KPIs follow.
-- depends: 0019_treatments

CREATE TABLE energy_use (
    device_id  integer NOT NULL,
    began_at   timestamptz NOT NULL,  -- a quarter of an hour, by UTC
    ended_at   timestamptz NOT NULL,
    equipment  text NOT NULL,  -- crane, reefer or vehicle
    energy_kwh double precision NOT NULL,
    measured_s integer NOT NULL,  -- how long of the quarter it is known
    PRIMARY KEY (device_id, ended_at)
);
CREATE INDEX energy_use_ended_at ON energy_use (ended_at DESC);

CREATE VIEW v_energy_use AS
SELECT d.terminal, d.device, e.began_at, e.ended_at, e.equipment, e.energy_kwh, e.measured_s, e.device_id
FROM energy_use e JOIN device d USING (device_id);

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES ('crane', 'crane_telemetry'), ('reefer', 'reefer_telemetry'),
                                     ('vehicle', 'vehicle_telemetry')) streams (stream, samples)
    LOOP
        EXECUTE format(
            'INSERT INTO recompute_facts AS r (device_id, first, last)
             SELECT d.device_id, oldest.time, newest.time FROM device d
             CROSS JOIN LATERAL (SELECT time FROM %1$I t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) oldest
             CROSS JOIN LATERAL (SELECT time FROM %1$I t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
             WHERE d.stream = %2$L
             ON CONFLICT (device_id) DO UPDATE
                 SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last)',
            one.samples, one.stream);
    END LOOP;
END $$;
