-- What decides over causes of delays besides signals.

-- name: places
-- $1 terminal, $2 cranes, $3 from, $4 until: where each crane stood at its last move in (from, until], in order
SELECT p.gantry_m
FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) WITH ORDINALITY AS n (crane, since, until, number)
LEFT JOIN LATERAL (
    SELECT m.gantry_m FROM crane_move m JOIN device d USING (device_id)
    WHERE d.terminal = $1 AND d.stream = 'crane' AND d.device = n.crane
      AND m.unlocked_at > n.since AND m.unlocked_at <= n.until AND m.gantry_m IS NOT NULL
    ORDER BY m.unlocked_at DESC, m.locked_at DESC LIMIT 1
) p ON true
ORDER BY n.number;

-- name: trips
-- $1 terminal, $2 from, $3 until: trips of its vehicles that touch a span. Trips of a vehicle do not overlap: besides
-- those that began in a span it can be only the last one before
SELECT {columns}
FROM (
    SELECT t.*
    FROM unnest($2::timestamptz[], $3::timestamptz[]) AS n (since, until)
    JOIN device d ON d.terminal = $1 AND d.stream = 'vehicle'
    CROSS JOIN LATERAL (
        SELECT * FROM vehicle_trip t WHERE t.device_id = d.device_id AND t.began_at > n.since AND t.began_at <= n.until
        UNION ALL
        SELECT * FROM (
            SELECT * FROM vehicle_trip t WHERE t.device_id = d.device_id AND t.began_at <= n.since
            ORDER BY t.began_at DESC LIMIT 1
        ) last WHERE last.ended_at > n.since
    ) t
) s;
