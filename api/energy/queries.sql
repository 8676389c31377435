-- Sums are of whole numbers: no order of rows changes them.

-- name: room_to_sum
-- Sums of all groups are kept at once: without room rows would be sorted on disk first, which takes several times as long.
SET LOCAL work_mem = '16MB';
SET LOCAL hash_mem_multiplier = 20;

-- name: taken
-- $1 first device id, $2 numbers of groups by device id, from the first one on; $3 groups, $4 kind of equipment of each, $5 rack of each or NULL; $6 from,
-- $7 to, $8 most racks: of quarters that ended in (from, to] first a row for each quarter and kind of equipment, then one for
-- each rack, with its largest quarter [1e-3 Wh, s]. Groups are numbers, looked up by place: texts are slow to group by, and a
-- join of as many rows costs as much as their sum.
WITH hour AS MATERIALIZED (
    SELECT ($2::int[])[h.device_id - $1::int + 1] AS number, h.began_at,
           sum(mwh_00) AS mwh_00, sum(mwh_15) AS mwh_15, sum(mwh_30) AS mwh_30, sum(mwh_45) AS mwh_45,
           sum(s_00) AS s_00, sum(s_15) AS s_15, sum(s_30) AS s_30, sum(s_45) AS s_45
    FROM energy_hour h
    WHERE h.began_at > $6::timestamptz - interval '1 hour' AND h.began_at < $7
      AND ($2::int[])[h.device_id - $1::int + 1] IS NOT NULL
    GROUP BY 1, h.began_at
), named AS (
    SELECT * FROM unnest($3::int[], $4::text[], $5::text[]) AS one (number, equipment, rack)
), kind AS (
    SELECT equipment, began_at,
           sum(mwh_00) AS mwh_00, sum(mwh_15) AS mwh_15, sum(mwh_30) AS mwh_30, sum(mwh_45) AS mwh_45,
           sum(s_00) AS s_00, sum(s_15) AS s_15, sum(s_30) AS s_30, sum(s_45) AS s_45
    FROM hour JOIN named USING (number) GROUP BY equipment, began_at
), rack_hour AS (
    SELECT rack, began_at,
           CASE WHEN began_at + interval '15 min' > $6 AND began_at + interval '15 min' <= $7 THEN mwh_00 END AS mwh_00,
           CASE WHEN began_at + interval '30 min' > $6 AND began_at + interval '30 min' <= $7 THEN mwh_15 END AS mwh_15,
           CASE WHEN began_at + interval '45 min' > $6 AND began_at + interval '45 min' <= $7 THEN mwh_30 END AS mwh_30,
           CASE WHEN began_at + interval '60 min' > $6 AND began_at + interval '60 min' <= $7 THEN mwh_45 END AS mwh_45
    FROM hour JOIN named USING (number) WHERE rack IS NOT NULL
), rack_peak AS (
    SELECT rack, coalesce(mwh_00, 0) + coalesce(mwh_15, 0) + coalesce(mwh_30, 0) + coalesce(mwh_45, 0) AS mwh, peak_mwh,
           began_at + CASE peak_mwh WHEN mwh_00 THEN interval '0' WHEN mwh_15 THEN interval '15 min'
                                    WHEN mwh_30 THEN interval '30 min' ELSE interval '45 min' END AS peak_at
    FROM (SELECT *, greatest(mwh_00, mwh_15, mwh_30, mwh_45) AS peak_mwh FROM rack_hour) one
    WHERE peak_mwh IS NOT NULL
)
(
    SELECT NULL AS rack, equipment, q.began_at, q.mwh::bigint AS energy_mwh, q.known_s::bigint AS measured_s,
           NULL::bigint AS peak_mwh
    FROM kind k CROSS JOIN LATERAL (
        VALUES (k.began_at, mwh_00, s_00), (k.began_at + interval '15 min', mwh_15, s_15),
               (k.began_at + interval '30 min', mwh_30, s_30), (k.began_at + interval '45 min', mwh_45, s_45)
    ) AS q (began_at, mwh, known_s)
    WHERE q.mwh IS NOT NULL AND q.began_at + interval '15 min' > $6 AND q.began_at + interval '15 min' <= $7
    ORDER BY q.began_at, equipment
)
UNION ALL
(
    SELECT rack, NULL, (array_agg(peak_at ORDER BY peak_mwh DESC, peak_at))[1], sum(mwh)::bigint, NULL,
           max(peak_mwh)::bigint
    FROM rack_peak GROUP BY rack ORDER BY max(peak_mwh) DESC, rack LIMIT $8
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
