-- name: events
-- $1 terminal, $2 container or null, $3 from or null, $4 to, $5 whether those that do not hold are wanted too, $6 limit.
-- A container has few, all of which are read; without one the span bounds what is read.
SELECT {selected}, kind, sender, document, version, holds, source, imported_at, imported_by
FROM v_tos_event
WHERE terminal = $1 AND ($2::text IS NULL OR container_id = $2)
  AND ($3::timestamptz IS NULL OR time >= $3 AND time < $4) AND (holds OR $5)
ORDER BY time DESC NULLS LAST, message_id, line
LIMIT $6;

-- name: note_import
-- $1 terminal; $2 messages stored, $3 replaced, $4 events
SELECT note_audit(
    $1, 'tos_events.imported', '', NULL,
    jsonb_build_object('stored', $2::integer, 'replaced', $3::integer, 'events', $4::integer)
);
