-- Columns of appointments: `appointments`; ingest/recompute/appointments.py fills them in. $1 terminals, $2 numbers.

-- name: next
SELECT terminal, appointment FROM recompute_appointments ORDER BY terminal, appointment LIMIT $1;

-- name: take
DELETE FROM recompute_appointments WHERE terminal = $1 AND appointment = $2;

-- name: expected
-- Boxes with one appointment come on one truck: the latest time counts, also where a number is used once more.
SELECT terminal, appointment, max(expected_at) AS expected FROM container_announcement
JOIN unnest($1::text[], $2::text[]) AS number (terminal, appointment) USING (terminal, appointment)
WHERE expected_at IS NOT NULL GROUP BY terminal, appointment;

-- name: arrivals
SELECT d.terminal, g.appointment, d.device AS lane, coalesce(g.queued_at, g.entered_at) AS arrived,
       CASE WHEN g.reason = 'exit_unseen' THEN g.opened_at ELSE g.left_at END AS passed
FROM unnest($1::text[], $2::text[]) AS number (terminal, appointment)
JOIN gate_transaction g ON g.appointment = number.appointment AND g.direction = 'in'
JOIN device d ON d.device_id = g.device_id AND d.terminal = number.terminal
WHERE CASE WHEN g.reason = 'exit_unseen' THEN g.opened_at ELSE g.left_at END IS NOT NULL;

-- name: stored
SELECT {appointments} FROM truck_appointment
JOIN unnest($1::text[], $2::text[]) AS number (terminal, appointment) USING (terminal, appointment);

-- name: all
-- Numbers of terminals, $1, that are stored or announced, without those that wait to be made.
SELECT terminal, appointment FROM (
    SELECT terminal, appointment FROM truck_appointment WHERE terminal = ANY($1::text[])
    UNION
    SELECT terminal, appointment FROM container_announcement
    WHERE terminal = ANY($1::text[]) AND appointment IS NOT NULL AND expected_at IS NOT NULL
) one
WHERE NOT EXISTS (
    SELECT FROM recompute_appointments r WHERE r.terminal = one.terminal AND r.appointment = one.appointment
)
ORDER BY terminal, appointment;
