-- name: bounds
-- Device by device, for want of an index by time alone.
SELECT min(a.time), max(z.time) FROM device d
CROSS JOIN LATERAL (SELECT time FROM {table} s WHERE s.device_id = d.device_id ORDER BY time LIMIT 1) a
CROSS JOIN LATERAL (SELECT time FROM {table} s WHERE s.device_id = d.device_id ORDER BY time DESC LIMIT 1) z
WHERE d.stream = $1;

-- name: marked
SELECT device_id, first, last FROM recompute_facts ORDER BY first, device_id;

-- name: waiting
SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)
     + (SELECT count(*) FROM recompute_visits)
     + (SELECT count(*) FROM recompute_events)
     + (SELECT count(*) FROM recompute_containers WHERE retry_at IS NULL OR retry_at <= now())
     + (SELECT count(*) FROM recompute_appointments)
     + (SELECT count(*) FROM treatment_waiting)
     + (SELECT count(*) FROM alarm_note)
     + (SELECT count(*) FROM alarm_postponed WHERE retry_at <= now());

-- name: rest
SELECT (SELECT count(*) FROM recompute_facts), (SELECT min(since) FROM recompute_kpis);

-- name: mark_facts
INSERT INTO recompute_facts AS r (device_id, first, last) VALUES ($1, $2, $3)
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

-- name: mark_kpis
INSERT INTO recompute_kpis AS r (terminal, fact, subject, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);

-- name: mark_alarms
INSERT INTO alarm_note (terminal, fact, devices, since)
SELECT t.terminal, f.fact, '{}', $3 FROM unnest($1::text[]) t (terminal), unnest($2::text[]) f (fact);

-- name: kpi_samples
SELECT kpi, "window", time, value, state FROM kpi_sample
WHERE terminal = $1 AND subject = $2 AND kpi = ANY($3::text[]) AND time >= $4 AND time <= $5;

-- name: last_minute
SELECT max(time) FROM kpi_sample WHERE terminal = $1;

-- name: subjects_with_samples
SELECT DISTINCT subject FROM kpi_sample
WHERE terminal = $1 AND subject = ANY($2::text[]) AND time >= $3 AND time <= $4;
