-- Sums are of whole numbers: no order of rows changes them.

-- name: quarters
-- $1 device ids, $2 from, $3 to: quarters of an hour that ended in (from, to], by kind of equipment [1e-3 Wh, s]
SELECT began_at, equipment, sum(round(energy_kwh * 1000000)::bigint)::bigint AS energy_mwh, sum(measured_s) AS measured_s
FROM energy_use WHERE device_id = ANY($1::int[]) AND ended_at > $2 AND ended_at <= $3
GROUP BY began_at, equipment ORDER BY began_at, equipment;

-- name: racks
-- $1 ids of plugs, $2 their racks, $3 from, $4 to, $5 limit: racks, and the largest quarter of each [1e-3 Wh]
WITH quarter AS (
    SELECT p.rack, e.began_at, sum(round(e.energy_kwh * 1000000)::bigint)::bigint AS energy_mwh
    FROM energy_use e JOIN unnest($1::int[], $2::text[]) AS p (device_id, rack) USING (device_id)
    WHERE e.ended_at > $3 AND e.ended_at <= $4
    GROUP BY p.rack, e.began_at
)
SELECT rack, sum(energy_mwh)::bigint AS energy_mwh, max(energy_mwh) AS peak_mwh,
       (array_agg(began_at ORDER BY energy_mwh DESC, began_at))[1] AS peak_at
FROM quarter GROUP BY rack ORDER BY peak_mwh DESC, rack LIMIT $5;

-- name: moves
-- $1 ids of quay cranes, $2 kinds that count, $3 from, $4 to
SELECT coalesce(sum(boxes), 0)::bigint AS boxes, count(energy_kwh) AS metered,
       coalesce(sum(round(energy_kwh * 1000000)::bigint), 0)::bigint AS energy_mwh
FROM crane_move WHERE device_id = ANY($1::int[]) AND kind = ANY($2::text[]) AND unlocked_at > $3 AND unlocked_at <= $4;

-- name: trips
-- $1 ids of vehicles, $2 from, $3 to
SELECT count(energy_kwh) AS metered, coalesce(sum(round(energy_kwh * 1000000)::bigint), 0)::bigint AS energy_mwh
FROM vehicle_trip WHERE device_id = ANY($1::int[]) AND ended_at > $2 AND ended_at <= $3;
