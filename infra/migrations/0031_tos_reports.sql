-- What messages of the terminal operating system state of boxes becomes part of their timelines.
-- depends: 0020_container_events 0021_tos_events

-- Of messages that hold; each box, event and time once.
CREATE VIEW v_tos_report AS
SELECT DISTINCT ON (e.terminal, e.time, e.container_id, e.event)
       e.terminal, e.container_id, e.event, e.time, e.container_raw, e.place
FROM tos_event e JOIN tos_message m USING (terminal, message_id)
WHERE m.holds AND e.time IS NOT NULL AND e.event <> 'shifted'
ORDER BY e.terminal, e.time, e.container_id, e.event, e.message_id, e.line;

-- Of messages that are stored already, events follow once.
INSERT INTO recompute_events (terminal, hour)
SELECT DISTINCT terminal, date_trunc('hour', time, 'UTC') FROM v_tos_report
ON CONFLICT DO NOTHING;
