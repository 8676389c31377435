-- name: stage
CREATE TEMP TABLE IF NOT EXISTS {stage} (LIKE {table}) ON COMMIT DELETE ROWS;

-- name: clear
DELETE FROM {stage};

-- name: insert
INSERT INTO {table} SELECT * FROM {stage} ON CONFLICT DO NOTHING;

-- name: insert_telling
WITH written AS (INSERT INTO {table} SELECT * FROM {stage} ON CONFLICT DO NOTHING RETURNING device_id, time, seq)
SELECT device_id, (extract(epoch FROM time) * 1000000)::bigint AS time_us, seq FROM written;

-- name: quarantine
INSERT INTO quarantine (received_at, topic, payload, reason, detail, terminal, stream, device, digest)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
WHERE NOT ($10 AND EXISTS (SELECT 1 FROM quarantine WHERE digest = $9));

-- name: status
INSERT INTO device_status (device_id, online, at) VALUES ($1, $2, $3)
ON CONFLICT (device_id) DO UPDATE SET online = excluded.online, at = excluded.at;

-- name: call
INSERT INTO vessel_call (terminal, call_id, payload, received_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (terminal, call_id) DO UPDATE SET payload = excluded.payload, received_at = excluded.received_at;

-- name: count
INSERT INTO device_count AS c (device_id, samples_received, stored, duplicate, late, out_of_range, unknown_keys,
                               quarantined, seq_gaps, last_time, last_received_at)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                     $8::bigint[], $9::bigint[], $10::timestamptz[], $11::timestamptz[])
ON CONFLICT (device_id) DO UPDATE SET
    samples_received = c.samples_received + excluded.samples_received,
    stored           = c.stored + excluded.stored,
    duplicate        = c.duplicate + excluded.duplicate,
    late             = c.late + excluded.late,
    out_of_range     = c.out_of_range + excluded.out_of_range,
    unknown_keys     = c.unknown_keys + excluded.unknown_keys,
    quarantined      = c.quarantined + excluded.quarantined,
    seq_gaps         = c.seq_gaps + excluded.seq_gaps,
    last_time        = greatest(c.last_time, excluded.last_time),
    last_received_at = greatest(c.last_received_at, excluded.last_received_at);

-- name: crane_move
INSERT INTO crane_move (device_id, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m,
                        to_trolley_m, gantry_m, peak_load_t, size_ft, twin, inferred)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (device_id, locked_at) DO UPDATE SET
    lifted_at = excluded.lifted_at, landed_at = excluded.landed_at, unlocked_at = excluded.unlocked_at,
    kind = excluded.kind, boxes = excluded.boxes, teu = excluded.teu, from_trolley_m = excluded.from_trolley_m,
    to_trolley_m = excluded.to_trolley_m, gantry_m = excluded.gantry_m, peak_load_t = excluded.peak_load_t,
    size_ft = excluded.size_ft, twin = excluded.twin, inferred = excluded.inferred;

-- name: retract_move
DELETE FROM crane_move WHERE device_id = $1 AND locked_at = $2;

-- name: gate_transaction
INSERT INTO gate_transaction (device_id, entered_at, opened_at, left_at, direction, visit, plate, trouble,
                              container_ids, gross_weight_kg)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (device_id, entered_at) DO UPDATE SET
    opened_at = excluded.opened_at, left_at = excluded.left_at, direction = excluded.direction,
    visit = excluded.visit, plate = excluded.plate, trouble = excluded.trouble,
    container_ids = excluded.container_ids, gross_weight_kg = excluded.gross_weight_kg;

-- name: truck_visit
INSERT INTO truck_visit AS v (terminal, visit, plate, entered_at, left_at, lane_in, lane_out)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (terminal, visit) DO UPDATE SET
    plate = coalesce(excluded.plate, v.plate), entered_at = coalesce(excluded.entered_at, v.entered_at),
    left_at = coalesce(excluded.left_at, v.left_at), lane_in = coalesce(excluded.lane_in, v.lane_in),
    lane_out = coalesce(excluded.lane_out, v.lane_out);

-- name: reefer_excursion
INSERT INTO reefer_excursion (device_id, probe, began_at, ended_at, container_id, setpoint_degc, worst_degc)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (device_id, probe, began_at) DO UPDATE SET
    ended_at = excluded.ended_at, container_id = excluded.container_id, setpoint_degc = excluded.setpoint_degc,
    worst_degc = excluded.worst_degc;

-- name: kpi_sample
INSERT INTO kpi_sample (time, terminal, kpi, subject, "window", value)
SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[])
ON CONFLICT (terminal, kpi, subject, "window", time) DO UPDATE SET value = excluded.value;
