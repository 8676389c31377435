-- name: transactions
-- Those that began in a span, newest first: $1 terminal or null, $2 lane or null, $3 from, $4 to, $5 limit.
SELECT {selected} FROM (SELECT d.terminal, d.device, g.* FROM gate_transaction g JOIN device d USING (device_id)) f
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR device = $2) AND entered_at >= $3 AND entered_at < $4
ORDER BY entered_at DESC, terminal, device
LIMIT $5;
