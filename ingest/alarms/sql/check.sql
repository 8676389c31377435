-- name: waiting
-- Facts from which alarms wait to be derived, and since when.
SELECT fact, min(since) AS since FROM alarm_note WHERE terminal = $1 AND due_at <= now() GROUP BY fact;
