-- Energy by hours, each with its four quarters: a quarter of the rows, so that months are summed quickly. The table follows
-- energy_use by itself, whoever writes there. NULL: there is no fact of the quarter.
-- depends: 0038_runs_of

CREATE TABLE energy_hour (
    device_id integer NOT NULL,
    began_at  timestamptz NOT NULL,  -- a full hour, by UTC
    mwh_00 bigint, mwh_15 bigint, mwh_30 bigint, mwh_45 bigint,  -- energy by the minute at which the quarter began [1e-3 Wh]
    s_00 integer, s_15 integer, s_30 integer, s_45 integer,  -- for how long it is known
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX energy_hour_began_at ON energy_hour (began_at);

CREATE FUNCTION follow_energy_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one energy_use;
    mwh bigint;
    known_s integer;
    quarter integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        one := OLD;
    ELSE
        one := NEW;
        mwh := round(one.energy_kwh * 1000000)::bigint;
        known_s := one.measured_s;
    END IF;
    quarter := (extract(epoch FROM one.began_at)::bigint / 900) % 4;
    INSERT INTO energy_hour AS h VALUES (
        one.device_id, date_bin('1 hour', one.began_at, 'epoch'),
        CASE quarter WHEN 0 THEN mwh END, CASE quarter WHEN 1 THEN mwh END,
        CASE quarter WHEN 2 THEN mwh END, CASE quarter WHEN 3 THEN mwh END,
        CASE quarter WHEN 0 THEN known_s END, CASE quarter WHEN 1 THEN known_s END,
        CASE quarter WHEN 2 THEN known_s END, CASE quarter WHEN 3 THEN known_s END
    ) ON CONFLICT (device_id, began_at) DO UPDATE SET
        mwh_00 = CASE quarter WHEN 0 THEN mwh ELSE h.mwh_00 END, mwh_15 = CASE quarter WHEN 1 THEN mwh ELSE h.mwh_15 END,
        mwh_30 = CASE quarter WHEN 2 THEN mwh ELSE h.mwh_30 END, mwh_45 = CASE quarter WHEN 3 THEN mwh ELSE h.mwh_45 END,
        s_00 = CASE quarter WHEN 0 THEN known_s ELSE h.s_00 END, s_15 = CASE quarter WHEN 1 THEN known_s ELSE h.s_15 END,
        s_30 = CASE quarter WHEN 2 THEN known_s ELSE h.s_30 END, s_45 = CASE quarter WHEN 3 THEN known_s ELSE h.s_45 END;
    RETURN NULL;
END $$;

CREATE TRIGGER follow_energy_use AFTER INSERT OR UPDATE OR DELETE ON energy_use
FOR EACH ROW EXECUTE FUNCTION follow_energy_use();

INSERT INTO energy_hour
SELECT device_id, date_bin('1 hour', began_at, 'epoch'),
       max(mwh) FILTER (WHERE quarter = 0), max(mwh) FILTER (WHERE quarter = 1),
       max(mwh) FILTER (WHERE quarter = 2), max(mwh) FILTER (WHERE quarter = 3),
       max(measured_s) FILTER (WHERE quarter = 0), max(measured_s) FILTER (WHERE quarter = 1),
       max(measured_s) FILTER (WHERE quarter = 2), max(measured_s) FILTER (WHERE quarter = 3)
FROM (
    SELECT device_id, began_at, measured_s, round(energy_kwh * 1000000)::bigint AS mwh,
           (extract(epoch FROM began_at)::bigint / 900) % 4 AS quarter
    FROM energy_use
) one
GROUP BY 1, 2;
