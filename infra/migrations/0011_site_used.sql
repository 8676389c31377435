-- Decisions that a terminal's KPI samples were made with: when they change, its samples are made again.
-- depends: 0010_crane_rules

CREATE TABLE site_used (
    terminal  text PRIMARY KEY,
    decisions jsonb NOT NULL  -- time zone, shifts, counted moves, deducted causes
);
