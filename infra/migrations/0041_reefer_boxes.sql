-- Which box a plug holds follows from reefer_plug_change, for all who ask. Another box that nobody saw come is there since it
-- was named first, so reefers that have sent samples already get their facts again, and treatments their rows.
-- depends: 0038_runs_of

CREATE INDEX reefer_plug_change_device ON reefer_plug_change (device_id, time, plugged);
CREATE INDEX reefer_plug_change_number ON reefer_plug_change (container_number(container_id), time) WHERE plugged;

-- The box on a plug at a time, as it was read: no row where nothing is known, NULL where the plug is free, or its box was
-- not named. One look into an index, also in a join: it is inlined there.
CREATE FUNCTION reefer_on_plug(integer, timestamptz) RETURNS TABLE (container_id text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1 AS $$
    SELECT CASE WHEN c.plugged THEN c.container_id END FROM reefer_plug_change c
    WHERE c.device_id = $1 AND c.time <= $2 ORDER BY c.time DESC, c.plugged DESC LIMIT 1
$$;

-- The number of the box that a sample is of: $1 that it names, $2 on its plug. NULL: of none, or, where it names another box
-- than the one on its plug, not known.
CREATE FUNCTION reefer_box(text, text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN $2 IS NULL THEN nullif(container_number($1), '')
        WHEN $1 IS NULL OR container_number($1) = container_number($2) THEN container_number($2) END
$$;

INSERT INTO recompute_facts AS r (device_id, first, last)
SELECT d.device_id, oldest.time, newest.time FROM device d
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time LIMIT 1) oldest
CROSS JOIN LATERAL (SELECT time FROM reefer_telemetry t WHERE t.device_id = d.device_id ORDER BY time DESC LIMIT 1) newest
WHERE d.stream = 'reefer'
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

UPDATE treatment SET logged_from = NULL, followed = -1 WHERE withdrawn_at IS NULL;
