-- name: stage
CREATE TEMP TABLE IF NOT EXISTS {stage} (LIKE {table}) ON COMMIT DELETE ROWS;

-- name: clear
DELETE FROM {stage};

-- name: upsert_staged
-- An earlier version stored samples without seq under 0: delivered once more, such a sample is there already.
WITH written AS (
    INSERT INTO {table} SELECT * FROM {stage} s
    WHERE s.seq >= 0 OR NOT EXISTS (
        SELECT FROM {table} t WHERE t.device_id = s.device_id AND t.time = s.time AND t.seq = 0
            AND to_jsonb(t) - '{{seq,received_at}}'::text[] = to_jsonb(s) - '{{seq,received_at}}'::text[]
    )
    ON CONFLICT DO NOTHING RETURNING device_id, time, seq
)
SELECT device_id, (extract(epoch FROM time) * 1000000)::bigint AS time_us, seq FROM written;

-- name: quarantine
INSERT INTO quarantine (received_at, topic, payload, reason, detail, terminal, stream, device, digest)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
WHERE NOT ($10 AND EXISTS (SELECT 1 FROM quarantine WHERE digest = $9));

-- name: status
INSERT INTO device_status (device_id, online, at) VALUES ($1, $2, $3)
ON CONFLICT (device_id) DO UPDATE SET online = excluded.online, at = excluded.at;

-- name: call
-- Announced once more as it was, nothing changes: no row comes back.
INSERT INTO vessel_call AS c (terminal, call_id, vessel, berth, first_line_at, all_fast_at, last_line_at,
                              planned_completion_at, planned_discharge, planned_load, planned_shift,
                              payload, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT (terminal, call_id) DO UPDATE SET
    vessel = excluded.vessel, berth = excluded.berth, first_line_at = excluded.first_line_at,
    all_fast_at = excluded.all_fast_at, last_line_at = excluded.last_line_at,
    planned_completion_at = excluded.planned_completion_at, planned_discharge = excluded.planned_discharge,
    planned_load = excluded.planned_load, planned_shift = excluded.planned_shift,
    payload = excluded.payload, received_at = excluded.received_at
WHERE c.payload IS DISTINCT FROM excluded.payload
RETURNING call_id;

-- name: call_ended_before
-- Whose KPIs change, and from when on, because a call does that had ended before $3: $1 terminal, $2 call, $4 as it is
-- announced now, null where it is withdrawn.
SELECT s.subject, c.begin_at
FROM (
    SELECT v.berth, least(v.first_line_at, v.all_fast_at, min(a.from_at)) AS begin_at, v.last_line_at,
           array_remove(array_agg(DISTINCT a.crane), NULL) AS cranes
    FROM vessel_call v LEFT JOIN call_assignment a USING (terminal, call_id)
    WHERE v.terminal = $1 AND v.call_id = $2 AND v.payload IS DISTINCT FROM $4
    GROUP BY v.terminal, v.call_id
) c
CROSS JOIN LATERAL unnest(c.cranes || ARRAY[$1, $2, c.berth]) AS s (subject)
WHERE s.subject IS NOT NULL AND coalesce(c.last_line_at, c.begin_at + interval '96 hours') < $3
  AND c.begin_at IS NOT NULL;

-- name: call_before
-- The vessel of a call, and what its cranes are assigned for; null where none is: $1 terminal, $2 call.
SELECT v.vessel, a.crane, a.from_at, a.until_at
FROM vessel_call v LEFT JOIN call_assignment a USING (terminal, call_id) WHERE v.terminal = $1 AND v.call_id = $2;

-- name: call_documents
-- Events of DCSA of boxes that a crane moved while an assignment held are to be made once more: $1 terminal, $2 crane,
-- $3 from, $4 until or null. Source: processing/calls/attribution.py.
INSERT INTO dcsa_change (terminal, source, device, event, ordinal, fact_at)
SELECT terminal, source, device, event, ordinal, fact_at FROM dcsa_sent
WHERE terminal = $1 AND source = 'crane_move' AND device = $2 AND event IN ('loaded', 'discharged') AND time >= $3
  AND ($4::timestamptz IS NULL OR time <= $4 + interval '10 minutes');

-- name: call_withdrawn
DELETE FROM vessel_call WHERE terminal = $1 AND call_id = $2;

-- name: assignments_withdrawn
DELETE FROM call_assignment WHERE terminal = $1 AND call_id = $2;

-- name: assignment
INSERT INTO call_assignment (terminal, call_id, crane, from_at, until_at) VALUES ($1, $2, $3, $4, $5);

-- name: count
INSERT INTO device_count AS c (device_id, samples_received, stored, duplicate, late, out_of_range, unknown_keys,
                               quarantined, seq_gaps, last_time, last_received_at)
SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                     $8::bigint[], $9::bigint[], $10::timestamptz[], $11::timestamptz[])
ON CONFLICT (device_id) DO UPDATE SET
    samples_received = c.samples_received + excluded.samples_received,
    stored           = c.stored + excluded.stored,
    duplicate        = c.duplicate + excluded.duplicate,
    late             = c.late + excluded.late,
    out_of_range     = c.out_of_range + excluded.out_of_range,
    unknown_keys     = c.unknown_keys + excluded.unknown_keys,
    quarantined      = c.quarantined + excluded.quarantined,
    seq_gaps         = c.seq_gaps + excluded.seq_gaps,
    last_time        = greatest(c.last_time, excluded.last_time),
    last_received_at = greatest(c.last_received_at, excluded.last_received_at);

