-- name: held
-- Which box stood on plugs before a time: $1 devices, $2 time, $3 drawn by machinery only [kW]. None stood on those of
-- which no row is found: the last row that names one or reports a free plug reported that, or goes on with it.
SELECT d.device_id, last.container_id
FROM unnest($1::int[]) AS d (device_id)
CROSS JOIN LATERAL (
    SELECT s.time, s.seq, s.container_id, s.plugged, s.power_kw, s.compressor_on FROM {table} s
    WHERE s.device_id = d.device_id AND s.time < $2
      AND (s.container_id IS NOT NULL OR (s.plugged = false AND (s.power_kw > $3 OR s.compressor_on) IS NOT TRUE))
    ORDER BY s.time DESC, s.seq DESC LIMIT 1
) last
LEFT JOIN LATERAL (  -- a row that does not report its plug goes on with what one before it has
    SELECT b.plugged FROM {table} b
    WHERE last.plugged IS NULL AND b.device_id = d.device_id AND b.plugged IS NOT NULL
      AND b.time <= last.time AND (b.time, b.seq) < (last.time, last.seq)
    ORDER BY b.time DESC, b.seq DESC LIMIT 1
) before ON true
WHERE last.container_id IS NOT NULL
  AND NOT (coalesce(last.plugged, before.plugged, true) = false
           AND (last.power_kw > $3 OR last.compressor_on) IS NOT TRUE)
  -- where no plug ever names a box, nobody has to look through all rows
  AND EXISTS (SELECT FROM {table} WHERE container_id IS NOT NULL);
