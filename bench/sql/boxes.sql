-- name: without_triggers
-- Nobody makes states of these events: they are given.
ALTER TABLE container_event DISABLE TRIGGER USER;

-- name: numbers
-- So many numbers of ten owners, serials spread over all digits.
CREATE TABLE bench_box AS
SELECT n, (ARRAY['CSLU', 'CSNU', 'OOLU', 'MSCU', 'MSKU', 'HLXU', 'TCLU', 'CAIU', 'SEGU', 'TEMU'])[n %% 10 + 1]
          || lpad((n / 10 * 7919 %% 1000000)::text, 6, '0') || n / 10 %% 10 AS container_id
FROM generate_series(0, %(boxes)s - 1) AS n;

-- name: states
-- A seventh is expected, the others have been here.
INSERT INTO container_announcement (terminal, container_id, iso_code, payload, received_at, announced_at)
SELECT %(terminal)s, container_id, '45R1', '{}', now(), now() FROM bench_box WHERE n %% 7 = 0;
INSERT INTO container_state (terminal, container_id, state, place, since_at)
SELECT %(terminal)s, container_id, (ARRAY['left', 'left', 'inside', 'on_vessel'])[n %% 4 + 1], 'in1', now()
FROM bench_box WHERE n %% 7 > 0;

-- name: events
-- One event of each.
INSERT INTO container_event
SELECT %(terminal)s, 'crane_move', 'armg' || n %% 15, 'placed', 0, now() - n * interval '1 second', container_id,
       now() - n * interval '1 second', 'crane', 'armg' || n %% 15, 0.99, true, container_id
FROM bench_box;

-- name: timeline
-- So many events of one box.
INSERT INTO container_event
SELECT %(terminal)s, 'crane_move', 'armg' || n %% 15, CASE n %% 2 WHEN 0 THEN 'picked' ELSE 'placed' END, 0,
       now() - n * interval '1 hour', %(number)s, now() - n * interval '1 hour', 'crane', 'armg' || n %% 15, 0.99, true,
       %(number)s
FROM generate_series(1, %(count)s) AS n;
