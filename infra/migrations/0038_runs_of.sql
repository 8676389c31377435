-- Of which announcement the stored runs of a treatment are made: behind one that failed they can be followed further,
-- although older readings were dropped. NULL: of an earlier one, or not known.
-- depends: 0037_tos_places

ALTER TABLE treatment ADD COLUMN runs_of timestamptz;
