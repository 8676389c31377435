-- Which plugs held a container: looked up when a treatment is announced, when it is verified, and at start.
-- depends: 0025_treatment_announcements
-- transactional: false

-- Not in one transaction, so that ingest goes on: each chunk (a day) is indexed in a transaction of its own and closed to
-- writers only meanwhile. Broken off half-way, it leaves an invalid index behind, which the next attempt drops.
DROP INDEX IF EXISTS reefer_telemetry_container;
DROP INDEX IF EXISTS reefer_telemetry_number;
CREATE INDEX reefer_telemetry_number ON reefer_telemetry (container_number(container_id), time)
WITH (timescaledb.transaction_per_chunk) WHERE container_id IS NOT NULL;
