-- name: cranes
SELECT device, device_id FROM device WHERE terminal = $1 AND stream = 'crane' ORDER BY device;

-- name: import
SELECT source, format, imported_at, imported_by, lines, vessel, voyage FROM tos_import
WHERE terminal = $1 AND call_id = $2;

-- name: lines
SELECT line, crane, at, container_id, kind, size_type, stowage, check_ok FROM tos_move
WHERE terminal = $1 AND call_id = $2 ORDER BY line;

-- name: put_import
-- First of all: whoever imports for the same call at the same time waits here.
INSERT INTO tos_import (terminal, call_id, source, format, imported_by, lines, vessel, voyage)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (terminal, call_id) DO UPDATE SET source = excluded.source, format = excluded.format,
    imported_at = clock_timestamp(), imported_by = excluded.imported_by, lines = excluded.lines,
    vessel = excluded.vessel, voyage = excluded.voyage;

-- name: clear
DELETE FROM tos_move WHERE terminal = $1 AND call_id = $2;

-- name: mark_kpis
INSERT INTO recompute_kpis AS r (terminal, fact, subject, since) VALUES ($1, 'tos', $2, $3)
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);
