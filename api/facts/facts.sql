-- Facts of any type in a span, newest first; api/facts/listing.py fills them in.
-- $1 terminal or null, $2 device or null, $3 from, $4 to, $5 limit

-- name: of_devices
(SELECT d.terminal, d.device, x.* FROM {table} x JOIN device d USING (device_id))

-- name: list_instant
-- Those that happened in the span.
SELECT {selected} FROM {facts} f
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR {device} = $2) AND {begin} >= $3 AND {begin} < $4
ORDER BY {begin} DESC, {line}
LIMIT $5;

-- name: list_span
-- Every one that touches the span, unless it began more than 30 days before it: the bound saves reading the whole
-- history each second.
SELECT {selected} FROM {facts} f
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR {device} = $2)
  AND {begin} >= $3::timestamptz - interval '30 days' AND {begin} < $4 AND ({end} IS NULL OR {end} >= $3)
ORDER BY {begin} DESC, {line}
LIMIT $5;

-- name: list_passage
-- Those that ended in the span, or began in it and last.
SELECT {selected} FROM {facts} f
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR {device} = $2)
  AND ({end} >= $3 AND {end} < $4 OR {end} IS NULL AND {begin} >= $3 AND {begin} < $4)
ORDER BY coalesce({end}, {begin}) DESC, {line}
LIMIT $5;
