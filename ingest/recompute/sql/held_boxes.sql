-- name: held
-- Which box stood on plugs at a time: $1 devices, $2 time; those of which none is known are left out.
SELECT d.device_id, on_plug.container_id FROM unnest($1::int[]) AS d (device_id)
CROSS JOIN LATERAL reefer_on_plug(d.device_id, $2) on_plug
WHERE on_plug.container_id IS NOT NULL;
