-- name: plugs
-- $1 terminal, $2 from, $3 to, $4 oldest time of a plug's last sample: of each plug what it was at the end of the span, and
-- for how long what was wrong in it. Spans are cut to it.
WITH plug AS (
    SELECT device_id, device FROM device WHERE terminal = $1 AND stream = 'reefer'
), excursion AS (
    SELECT e.device_id, extract(epoch FROM sum(least(coalesce(e.ended_at, $3), $3) - greatest(e.began_at, $2))) / 60 AS minutes,
           (array_agg(e.worst_degc ORDER BY abs(e.worst_degc) DESC))[1] AS worst_k, count(*) AS count,
           bool_or(e.ended_at IS NULL OR e.ended_at >= $3) AS lasts
    FROM reefer_excursion e JOIN plug USING (device_id)
    WHERE e.began_at < $3 AND (e.ended_at IS NULL OR e.ended_at > $2) GROUP BY e.device_id
), off_power AS (
    SELECT o.device_id, extract(epoch FROM sum(least(coalesce(o.ended_at, $3), $3) - greatest(o.began_at, $2))) / 60 AS minutes
    FROM reefer_off_power o JOIN plug USING (device_id)
    WHERE o.began_at < $3 AND (o.ended_at IS NULL OR o.ended_at > $2) GROUP BY o.device_id
), silence AS (
    SELECT s.device_id, extract(epoch FROM sum(least(s.ended_at, $3) - greatest(s.began_at, $2))) / 60 AS minutes
    FROM reefer_silence s JOIN plug USING (device_id)
    WHERE s.began_at < $3 AND s.ended_at > $2 GROUP BY s.device_id
)
SELECT p.device, CASE WHEN g.value = 1 THEN coalesce(l.container_id, n.container_id) END AS container_id, g.value = 1 AS plugged, u.value = 0 AS powered, coalesce(e.lasts, false) AS out_of_range,
       l.time, l.setpoint_degc, l.supply_degc, l.return_degc, l.mode,
       coalesce(e.count, 0)::int AS excursions, coalesce(e.minutes, 0)::float8 AS out_of_range_min, e.worst_k,
       coalesce(o.minutes, 0)::float8 AS off_power_min, coalesce(s.minutes, 0)::float8 AS unknown_min
FROM plug p
LEFT JOIN LATERAL (
    SELECT t.time, t.container_id, t.setpoint_degc, t.supply_degc, t.return_degc, t.mode FROM reefer_telemetry t
    WHERE t.device_id = p.device_id AND t.time >= $4 AND t.time < $3 ORDER BY t.time DESC, t.seq DESC LIMIT 1
) l ON true
LEFT JOIN LATERAL (
    SELECT v.value FROM device_level v
    WHERE v.device_id = p.device_id AND v.name = 'plugged' AND v.time < $3 ORDER BY v.time DESC LIMIT 1
) g ON true
LEFT JOIN LATERAL (
    SELECT v.value FROM device_level v
    WHERE v.device_id = p.device_id AND v.name = 'unpowered' AND v.time < $3 ORDER BY v.time DESC LIMIT 1
) u ON true
LEFT JOIN LATERAL (  -- a box that does not name itself with each sample
    SELECT t.container_id FROM reefer_telemetry t
    WHERE g.value = 1 AND l.time IS NOT NULL AND l.container_id IS NULL AND t.device_id = p.device_id
      AND t.container_id IS NOT NULL AND t.time >= $4 AND t.time < $3 ORDER BY t.time DESC, t.seq DESC LIMIT 1
) n ON true
LEFT JOIN excursion e USING (device_id)
LEFT JOIN off_power o USING (device_id)
LEFT JOIN silence s USING (device_id);

-- name: plug_id
-- $1 terminal, $2 device
SELECT device_id FROM device WHERE terminal = $1 AND stream = 'reefer' AND device = $2;

-- name: samples
-- $1 device id, $2 from, $3 to, $4 most; columns stand in the order in which they are read
SELECT time, container_id, setpoint_degc, supply_degc, return_degc, power_kw, plugged FROM reefer_telemetry
WHERE device_id = $1 AND time >= $2 AND time < $3 ORDER BY time, seq LIMIT $4;

-- name: readings
-- $1 device id, $2 from, $3 to, $4 step [ms]: of each step with a sample the lowest and highest air, the warmest pulp probe,
-- and the last of what is set.
SELECT max(time) AS time,
       last(container_id, time) FILTER (WHERE container_id IS NOT NULL) AS container_id,
       last(setpoint_degc, time) FILTER (WHERE setpoint_degc IS NOT NULL) AS setpoint_degc,
       last(plugged, time) FILTER (WHERE plugged IS NOT NULL) AS plugged,
       min(supply_degc) AS supply_low_degc, max(supply_degc) AS supply_high_degc,
       min(return_degc) AS return_low_degc, max(return_degc) AS return_high_degc,
       max(greatest(usda1_degc, usda2_degc, usda3_degc)) AS pulp_degc,
       avg(ambient_degc) AS ambient_degc, avg(power_kw) AS power_kw
FROM reefer_telemetry
WHERE device_id = $1 AND time >= $2 AND time < $3
GROUP BY time_bucket($4::int8 * interval '1 millisecond', time, origin => $2::timestamptz)
ORDER BY 1;
