-- name: crane_id
-- $1 terminal, $2 device
SELECT device_id FROM device WHERE terminal = $1 AND stream = 'crane' AND device = $2;

-- name: crane_names
-- $1 terminal
SELECT device FROM device WHERE terminal = $1 AND stream = 'crane' ORDER BY device;

-- name: cycles
-- $1 device id, $2 before, $3 limit; the bound on locked_at finds them in the primary key, however long ago they were
SELECT {selected} FROM crane_move
WHERE device_id = $1 AND locked_at < $2 AND unlocked_at < $2
ORDER BY locked_at DESC
LIMIT $3;

-- name: trace_steps
-- $1 device id, $2 from, $3 to, $4 step [ms]: the last value of each signal in each step, at the time of its last sample
SELECT max(time) AS time,
       last(hoist_height_m, time) FILTER (WHERE hoist_height_m IS NOT NULL) AS hoist_height_m,
       last(trolley_position_m, time) FILTER (WHERE trolley_position_m IS NOT NULL) AS trolley_position_m,
       last(gantry_position_m, time) FILTER (WHERE gantry_position_m IS NOT NULL) AS gantry_position_m,
       last(load_t, time) FILTER (WHERE load_t IS NOT NULL) AS load_t,
       last(power_kw, time) FILTER (WHERE power_kw IS NOT NULL) AS power_kw,
       last(wind_speed_mps, time) FILTER (WHERE wind_speed_mps IS NOT NULL) AS wind_speed_mps,
       last(twistlock_locked, time) FILTER (WHERE twistlock_locked IS NOT NULL) AS twistlock_locked,
       last(twistlock_unlocked, time) FILTER (WHERE twistlock_unlocked IS NOT NULL) AS twistlock_unlocked,
       last(landed, time) FILTER (WHERE landed IS NOT NULL) AS landed,
       last(logged_on, time) FILTER (WHERE logged_on IS NOT NULL) AS logged_on
FROM crane_telemetry
WHERE device_id = $1 AND time >= $2 AND time < $3
GROUP BY time_bucket($4::int * interval '1 millisecond', time, origin => $2::timestamptz)
ORDER BY 1;

-- name: trace_samples
-- $1 device id, $2 from, $3 to, $4 limit
SELECT time, hoist_height_m, trolley_position_m, gantry_position_m, load_t, power_kw, wind_speed_mps,
       twistlock_locked, twistlock_unlocked, landed, logged_on
FROM crane_telemetry
WHERE device_id = $1 AND time >= $2 AND time < $3
ORDER BY time, seq
LIMIT $4;
