-- KPIs of racks, and the share of time that reefers were out of range: samples of the past are made where there are facts.
-- The rack of a plug is its device id before the last `-`; where the site file has it otherwise, its racks are new to the
-- worker too, which makes all samples of the terminal again.
-- depends: 0026_energy

INSERT INTO recompute_kpis AS r (terminal, fact, subject, since)
SELECT d.terminal, made.fact, made.subject, min(oldest.time) FROM device d
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (
    SELECT 'reefer_time' AS fact, d.terminal AS subject
    UNION ALL
    SELECT kind.fact, regexp_replace(d.device, '-[^-]*$', '')
    FROM (VALUES ('plugged'), ('unpowered'), ('excursion'), ('off_power'), ('silence'), ('reefer_time')) kind (fact)
    WHERE d.device LIKE '_%-%'
) made
WHERE d.stream = 'reefer'
GROUP BY d.terminal, made.fact, made.subject
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);
