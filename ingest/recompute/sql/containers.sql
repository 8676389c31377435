-- Columns of the types of facts: `events`, `states`, `conflicts`, `stays`; ingest/recompute/containers.py fills them in.

-- name: next_hours
-- The latest hour, and those of the same terminal before it: $1 how many at most.
-- `version` changes whenever a note is written, as by an import in the middle of our work.
WITH latest AS (SELECT terminal, hour FROM recompute_events ORDER BY hour DESC, terminal LIMIT 1)
SELECT terminal, stale.hour, stale.xmin::text AS version FROM recompute_events stale JOIN latest USING (terminal)
WHERE stale.hour > latest.hour - $1 * interval '1 hour'
ORDER BY stale.hour DESC;

-- name: next_boxes
SELECT terminal, container_id FROM recompute_containers WHERE retry_at IS NULL OR retry_at <= now()
ORDER BY terminal, container_id LIMIT $1;

-- name: take
DELETE FROM recompute_containers WHERE terminal = $1 AND container_id = $2;

-- name: postpone
UPDATE recompute_containers SET retry_at = now() + $3::interval WHERE terminal = $1 AND container_id = $2;

-- name: events
-- Box by box, each box's at once: $1 terminals, $2 containers, $3 how many of each box's, the newest.
SELECT {events} FROM unnest($1::text[], $2::text[]) AS box (at, number)
CROSS JOIN LATERAL (
    SELECT * FROM container_event WHERE terminal = box.at AND container_id = box.number
    ORDER BY time DESC, source, device, event, ordinal, fact_at LIMIT $3
) newest
ORDER BY terminal, container_id;

-- name: states
-- Those that follow from events.
SELECT {states} FROM container_state
JOIN unnest($1::text[], $2::text[]) AS box (terminal, container_id) USING (terminal, container_id)
WHERE state <> 'announced';

-- name: announced
-- Boxes that have no state, and are announced: $1 terminals, $2 containers.
INSERT INTO container_state (terminal, container_id, state, place, since_at)
SELECT terminal, container_id, 'announced', NULL, announced_at FROM container_announcement
JOIN unnest($1::text[], $2::text[]) AS box (terminal, container_id) USING (terminal, container_id)
ON CONFLICT DO NOTHING;

-- name: conflicts
SELECT {conflicts} FROM container_conflict
JOIN unnest($1::text[], $2::text[]) AS box (terminal, container_id) USING (terminal, container_id);

-- name: stays
SELECT {stays} FROM container_stay
JOIN unnest($1::text[], $2::text[]) AS box (terminal, container_id) USING (terminal, container_id);

-- name: page_of_boxes
-- Boxes of a terminal that have events, stays or a state, in order of their numbers, without those that wait to be judged,
-- but with those that could not be: $1 terminal, $2 the number before, $3 how many.
SELECT container_id FROM (
    SELECT container_id FROM container_event WHERE terminal = $1 AND container_id > $2
    UNION SELECT container_id FROM container_stay WHERE terminal = $1 AND container_id > $2
    UNION SELECT container_id FROM container_state WHERE terminal = $1 AND container_id > $2 AND state <> 'announced'
) box
WHERE NOT EXISTS (SELECT FROM recompute_containers r
                  WHERE r.terminal = $1 AND r.container_id = box.container_id AND r.retry_at IS NULL)
ORDER BY container_id LIMIT $3;

-- name: waiting_hours
-- Hours of a terminal whose events wait to be derived again: $1 terminal.
SELECT hour FROM recompute_events WHERE terminal = $1;

-- name: stale_hours
-- All hours of terminals in a span: $1 terminals, $2 from, $3 to.
INSERT INTO recompute_events (terminal, hour)
SELECT terminal, hour FROM unnest($1::text[]) AS terminal,
     generate_series(date_trunc('hour', $2::timestamptz, 'UTC'), $3::timestamptz, interval '1 hour') AS hour
ORDER BY terminal, hour
ON CONFLICT (terminal, hour) DO UPDATE SET hour = excluded.hour;

-- name: stale_hour
INSERT INTO recompute_events (terminal, hour) VALUES ($1, date_trunc('hour', $2::timestamptz, 'UTC'))
ON CONFLICT (terminal, hour) DO UPDATE SET hour = excluded.hour;
