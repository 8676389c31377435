-- Vessel calls in columns, and which cranes work them; what was told before comes along as far as it can be read.
-- depends: 0006_cranes

ALTER TABLE vessel_call
    ADD COLUMN vessel                text,
    ADD COLUMN berth                 text,
    ADD COLUMN first_line_at         timestamptz,
    ADD COLUMN all_fast_at           timestamptz,
    ADD COLUMN last_line_at          timestamptz,
    ADD COLUMN planned_completion_at timestamptz,
    ADD COLUMN planned_discharge     integer,
    ADD COLUMN planned_load          integer,
    ADD COLUMN planned_shift         integer;

CREATE TABLE call_assignment (
    terminal text NOT NULL,
    call_id  text NOT NULL,
    crane    text NOT NULL,
    from_at  timestamptz NOT NULL,
    until_at timestamptz,
    PRIMARY KEY (terminal, call_id, crane, from_at)
);
CREATE INDEX call_assignment_crane ON call_assignment (terminal, crane, from_at);

-- A time as `processing/call_reading.py` reads it; NULL for what it would refuse.
CREATE FUNCTION pg_temp.told_time(told jsonb) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
    found timestamptz;
BEGIN
    IF jsonb_typeof(told) = 'number' AND told::text ~ '^-?[0-9]{1,15}$' THEN
        found := timestamptz 'epoch' + told::text::bigint * interval '1 millisecond';
    ELSIF jsonb_typeof(told) = 'string'
        AND told #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:?[0-9]{2})$'
    THEN
        found := (told #>> '{}')::timestamptz;
    END IF;
    RETURN CASE WHEN found >= '2000-01-01Z' AND found < '2100-01-01Z' THEN found END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

CREATE FUNCTION pg_temp.told_boxes(told jsonb) RETURNS integer LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(told) = 'number' AND told::text ~ '^[0-9]{1,5}$' THEN told::text::integer END;
$$;

CREATE FUNCTION pg_temp.told_id(told jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN jsonb_typeof(told) = 'string' AND told #>> '{}' ~ '^[a-z0-9_-]{1,64}$' THEN told #>> '{}' END;
$$;

UPDATE vessel_call SET
    vessel                = CASE WHEN jsonb_typeof(payload -> 'vessel') = 'string' THEN left(payload ->> 'vessel', 256) END,
    berth                 = pg_temp.told_id(payload -> 'berth'),
    first_line_at         = pg_temp.told_time(payload -> 'first_line_at'),
    all_fast_at           = pg_temp.told_time(payload -> 'all_fast_at'),
    last_line_at          = pg_temp.told_time(payload -> 'last_line_at'),
    planned_completion_at = pg_temp.told_time(payload -> 'planned_completion_at'),
    planned_discharge     = pg_temp.told_boxes(payload #> '{planned,discharge}'),
    planned_load          = pg_temp.told_boxes(payload #> '{planned,load}'),
    planned_shift         = pg_temp.told_boxes(payload #> '{planned,shift}');

-- A call that ends before it begins: the end is what was told last, and wrong.
UPDATE vessel_call SET last_line_at = NULL WHERE last_line_at < greatest(first_line_at, all_fast_at);
UPDATE vessel_call SET all_fast_at = NULL WHERE all_fast_at < first_line_at;

INSERT INTO call_assignment (terminal, call_id, crane, from_at, until_at)
SELECT DISTINCT ON (terminal, call_id, crane, from_at) *
FROM (
    SELECT c.terminal, c.call_id, pg_temp.told_id(told -> 'crane') AS crane, pg_temp.told_time(told -> 'from') AS from_at,
           pg_temp.told_time(told -> 'until') AS until_at
    FROM vessel_call c, jsonb_array_elements(
        CASE WHEN jsonb_typeof(c.payload -> 'assignments') = 'array' THEN c.payload -> 'assignments' ELSE '[]' END) told
    WHERE jsonb_typeof(told) = 'object'
) a
WHERE crane IS NOT NULL AND from_at IS NOT NULL AND (until_at IS NULL OR until_at > from_at)
ORDER BY terminal, call_id, crane, from_at, until_at;

CREATE VIEW v_vessel_call AS
SELECT c.terminal, c.call_id, c.vessel, c.berth, c.first_line_at, c.all_fast_at, c.last_line_at,
       c.planned_completion_at, c.planned_discharge, c.planned_load, c.planned_shift, a.cranes, c.received_at, c.payload
FROM vessel_call c
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT crane ORDER BY crane) AS cranes FROM call_assignment x
    WHERE x.terminal = c.terminal AND x.call_id = c.call_id
) a ON true;

CREATE VIEW v_call_assignment AS
SELECT terminal, call_id, crane, from_at, until_at FROM call_assignment;
