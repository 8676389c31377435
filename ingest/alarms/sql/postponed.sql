-- name: put
-- $1 terminal, $2 condition, $3 since when of all or null, $4 subjects, $5 since when of each, $6 how long it waits.
INSERT INTO alarm_postponed (terminal, alarm, everyone, subjects, sinces, waits, retry_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $6);

-- name: take
-- One at a time: it took long before.
DELETE FROM alarm_postponed WHERE id = (
    SELECT id FROM alarm_postponed WHERE retry_at <= now() ORDER BY retry_at, id LIMIT 1
) RETURNING terminal, alarm, everyone, subjects, sinces, waits;

-- name: limit
-- Until the end of the transaction, in which nothing else is derived.
SELECT set_config('statement_timeout', $1, true);
