-- Visits are facts of a terminal: they follow from its transactions, which are stored by then.

-- name: truck_visit_removed
DELETE FROM truck_visit v WHERE terminal = $1 AND visit = $2 AND NOT EXISTS (
    SELECT 1 FROM gate_transaction g JOIN device d USING (device_id)
    WHERE d.terminal = $1 AND coalesce(g.visit, g.plate) = $2 AND g.left_at IS NOT NULL AND g.direction IS NOT NULL);

-- name: truck_visit
-- The last passage of each direction counts, in whatever order they were stored.
INSERT INTO truck_visit (terminal, visit, plate, entered_at, left_at, lane_in, lane_out)
SELECT d.terminal, coalesce(g.visit, g.plate),
       (array_agg(g.plate ORDER BY g.left_at DESC) FILTER (WHERE g.plate IS NOT NULL))[1],
       max(g.left_at) FILTER (WHERE g.direction = 'in'),
       max(g.left_at) FILTER (WHERE g.direction <> 'in'),
       (array_agg(d.device ORDER BY g.left_at DESC) FILTER (WHERE g.direction = 'in'))[1],
       (array_agg(d.device ORDER BY g.left_at DESC) FILTER (WHERE g.direction <> 'in'))[1]
FROM gate_transaction g JOIN device d USING (device_id)
WHERE d.terminal = $1 AND coalesce(g.visit, g.plate) = $2 AND g.left_at IS NOT NULL AND g.direction IS NOT NULL
GROUP BY 1, 2
ON CONFLICT (terminal, visit) DO UPDATE SET
    plate = excluded.plate, entered_at = excluded.entered_at, left_at = excluded.left_at,
    lane_in = excluded.lane_in, lane_out = excluded.lane_out;
