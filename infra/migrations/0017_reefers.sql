-- Reefers: spans in which a box was on a plug without power, and gaps in the reports about one.
-- Reefers that have sent samples already get their facts again, with these among them.
-- depends: 0016_containers

CREATE TABLE reefer_off_power (
    device_id    integer NOT NULL,
    began_at     timestamptz NOT NULL,
    ended_at     timestamptz,  -- NULL while it lasts
    container_id text,
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX reefer_off_power_began_at ON reefer_off_power (began_at DESC);

CREATE TABLE reefer_silence (
    device_id    integer NOT NULL,
    began_at     timestamptz NOT NULL,  -- last sample before it
    ended_at     timestamptz NOT NULL,  -- first sample after it
    container_id text,
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX reefer_silence_began_at ON reefer_silence (began_at DESC);

CREATE VIEW v_reefer_off_power AS
SELECT d.terminal, d.device, p.container_id, p.began_at, p.ended_at, p.device_id
FROM reefer_off_power p JOIN device d USING (device_id);

CREATE VIEW v_reefer_silence AS
SELECT d.terminal, d.device, s.container_id, s.began_at, s.ended_at, s.device_id
FROM reefer_silence s JOIN device d USING (device_id);

-- Two look-ups by index a device, which close no table to ingest: a batch with late samples of a reefer waits for its row
-- of recompute_facts until this is committed.
INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'reefer'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

INSERT INTO recompute_kpis AS r (terminal, fact, subject, since)
SELECT d.terminal, made.fact, d.terminal, min(f.first)
FROM recompute_facts f JOIN device d USING (device_id),
     (VALUES ('excursion'), ('off_power'), ('silence'), ('running')) made (fact)
WHERE d.stream = 'reefer'
GROUP BY d.terminal, made.fact
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);
