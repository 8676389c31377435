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
SELECT p.device, CASE WHEN g.value = 1 THEN n.container_id END AS container_id, g.value = 1 AS plugged, u.value = 0 AS powered, coalesce(e.lasts, false) AS out_of_range,
       l.time, l.setpoint_degc, l.supply_degc, l.return_degc, l.mode,
       coalesce(e.count, 0)::int AS excursions, coalesce(e.minutes, 0)::float8 AS out_of_range_min, e.worst_k,
       coalesce(o.minutes, 0)::float8 AS off_power_min, coalesce(s.minutes, 0)::float8 AS unknown_min
FROM plug p
LEFT JOIN LATERAL (
    SELECT t.time, t.setpoint_degc, t.supply_degc, t.return_degc, t.mode FROM reefer_telemetry t
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
LEFT JOIN LATERAL reefer_on_plug(p.device_id, $3::timestamptz - interval '1 microsecond') n ON true
LEFT JOIN excursion e USING (device_id)
LEFT JOIN off_power o USING (device_id)
LEFT JOIN silence s USING (device_id);

-- name: plug_id
-- $1 terminal, $2 device
SELECT device_id FROM device WHERE terminal = $1 AND stream = 'reefer' AND device = $2;

-- name: samples
-- $1 device id, $2 from, $3 to, $4 most; columns stand in the order in which they are read: the number of the box that each
-- is of, and whether its plug is free.
SELECT s.time, reefer_box(s.container_id, on_plug.container_id) AS number, s.setpoint_degc, s.supply_degc, s.return_degc,
       s.power_kw, coalesce(on_plug.container_id IS NULL AND g.value = 0, false) AS free
FROM reefer_telemetry s
LEFT JOIN LATERAL reefer_on_plug(s.device_id, s.time) on_plug ON true
LEFT JOIN LATERAL (
    SELECT v.value FROM device_level v
    WHERE on_plug.container_id IS NULL AND v.device_id = s.device_id AND v.name = 'plugged' AND v.time <= s.time
    ORDER BY v.time DESC LIMIT 1
) g ON true
WHERE s.device_id = $1 AND s.time >= $2 AND s.time < $3 ORDER BY s.time, s.seq LIMIT $4;

-- name: readings
-- $1 device id, $2 from, $3 to, $4 step [ms]: of each step with a sample the lowest and highest air, the warmest pulp probe,
-- the last of what is set, and at its last sample the box on the plug and whether that is free.
SELECT r.*, on_plug.container_id, coalesce(on_plug.container_id IS NULL AND g.value = 0, false) AS free
FROM (
    SELECT max(time) AS time,
           last(setpoint_degc, time) FILTER (WHERE setpoint_degc IS NOT NULL) AS setpoint_degc,
           min(supply_degc) AS supply_low_degc, max(supply_degc) AS supply_high_degc,
           min(return_degc) AS return_low_degc, max(return_degc) AS return_high_degc,
           max(greatest(usda1_degc, usda2_degc, usda3_degc)) AS pulp_degc,
           avg(ambient_degc) AS ambient_degc, avg(power_kw) AS power_kw
    FROM reefer_telemetry
    WHERE device_id = $1 AND time >= $2 AND time < $3
    GROUP BY time_bucket($4::int8 * interval '1 millisecond', time, origin => $2::timestamptz)
) r
LEFT JOIN LATERAL reefer_on_plug($1, r.time) on_plug ON true
LEFT JOIN LATERAL (
    SELECT v.value FROM device_level v
    WHERE on_plug.container_id IS NULL AND v.device_id = $1 AND v.name = 'plugged' AND v.time <= r.time
    ORDER BY v.time DESC LIMIT 1
) g ON true
ORDER BY 1;
