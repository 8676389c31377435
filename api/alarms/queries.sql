-- name: alarms
-- $1 terminal or null, $2 from, $3 to, $4 active or null, $5 acknowledged or null, $6 severities or null,
-- $7 which or null, $8 limit: those that touch the span; where only active ones are asked for, whenever they began.
SELECT {selected} FROM v_alarm
WHERE ($1::text IS NULL OR terminal = $1) AND raised_at < $3
  AND coalesce(cleared_at, 'infinity') >= $2 AND ($4::boolean IS NULL OR (cleared_at IS NULL) = $4)
  AND ($5::boolean IS NULL OR (acknowledged_at IS NOT NULL) = $5)
  AND ($6::text[] IS NULL OR severity = ANY($6)) AND ($7::text IS NULL OR alarm = $7)
ORDER BY raised_at DESC, terminal, alarm, subject
LIMIT $8;

-- name: alarm
-- $1 terminal, $2 alarm, $3 subject, $4 when it was raised; where it was recomputed since: the one that this time is in.
SELECT {selected} FROM v_alarm
WHERE terminal = $1 AND alarm = $2 AND subject = $3 AND $4 BETWEEN began_at AND coalesce(cleared_at, 'infinity')
ORDER BY raised_at = $4 DESC, raised_at DESC LIMIT 1;

-- name: newest
SELECT raised_at FROM alarm WHERE terminal = $1 AND alarm = $2 AND subject = $3 ORDER BY raised_at DESC LIMIT 1;

-- name: acts
-- Of an alarm: those within its span, and shelves of its name and subject. $4 when it began, $5 when it was cleared.
SELECT act, by, at, until, remark FROM alarm_act
WHERE terminal = $1 AND alarm = $2 AND subject = $3
  AND (act IN ('shelve', 'unshelve') OR raised_at BETWEEN $4 AND coalesce($5::timestamptz, 'infinity'))
ORDER BY id DESC LIMIT 1000;

-- name: act
INSERT INTO alarm_act (terminal, alarm, subject, raised_at, act, by, until, remark)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: selected
id, terminal, alarm, subject, severity, began_at, raised_at, cleared_at, acknowledged_at, acknowledged_by,
shelved_until, shelved_by, members
