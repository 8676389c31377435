-- `announced`, `events` and `conflicts` are columns of facts; api/containers/queries.py fills them in.

-- name: beginning
-- $1 terminal, $2 state or null, $3 number after which the page begins, $4 limit, $5 beginning of the number, $6 what
-- sorts behind every number that begins so: the primary key has them in order.
SELECT terminal, container_id, iso_code, state, place, since, conflict
FROM v_container
WHERE terminal = $1 AND ($2::text IS NULL OR state = $2) AND container_id > $3
  AND container_id >= $5 AND container_id < $6
ORDER BY container_id
LIMIT $4;

-- name: anywhere
-- $1 to $4 as above, $5 pattern of the number. First all that match, by their trigrams: walking along the order until
-- enough are found would read everything where they stand at its end, and so would the rows of a terminal, which a
-- planner without statistics takes to be few; no index has the expression. The rest is read of one page only.
WITH found AS MATERIALIZED (
    SELECT container_id FROM container_state
    WHERE terminal || '' = $1 AND ($2::text IS NULL OR state = $2) AND container_id LIKE $5
), page AS MATERIALIZED (
    SELECT container_id FROM found WHERE container_id > $3 ORDER BY container_id LIMIT $4
)
SELECT c.terminal, c.container_id, c.iso_code, c.state, c.place, c.since, c.conflict
FROM page CROSS JOIN LATERAL (SELECT * FROM v_container v WHERE v.terminal = $1 AND v.container_id = page.container_id) c
ORDER BY c.container_id;

-- name: container
-- $1 terminal, $2 number
SELECT terminal, container_id, iso_code, state, place, since, conflict
FROM v_container
WHERE terminal = $1 AND container_id = $2;

-- name: announcement
-- $1 terminal, $2 number
SELECT {announced}, received_at, payload::text AS payload
FROM container_announcement
WHERE terminal = $1 AND container_id = $2;

-- name: announcement_is
-- $1 terminal, $2 number, $3 payload
SELECT 1 FROM container_announcement WHERE terminal = $1 AND container_id = $2 AND payload = $3::jsonb;

-- name: announcement_withdrawn
-- $1 terminal, $2 number
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM container_announcement WHERE terminal = $1 AND container_id = $2);

-- name: events
-- $1 terminal, $2 number, $3 kinds of events in the order of those at the same time, $4 limit: of the newest.
SELECT * FROM (
    SELECT {events} FROM container_event WHERE terminal = $1 AND container_id = $2 ORDER BY time DESC LIMIT $4
) newest
ORDER BY time, array_position($3::text[], event), source, device;

-- name: conflicts
-- $1 terminal, $2 number or null, $3 resolved, open or (null) both, $4 limit
SELECT {conflicts}, remark, resolved_by, resolved_at FROM v_container_conflict
WHERE terminal = $1 AND ($2::text IS NULL OR container_id = $2)
  AND ($3::boolean IS NULL OR (resolved_at IS NOT NULL) = $3)
ORDER BY time DESC, container_id, kind LIMIT $4;

-- name: conflict
-- $1 terminal, $2 number, $3 kind, $4 its millisecond
SELECT {conflicts}, remark, resolved_by, resolved_at FROM v_container_conflict
WHERE terminal = $1 AND container_id = $2 AND kind = $3
  AND time >= $4::timestamptz AND time < $4::timestamptz + interval '1 millisecond';

-- name: resolve
-- $1 to $4 as above, $5 remark, $6 who
INSERT INTO container_conflict_resolution (terminal, container_id, kind, time, remark, resolved_by)
SELECT terminal, container_id, kind, time, $5, $6 FROM v_container_conflict
WHERE terminal = $1 AND container_id = $2 AND kind = $3
  AND time >= $4::timestamptz AND time < $4::timestamptz + interval '1 millisecond'
RETURNING id;
