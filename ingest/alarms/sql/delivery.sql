-- name: begin
-- A new receiver gets what happens from now on.
INSERT INTO alarm_receiver (receiver, event) SELECT $1, coalesce(max(id), 0) FROM alarm_event
ON CONFLICT (receiver) DO UPDATE SET event = alarm_receiver.event RETURNING event;

-- name: next
-- Each with the alarm of its name and subject that is active now: null where there is none.
SELECT e.id, e.terminal, e.alarm, e.subject, e.payload, a.severity, a.began_at, a.raised_at, a.members
FROM (
    SELECT * FROM alarm_event
    WHERE id > $1 AND ($2::text IS NULL OR terminal = $2) AND severity = ANY($3::text[]) ORDER BY id LIMIT $4
) e
LEFT JOIN LATERAL (
    SELECT * FROM alarm x WHERE (x.terminal, x.alarm, x.subject) = (e.terminal, e.alarm, e.subject)
      AND x.cleared_at IS NULL ORDER BY x.raised_at DESC LIMIT 1
) a ON true
ORDER BY e.id;

-- name: delivered
UPDATE alarm_receiver SET event = $2 WHERE receiver = $1;

-- name: topics
-- What the broker may still have of the last day, and what is active: null where it is not.
SELECT t.terminal, t.alarm, t.subject, a.severity, a.began_at, a.raised_at, a.members
FROM (
    SELECT terminal, alarm, subject FROM alarm_event WHERE at > now() - interval '1 day'
    UNION SELECT terminal, alarm, subject FROM alarm WHERE cleared_at IS NULL
) t
LEFT JOIN LATERAL (
    SELECT * FROM alarm x WHERE (x.terminal, x.alarm, x.subject) = (t.terminal, t.alarm, t.subject)
      AND x.cleared_at IS NULL ORDER BY x.raised_at DESC LIMIT 1
) a ON true;
