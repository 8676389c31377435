-- A message names a place "vessel" of a box that is not loaded: its events are made again, without the place.
-- depends: 0031_tos_reports

INSERT INTO recompute_events (terminal, hour)
SELECT DISTINCT terminal, date_trunc('hour', time, 'UTC') FROM v_tos_report WHERE place = 'vessel'
ON CONFLICT DO NOTHING;
