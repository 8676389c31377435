-- Times are stored in microseconds and answered in milliseconds: a delay is found by the millisecond in which it began.
-- `selected` is what an answer has of a delay itself.

-- name: delays
-- $1 terminal or null, $2 device or null, $3 from, $4 to, $5 limit; every delay that touches the span. Chosen first:
-- edits are looked up only for those listed
SELECT {selected}, s.cause AS found_cause, e.cause, e.remark, e.edited_by, e.edited_at
FROM (
    SELECT d.terminal, d.device, c.*
    FROM crane_delay c JOIN device d USING (device_id)
    WHERE ($1::text IS NULL OR d.terminal = $1) AND ($2::text IS NULL OR d.device = $2)
      AND c.began_at < $4 AND (c.ended_at IS NULL OR c.ended_at > $3)
    ORDER BY c.began_at DESC, d.terminal, d.device
    LIMIT $5
) s
LEFT JOIN LATERAL (
    SELECT cause, remark, edited_by, edited_at FROM crane_delay_edit x
    WHERE x.device_id = s.device_id AND x.began_at = s.began_at ORDER BY id DESC LIMIT 1
) e ON true
ORDER BY s.began_at DESC, s.terminal, s.device;

-- name: delay
-- $1 device id, $2 beginning, as stored
SELECT {selected}, s.cause AS found_cause, e.cause, e.remark, e.edited_by, e.edited_at
FROM crane_delay s JOIN device d USING (device_id)
LEFT JOIN LATERAL (
    SELECT cause, remark, edited_by, edited_at FROM crane_delay_edit x
    WHERE x.device_id = s.device_id AND x.began_at = s.began_at ORDER BY id DESC LIMIT 1
) e ON true
WHERE s.device_id = $1 AND s.began_at = $2;

-- name: lost_edits
-- $1 terminal or null, $2 device or null, $3 from, $4 to, $5 limit: edits of delays that began in the span and were
-- retracted, with the delay that begins nearest; not where that one was edited later
SELECT d.terminal, d.device, s.began_at, s.cause, s.remark, s.edited_by, s.edited_at, n.began_at AS nearest_began_at
FROM device d
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (x.began_at) x.id, x.began_at, x.cause, x.remark, x.edited_by, x.edited_at
    FROM crane_delay_edit x
    WHERE x.device_id = d.device_id AND x.began_at >= $3 AND x.began_at < $4
    ORDER BY x.began_at, x.id DESC
) s
LEFT JOIN LATERAL (
    SELECT c.began_at FROM crane_delay c
    WHERE c.device_id = d.device_id
      AND c.began_at BETWEEN s.began_at - interval '1 hour' AND s.began_at + interval '1 hour'
    ORDER BY abs(extract(epoch FROM c.began_at - s.began_at)), c.began_at LIMIT 1
) n ON true
WHERE d.stream = 'crane' AND ($1::text IS NULL OR d.terminal = $1) AND ($2::text IS NULL OR d.device = $2)
  AND NOT EXISTS (SELECT FROM crane_delay c WHERE c.device_id = d.device_id AND c.began_at = s.began_at)
  AND NOT EXISTS (
      SELECT FROM crane_delay_edit later
      WHERE later.device_id = d.device_id AND later.began_at = n.began_at AND later.id > s.id)
ORDER BY s.began_at DESC, d.terminal, d.device
LIMIT $5;

-- name: delay_began
-- $1 device id, $2 millisecond
SELECT began_at FROM crane_delay
WHERE device_id = $1 AND began_at >= $2 AND began_at < $2::timestamptz + interval '1 millisecond'
ORDER BY began_at LIMIT 1;

-- name: delay_near
-- $1 device id, $2 time: the delay that begins nearest, within a day
SELECT began_at FROM crane_delay
WHERE device_id = $1 AND began_at BETWEEN $2::timestamptz - interval '1 day' AND $2::timestamptz + interval '1 day'
ORDER BY abs(extract(epoch FROM began_at - $2)), began_at LIMIT 1;

-- name: delay_edits
-- $1 device id, $2 millisecond
SELECT cause, remark, edited_by, edited_at FROM crane_delay_edit
WHERE device_id = $1 AND began_at >= $2 AND began_at < $2::timestamptz + interval '1 millisecond'
ORDER BY id DESC;

-- name: edit_delay
-- $1 device id, $2 beginning, as stored, $3 cause, $4 remark, $5 who; the same edit by the same person is kept once,
-- so that repeating a request after an error changes nothing
INSERT INTO crane_delay_edit (device_id, began_at, cause, remark, edited_by)
SELECT $1, $2, $3, $4, $5
WHERE NOT EXISTS (
    SELECT FROM (
        SELECT cause, remark, edited_by FROM crane_delay_edit
        WHERE device_id = $1 AND began_at = $2 ORDER BY id DESC LIMIT 1
    ) newest
    WHERE newest.cause = $3 AND newest.remark = $4 AND newest.edited_by = $5);

-- name: unstated_delays
-- $1 terminal, $2 device or null, $3 from, $4 to, $5 limit: delays that ended in the span and have no edit
SELECT c.device_id, d.terminal, d.device, c.began_at, c.ended_at, c.cause AS found_cause
FROM crane_delay c JOIN device d USING (device_id)
WHERE d.terminal = $1 AND d.stream = 'crane' AND ($2::text IS NULL OR d.device = $2)
  AND c.ended_at >= $3 AND c.ended_at < $4
  AND NOT EXISTS (SELECT FROM crane_delay_edit x WHERE x.device_id = c.device_id AND x.began_at = c.began_at)
LIMIT $5;

-- name: confirm_delays
-- $1 device ids, $2 beginnings, $3 found causes, $4 who: the found cause becomes the stated one; answers the first of
-- each crane. One that somebody has stated meanwhile stays as it is
WITH stated AS (
    INSERT INTO crane_delay_edit (device_id, began_at, cause, remark, edited_by)
    SELECT n.device_id, n.began_at, n.cause, '', $4
    FROM unnest($1::int[], $2::timestamptz[], $3::text[]) AS n (device_id, began_at, cause)
    WHERE NOT EXISTS (
        SELECT FROM crane_delay_edit x WHERE x.device_id = n.device_id AND x.began_at = n.began_at)
    RETURNING device_id, began_at
)
SELECT d.device, count(*) AS confirmed, min(s.began_at) AS first
FROM stated s JOIN device d USING (device_id) GROUP BY d.device ORDER BY d.device;

-- name: mark_stale
-- $1 terminal, $2 subjects, $3 times: KPI samples of these subjects are stale from these times on. A row is updated
-- even where it stays the same: whoever recomputes just now, without the edit, leaves it there
INSERT INTO recompute_kpis AS r (terminal, fact, subject, since)
SELECT $1, 'stop', subject, since FROM unnest($2::text[], $3::timestamptz[]) AS n (subject, since) ORDER BY subject
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);
