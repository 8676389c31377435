-- name: treatments
-- $1 terminal or null, $2 container or null, $3 limit
SELECT terminal, container_id, schedule, began_at, corrections_degc, announced_at, entries, head,
       followed = entries AND logged_from <= began_at AS up_to_date
FROM treatment WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR container_id = $2)
ORDER BY announced_at DESC, terminal, container_id LIMIT $3;

-- name: runs
-- $1 terminals, $2 containers, of each pair those of its treatment as it was announced last.
SELECT terminal, container_id, {selected} FROM {runs} r
WHERE (terminal, container_id) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND began_at >= (
    SELECT began_at FROM treatment t WHERE t.terminal = r.terminal AND t.container_id = r.container_id)
ORDER BY r.began_at;

-- name: announce
-- $1 terminal, $2 container, $3 schedule, $4 beginning, $5 corrections, $6 end. Rows that were stored while nobody
-- followed the one before are not in the log yet.
INSERT INTO treatment AS t (terminal, container_id, schedule, began_at, corrections_degc, until_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (terminal, container_id) DO UPDATE SET
    schedule = excluded.schedule, began_at = excluded.began_at, corrections_degc = excluded.corrections_degc,
    until_at = excluded.until_at, announced_at = now(), followed = -1,
    logged_from = CASE WHEN t.until_at >= excluded.until_at OR t.until_at > now() THEN t.logged_from END;
