-- name: upsert
-- Many at once; the members of each as one text, since arrays of arrays must be rectangular.
INSERT INTO alarm (terminal, alarm, subject, severity, began_at, raised_at, cleared_at, members)
SELECT t, a, s, v, b, r, c, string_to_array(m, ',') FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
    $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::text[]) x (t, a, s, v, b, r, c, m)
ON CONFLICT (terminal, alarm, subject, raised_at) DO UPDATE SET severity = excluded.severity,
    began_at = excluded.began_at, cleared_at = excluded.cleared_at, members = excluded.members;

-- name: note
INSERT INTO alarm_note (due_at, terminal, fact, devices, since) VALUES ($1, $2, $3, $4, $5);
