-- name: dcsa_events
-- $1 terminal, $2 container or null, $3 type or null, $4 number after which the page begins, $5 limit.
SELECT number, document::text AS document FROM dcsa_event
WHERE terminal = $1 AND ($2::text IS NULL OR container_id = $2) AND ($3::text IS NULL OR event_type = $3) AND number > $4
ORDER BY number LIMIT $5;
