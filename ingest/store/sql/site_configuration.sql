-- name: note
INSERT INTO site_used (terminal, decisions) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: used
SELECT terminal, decisions::text FROM site_used FOR UPDATE;

-- name: use
INSERT INTO site_used (terminal, decisions) VALUES ($1, $2)
ON CONFLICT (terminal) DO UPDATE SET decisions = excluded.decisions;

-- name: first_sample
SELECT min(time) FROM kpi_sample WHERE terminal = $1;

-- name: mark_kpis
INSERT INTO recompute_kpis AS r (terminal, fact, subject, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);

-- name: note_alarms
INSERT INTO alarm_note (terminal, fact, devices, since)
SELECT $1, fact, '{}', '2000-01-01' FROM unnest($2::text[]) f (fact);
