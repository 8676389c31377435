-- name: now
SELECT clock_timestamp();

-- name: due
-- Notes that are due; a terminal's facts that changed are derived from at once, however many notes there are of them.
SELECT id, terminal, fact, devices, since FROM alarm_note WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1000;

-- name: next
SELECT min(due_at) FROM alarm_note;

-- name: settled
DELETE FROM alarm_note WHERE id = ANY($1::bigint[]);


-- name: events
INSERT INTO alarm_event (terminal, alarm, subject, severity, payload)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]);

-- name: acts
UPDATE alarm_act SET reported = true WHERE id IN (SELECT id FROM alarm_act WHERE NOT reported ORDER BY id LIMIT 500)
RETURNING id, terminal, alarm, subject, raised_at, act, by, at, until, remark;

-- name: of_act
SELECT severity, began_at, raised_at, cleared_at, members FROM alarm
WHERE terminal = $1 AND alarm = $2 AND subject = $3 AND $4 BETWEEN began_at AND coalesce(cleared_at, 'infinity')
ORDER BY raised_at DESC LIMIT 1;

-- name: forget
DELETE FROM alarm_event WHERE at < now() - interval '30 days';
