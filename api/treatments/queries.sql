-- name: treatments
-- $1 terminal or null, $2 container or null, $3 limit; those that are withdrawn behind the others.
SELECT terminal, container_id, coalesce(a.schedule, t.schedule) AS schedule, coalesce(a.began_at, t.began_at) AS began_at,
       a.corrections_degc AS corrections, t.corrections_degc AS taken_over, coalesce(a.received_at, t.announced_at) AS announced_at,
       coalesce(t.entries, 0) AS entries, coalesce(t.head, '') AS head, p.problem,
       a.received_at = t.announced_at AND p.problem IS NULL AND t.followed = t.entries AND t.logged_from <= t.began_at
           AS up_to_date,
       CASE WHEN a.received_at IS NULL THEN coalesce(t.withdrawn_at, now()) END AS withdrawn_at,
       CASE WHEN a.received_at IS NULL THEN w.asked_by END AS withdrawn_by
FROM treatment_announcement a FULL JOIN treatment t USING (terminal, container_id)
LEFT JOIN treatment_problem p USING (terminal, container_id)
LEFT JOIN LATERAL (
    SELECT asked_by FROM treatment_withdrawal w
    WHERE w.terminal = t.terminal AND w.container_id = t.container_id AND w.asked_at >= t.announced_at
    ORDER BY asked_at DESC LIMIT 1
) w ON true
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR container_id = $2)
ORDER BY a.received_at IS NULL, announced_at DESC, terminal, container_id LIMIT $3;

-- name: runs
-- $1 terminals, $2 containers, of each pair those of its treatment as it was announced last.
SELECT terminal, container_id, {selected} FROM {runs} r
WHERE (terminal, container_id) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND began_at >= (
    SELECT began_at FROM treatment t WHERE t.terminal = r.terminal AND t.container_id = r.container_id)
ORDER BY r.began_at;

-- name: announcement_is
-- $1 terminal, $2 container, $3 payload
SELECT 1 FROM treatment_announcement WHERE terminal = $1 AND container_id = $2 AND payload = $3::jsonb;

-- name: announcement_withdrawn
-- $1 terminal, $2 container
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM treatment_announcement WHERE terminal = $1 AND container_id = $2);

-- name: ask_withdrawal
-- $1 terminal, $2 container, $3 by whom or null; of one that is announced.
INSERT INTO treatment_withdrawal (terminal, container_id, asked_by)
SELECT terminal, container_id, $3 FROM treatment_announcement WHERE terminal = $1 AND container_id = $2;
