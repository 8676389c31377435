-- name: alone
-- Whoever imports for the same terminal at the same time waits here: which messages hold depends on all of a document.
SELECT pg_advisory_xact_lock(hashtextextended('tos_message ' || $1, 0));

-- name: put
-- Sent once more, a message is the one that came first. Returns what is new.
INSERT INTO tos_message AS t (terminal, message_id, sender, kind, document, version, function, complete, prepared_at,
    ordinal, source, imported_by)
SELECT x.*, $11, $12 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::text[],
    $8::boolean[], $9::timestamptz[], $10::integer[]) x
ON CONFLICT (terminal, message_id) DO UPDATE SET prepared_at = excluded.prepared_at, ordinal = excluded.ordinal
WHERE (coalesce(t.prepared_at, '-infinity'), t.ordinal) > (coalesce(excluded.prepared_at, '-infinity'), excluded.ordinal)
RETURNING message_id, xmax = 0 AS fresh;

-- name: unsettled
-- $1 terminal, $2 senders, $3 kinds, $4 documents: those of which messages may not hold. Reads a few entries of two
-- indexes each, tos_message_version and tos_message_settles: many programs give all messages the same number.
SELECT x.sender, x.kind, x.document
FROM unnest($2::text[], $3::text[], $4::text[]) x (sender, kind, document)
CROSS JOIN LATERAL (  -- not min and max: without statistics, those read all
    SELECT version FROM tos_message m
    WHERE m.terminal = $1 AND m.document <> ''
      AND m.sender = x.sender AND m.kind = x.kind AND m.document = x.document
    ORDER BY version LIMIT 1
) lowest
CROSS JOIN LATERAL (
    SELECT version FROM tos_message m
    WHERE m.terminal = $1 AND m.document <> ''
      AND m.sender = x.sender AND m.kind = x.kind AND m.document = x.document
    ORDER BY version DESC LIMIT 1
) highest
LEFT JOIN LATERAL (
    SELECT true AS found FROM tos_message m
    WHERE m.terminal = $1 AND m.document <> '' AND (m.function <> 'adds' OR NOT m.complete)
      AND m.sender = x.sender AND m.kind = x.kind AND m.document = x.document
    LIMIT 1
) other ON true
WHERE lowest.version <> highest.version OR other.found;

-- name: of_documents
-- $1 terminal, $2 senders, $3 kinds, $4 documents
SELECT {selected}, holds FROM tos_message
WHERE terminal = $1 AND document <> ''
  AND (sender, kind, document) IN (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]));

-- name: hold
-- $1 terminal, $2 messages, $3 whether each holds
UPDATE tos_message m SET holds = x.holds FROM unnest($2::text[], $3::boolean[]) x (message_id, holds)
WHERE m.terminal = $1 AND m.message_id = x.message_id AND m.holds <> x.holds;

-- name: clear
-- $1 terminal, $2 messages
DELETE FROM tos_event WHERE terminal = $1 AND message_id = ANY($2);

-- name: hours
-- $1 terminal, $2 messages: of what they state.
SELECT DISTINCT date_trunc('hour', time, 'UTC') AS hour FROM tos_event
WHERE terminal = $1 AND message_id = ANY($2) AND time IS NOT NULL;

-- name: note_documents
-- $1 terminal, $2 messages: events of DCSA of boxes whose size or load these state are to be made once more.
INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
SELECT DISTINCT e.terminal, e.source, e.device, e.event, e.ordinal, e.fact_at
FROM tos_event t JOIN dcsa_sent e
    ON e.terminal = t.terminal AND e.container_id = t.container_id AND e.time >= t.time - interval '1 day'
WHERE t.terminal = $1 AND t.message_id = ANY($2) AND (t.size_type IS NOT NULL OR t.empty_indicator IS NOT NULL);

-- name: mark_hours
-- $1 terminal, $2 messages, $3 more hours: the events of all these hours are to be derived once more. An update shows
-- the worker that more has come while it derives an hour. All at once and in order, as the worker marks them: so no two
-- wait for each other.
INSERT INTO recompute_events (terminal, hour)
SELECT $1::text, date_trunc('hour', time, 'UTC') FROM tos_event
WHERE terminal = $1 AND message_id = ANY($2) AND time IS NOT NULL
UNION SELECT $1::text, hour FROM unnest($3::timestamptz[]) hour
ORDER BY 1, 2
ON CONFLICT (terminal, hour) DO UPDATE SET hour = excluded.hour;
