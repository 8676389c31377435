-- Values that what people say of stops may yet change are provisional until they have said all.
-- depends: 0006_cranes

ALTER TABLE kpi_sample ADD COLUMN state text CHECK (state IN ('provisional', 'final'));

CREATE OR REPLACE VIEW v_kpi AS
SELECT time, terminal, kpi, subject, "window", value, state FROM kpi_sample;
