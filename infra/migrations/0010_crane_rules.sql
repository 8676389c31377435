-- Parameters that a crane's facts were made with: when they change, its facts are made again.
-- depends: 0009_calls

CREATE TABLE crane_rules (
    device_id integer PRIMARY KEY,
    rules     jsonb NOT NULL  -- [[from when on in µs since 1970 UTC, {attribute of CraneRules: value}], …]
);
