-- Partial locks of cranes: twistlocks that are neither locked nor unlocked for long.
-- depends: 0012_fact_notifications

CREATE TABLE crane_partial_lock (
    device_id integer NOT NULL,
    began_at  timestamptz NOT NULL,
    ended_at  timestamptz,       -- NULL while it lasts
    load_t    double precision,  -- the largest meanwhile
    airborne  boolean NOT NULL,  -- whether the spreader hung in the air meanwhile
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX crane_partial_lock_ended_at ON crane_partial_lock (ended_at DESC);

CREATE VIEW v_crane_partial_lock AS
SELECT d.terminal, d.device, p.began_at, p.ended_at, p.load_t, p.airborne, d.type, p.device_id
FROM crane_partial_lock p JOIN device d USING (device_id);
