-- name: first
SELECT min(time) FROM {table};

-- name: waiting
SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis);

-- name: mark_facts
INSERT INTO recompute_facts AS r (device_id, first, last) VALUES ($1, $2, $3)
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

-- name: mark_kpis
INSERT INTO recompute_kpis AS r (terminal, fact, subject, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);

-- name: kpi_samples
SELECT kpi, "window", time, value, state FROM kpi_sample
WHERE terminal = $1 AND subject = $2 AND kpi = ANY($3::text[]) AND time >= $4 AND time <= $5;

-- name: last_minute
SELECT max(time) FROM kpi_sample WHERE terminal = $1;
