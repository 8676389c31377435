-- How long each box was in the terminal, for dwell times: of boxes that have events already it is made once, and KPI
-- samples of the past with it.
-- depends: 0038_runs_of

CREATE TABLE container_stay (
    terminal     text NOT NULL,
    container_id text COLLATE "C" NOT NULL,
    arrived_at   timestamptz NOT NULL,
    arrived_by   text NOT NULL,
    left_at      timestamptz,
    left_by      text,
    reefer       boolean NOT NULL,
    PRIMARY KEY (terminal, container_id, arrived_at)
);
CREATE INDEX container_stay_left_at ON container_stay (terminal, left_at);

CREATE VIEW v_container_stay AS
SELECT terminal, container_id, arrived_at, arrived_by, left_at, left_by, reefer,
       (extract(epoch FROM left_at - arrived_at) / 3600)::float8 AS dwell_h
FROM container_stay;

INSERT INTO recompute_containers (terminal, container_id)
SELECT DISTINCT terminal, container_id FROM container_event
ON CONFLICT DO NOTHING;
