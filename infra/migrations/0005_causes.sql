-- What became of a device's samples and values, by cause; the sums stand in device_count.
-- depends: 0004_recompute

CREATE TABLE device_cause_count (
    device_id integer NOT NULL,
    fate      text NOT NULL,    -- out_of_range or quarantined
    cause     text NOT NULL,    -- the signal, or the reason
    count     bigint NOT NULL,
    PRIMARY KEY (device_id, fate, cause)
) WITH (fillfactor = 70);

CREATE VIEW v_device_count AS
SELECT d.terminal, d.stream, d.device, n.samples_received, n.stored, n.duplicate, n.late, n.out_of_range,
       n.unknown_keys, n.quarantined, n.seq_gaps, n.last_time, n.last_received_at, n.device_id
FROM device_count n JOIN device d USING (device_id);

CREATE VIEW v_device_cause_count AS
SELECT d.terminal, d.stream, d.device, c.fate, c.cause, c.count, c.device_id
FROM device_cause_count c JOIN device d USING (device_id);
