-- name: plans
-- A plan that is made without knowing the devices compares each row with each of thousands, one after the other.
SET LOCAL plan_cache_mode = force_custom_plan;

-- name: notes
-- A terminal's facts that changed are derived from together, however many notes there are of them.
SELECT id, terminal, fact, devices, since FROM alarm_note ORDER BY id LIMIT 1000;

-- name: due
-- What time brings: $1 terminals, $2 how far time has gone there.
DELETE FROM alarm_due d USING unnest($1::text[], $2::timestamptz[]) t (terminal, reached_at)
WHERE d.terminal = t.terminal AND d.due_at <= t.reached_at
RETURNING d.terminal, d.alarm, d.subject, d.due_at;

-- name: next
-- Whether notes are left, and how long it is until something is due. [s]
SELECT EXISTS (SELECT FROM alarm_note) AS notes, (
    SELECT extract(epoch FROM min(d.due_at - t.reached_at))::float8 FROM alarm_due d
    JOIN unnest($1::text[], $2::timestamptz[]) t (terminal, reached_at) USING (terminal)
) AS due_s;

-- name: reached
INSERT INTO alarm_time (terminal, reached_at) SELECT * FROM unnest($1::text[], $2::timestamptz[])
ON CONFLICT (terminal) DO UPDATE SET reached_at = greatest(alarm_time.reached_at, excluded.reached_at);

-- name: times
-- How far time has gone: as far as alarms were derived, and as samples are stored, but not beyond the clock.
SELECT terminal, max(reached_at) AS reached_at FROM (
    SELECT terminal, reached_at FROM alarm_time
    UNION ALL SELECT d.terminal, least(max(c.last_time), now()) FROM device_count c JOIN device d USING (device_id) GROUP BY d.terminal
) one
WHERE reached_at IS NOT NULL GROUP BY terminal;

-- name: settled
DELETE FROM alarm_note WHERE id = ANY($1::bigint[]);

-- name: acts
UPDATE alarm_act SET reported = true WHERE id IN (SELECT id FROM alarm_act WHERE NOT reported ORDER BY id LIMIT 500)
RETURNING id, terminal, alarm, subject, raised_at, act, by, at, until, remark;

-- name: of_act
SELECT severity, began_at, raised_at, cleared_at, members FROM alarm
WHERE terminal = $1 AND alarm = $2 AND subject = $3 AND $4 BETWEEN began_at AND coalesce(cleared_at, 'infinity')
ORDER BY raised_at DESC LIMIT 1;

-- name: forget
DELETE FROM alarm_event WHERE at < now() - interval '30 days';
