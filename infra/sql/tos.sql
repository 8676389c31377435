-- name: calls
SELECT call_id, payload FROM vessel_call WHERE terminal = $1 ORDER BY call_id;

-- name: cranes
SELECT device, device_id FROM device WHERE terminal = $1 AND stream = 'crane' ORDER BY device;

-- name: moves
SELECT device_id, began_at, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m,
       to_trolley_m, gantry_m, peak_load_t, size_ft, twin, coalesce(container_ids, '{}') AS container_ids, energy_kwh,
       waited_empty_s, waited_laden_s, inferred, confidence
FROM crane_move WHERE device_id = ANY($1::int[]) AND unlocked_at >= $2 AND unlocked_at <= $3;

-- name: import
SELECT source, format, imported_at, imported_by, lines, vessel, voyage FROM tos_import
WHERE terminal = $1 AND call_id = $2;

-- name: imported
SELECT call_id FROM tos_import WHERE terminal = $1 ORDER BY imported_at DESC LIMIT 20;

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
