-- name: used
SELECT device_id, rules::text FROM crane_rules WHERE device_id = ANY($1::int[]) ORDER BY device_id FOR UPDATE;

-- name: use
INSERT INTO crane_rules (device_id, rules) VALUES ($1, $2)
ON CONFLICT (device_id) DO UPDATE SET rules = excluded.rules;

-- name: mark_facts
-- From the first stored sample on at the earliest; a crane that has sent nothing has no facts.
INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT $1, greatest($2, f.time), coalesce($3, l.time)
FROM (SELECT time FROM {table} WHERE device_id = $1 ORDER BY time LIMIT 1) f,
     (SELECT time FROM {table} WHERE device_id = $1 ORDER BY time DESC LIMIT 1) l
WHERE greatest($2, f.time) <= coalesce($3, l.time)
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);
