-- name: upsert
-- Many at once; the members of each as one text, since arrays of arrays must be rectangular.
INSERT INTO alarm (terminal, alarm, subject, severity, began_at, raised_at, cleared_at, members)
SELECT t, a, s, v, b, r, c, string_to_array(m, ',') FROM unnest($1::text[], $2::text[], $3::text[], $4::text[],
    $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::text[]) x (t, a, s, v, b, r, c, m)
ON CONFLICT (terminal, alarm, subject, raised_at) DO UPDATE SET severity = excluded.severity,
    began_at = excluded.began_at, cleared_at = excluded.cleared_at, members = excluded.members;

-- name: due
-- One row a subject, however often it is derived: $1 terminal, $2 condition, $3 subjects, $4 when something is to change.
INSERT INTO alarm_due AS d (terminal, alarm, subject, due_at)
SELECT $1, $2, * FROM unnest($3::text[], $4::timestamptz[])
ON CONFLICT (terminal, alarm, subject) DO UPDATE SET due_at = excluded.due_at WHERE d.due_at <> excluded.due_at;
