-- Conflicts are judged by how long they last, not by the event before: states and conflicts of all boxes are made again.
-- depends: 0038_runs_of

INSERT INTO recompute_containers (terminal, container_id)
SELECT DISTINCT terminal, container_id FROM container_event
ON CONFLICT DO NOTHING;
