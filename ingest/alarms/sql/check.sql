-- name: waiting
-- Facts from which alarms wait to be derived, and since when.
SELECT fact, min(since) AS since FROM alarm_note WHERE terminal = $1 GROUP BY fact;

-- name: waiting_due
-- Conditions of which something waits to be raised or cleared, and since when; time has gone until $2.
SELECT alarm, min(due_at) AS since FROM alarm_due WHERE terminal = $1 AND due_at <= $2 GROUP BY alarm;

-- name: waiting_postponed
-- Conditions of which something took too long to derive and is tried again, and since when.
SELECT alarm, min(least(everyone, (SELECT min(one) FROM unnest(sinces) one))) AS since FROM alarm_postponed
WHERE terminal = $1 GROUP BY alarm;