-- name: cause
INSERT INTO device_cause_count AS c (device_id, fate, cause, count)
SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[])
ON CONFLICT (device_id, fate, cause) DO UPDATE SET count = c.count + excluded.count;

-- name: kpi_sample
-- Where nothing is known there is a row every minute, a gap in a chart, or none: it then only takes the place of one.
INSERT INTO kpi_sample (time, terminal, kpi, subject, "window", value, state)
SELECT time, terminal, kpi, subject, "window", value, state
FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::text[], $8::bool[])
     AS sample (time, terminal, kpi, subject, "window", value, state, per_minute)
WHERE value IS NOT NULL OR per_minute OR EXISTS (
    SELECT 1 FROM kpi_sample k WHERE k.terminal = sample.terminal AND k.kpi = sample.kpi AND k.subject = sample.subject
    AND k."window" = sample."window" AND k.time = sample.time)
ON CONFLICT (terminal, kpi, subject, "window", time) DO UPDATE SET value = excluded.value, state = excluded.state;

-- name: mark_facts
INSERT INTO recompute_facts AS r (device_id, first, last) VALUES ($1, $2, $3)
ON CONFLICT (device_id) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

-- name: mark_kpis
INSERT INTO recompute_kpis AS r (terminal, fact, subject, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (terminal, fact, subject) DO UPDATE SET since = least(r.since, excluded.since);

-- name: unmark_facts
DELETE FROM recompute_facts WHERE device_id = $1 AND first >= $2 AND last <= $3 AND xmin::text = $4;

-- name: shorten_visits
-- Unless it was written once more.
UPDATE recompute_visits SET first = $3::timestamptz + interval '1 microsecond'
WHERE terminal = $1 AND first >= $2 AND xmin::text = $4;

-- name: unmark_visits
DELETE FROM recompute_visits WHERE terminal = $1 AND first > last AND first >= $2 AND first > $3;

-- name: unmark_kpis
DELETE FROM recompute_kpis WHERE terminal = $1 AND fact = $2 AND subject = $3 AND since >= $4 AND xmin::text = $5;

-- name: mark_events
INSERT INTO recompute_events (terminal, hour) VALUES ($1, $2)
ON CONFLICT (terminal, hour) DO UPDATE SET hour = excluded.hour;

-- name: unmark_events
DELETE FROM recompute_events WHERE terminal = $1 AND hour = $2 AND xmin::text = $3;

-- name: alarm_note
INSERT INTO alarm_note (terminal, fact, devices, since) VALUES ($1, $2, $3, $4);
