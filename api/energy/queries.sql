-- Sums are of whole numbers: no order of rows changes them.

-- name: taken
-- $1 device ids, $2 kind of equipment of each, $3 rack of each or NULL, $4 from, $5 to, $6 most racks: of quarters that ended
-- in (from, to] first one row for each quarter and kind of equipment, then one for each rack, with its largest quarter
-- [1e-3 Wh, s]
WITH hour AS (
    SELECT own.equipment, own.rack, h.began_at,
           sum(mwh_00) AS mwh_00, sum(mwh_15) AS mwh_15, sum(mwh_30) AS mwh_30, sum(mwh_45) AS mwh_45,
           sum(s_00) AS s_00, sum(s_15) AS s_15, sum(s_30) AS s_30, sum(s_45) AS s_45
    FROM energy_hour h JOIN unnest($1::int[], $2::text[], $3::text[]) AS own (device_id, equipment, rack) USING (device_id)
    WHERE h.began_at > $4::timestamptz - interval '1 hour' AND h.began_at < $5
    GROUP BY own.equipment, own.rack, h.began_at
), quarter AS MATERIALIZED (
    SELECT equipment, rack, h.began_at + q.minute * interval '1 minute' AS began_at, q.mwh, q.known_s
    FROM hour h CROSS JOIN LATERAL (
        VALUES (0, mwh_00, s_00), (15, mwh_15, s_15), (30, mwh_30, s_30), (45, mwh_45, s_45)
    ) AS q (minute, mwh, known_s)
    WHERE q.mwh IS NOT NULL AND h.began_at + (q.minute + 15) * interval '1 minute' > $4
      AND h.began_at + (q.minute + 15) * interval '1 minute' <= $5
)
(
    SELECT NULL AS rack, equipment, began_at, sum(mwh)::bigint AS energy_mwh, sum(known_s)::bigint AS measured_s,
           NULL::bigint AS peak_mwh
    FROM quarter GROUP BY equipment, began_at ORDER BY began_at, equipment
)
UNION ALL
(
    SELECT rack, NULL, (array_agg(began_at ORDER BY mwh DESC, began_at))[1], sum(mwh)::bigint, NULL, max(mwh)::bigint
    FROM quarter WHERE rack IS NOT NULL GROUP BY rack ORDER BY max(mwh) DESC, rack LIMIT $6
);

-- name: moves
-- $1 ids of quay cranes, $2 kinds that count, $3 from, $4 to
SELECT coalesce(sum(boxes), 0)::bigint AS boxes, count(energy_kwh) AS metered,
       coalesce(sum(round(energy_kwh * 1000000)::bigint), 0)::bigint AS energy_mwh
FROM crane_move WHERE device_id = ANY($1::int[]) AND kind = ANY($2::text[]) AND unlocked_at > $3 AND unlocked_at <= $4;

-- name: trips
-- $1 ids of vehicles, $2 from, $3 to
SELECT count(energy_kwh) AS metered, coalesce(sum(round(energy_kwh * 1000000)::bigint), 0)::bigint AS energy_mwh
FROM vehicle_trip WHERE device_id = ANY($1::int[]) AND ended_at > $2 AND ended_at <= $3;
