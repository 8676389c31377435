-- `events` are the columns of a container event, `reefers` and `readings` the stream of reefers and its table;
-- ingest/dcsa/outbox.py fills them in.

-- name: take
-- $1 how many. Their keys, in the order of the changes.
DELETE FROM dcsa_change WHERE number IN (SELECT number FROM dcsa_change ORDER BY number LIMIT $1)
RETURNING number, terminal, source, device, event, ordinal, fact_at;

-- name: events
-- $1 to $6 keys, column by column.
SELECT {events} FROM container_event
JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[])
    AS key (terminal, source, device, event, ordinal, fact_at) USING (terminal, source, device, event, ordinal, fact_at);

-- name: last
-- $1 to $6 as above: what was sent last of each.
SELECT terminal, source, device, event, ordinal, fact_at, container_id, event_id::text AS event_id, event_type, retracts,
       document::text AS document
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[])
    AS key (terminal, source, device, event, ordinal, fact_at)
CROSS JOIN LATERAL (
    SELECT container_id, event_id, event_type, retracts, document FROM dcsa_event d
    WHERE (d.terminal, d.source, d.device, d.event, d.ordinal, d.fact_at)
        = (key.terminal, key.source, key.device, key.event, key.ordinal, key.fact_at)
    ORDER BY number DESC LIMIT 1
) last;

-- name: known
-- $1 to $6 as above, of events that there are: what is known beside each.
SELECT terminal, source, device, event, ordinal, fact_at,
       coalesce(a.iso_code, m.size_type) AS iso_code, coalesce(a.empty_indicator, f.empty_indicator) AS empty_indicator,
       a.category, c.call_id, c.vessel, g.passage, g.plate, r.setpoint_degc, r.supply_degc, r.return_degc,
       r.ambient_degc, r.o2_pct, r.co2_pct, r.humidity_pct, r.powered
FROM container_event e
JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[])
    AS key (terminal, source, device, event, ordinal, fact_at) USING (terminal, source, device, event, ordinal, fact_at)
LEFT JOIN device d USING (terminal, stream, device)
LEFT JOIN container_announcement a USING (terminal, container_id)
LEFT JOIN LATERAL (
    -- The newest message about the box that states it.
    SELECT t.size_type FROM tos_event t JOIN tos_message USING (terminal, message_id)
    WHERE holds AND t.terminal = e.terminal AND t.container_id = e.container_id AND t.time <= e.time + interval '1 day'
      AND t.size_type IS NOT NULL
    ORDER BY t.time DESC, t.message_id, t.line LIMIT 1
) m ON true
LEFT JOIN LATERAL (
    -- Another one may be the newest that states this.
    SELECT t.empty_indicator FROM tos_event t JOIN tos_message USING (terminal, message_id)
    WHERE holds AND t.terminal = e.terminal AND t.container_id = e.container_id AND t.time <= e.time + interval '1 day'
      AND t.empty_indicator IS NOT NULL
    ORDER BY t.time DESC, t.message_id, t.line LIMIT 1
) f ON true
LEFT JOIN LATERAL (
    -- As moves are attributed to calls: processing/calls/attribution.py.
    SELECT s.call_id, v.vessel FROM call_assignment s LEFT JOIN vessel_call v USING (terminal, call_id)
    WHERE e.event IN ('loaded', 'discharged') AND s.terminal = e.terminal AND s.crane = e.device AND s.from_at <= e.time
      AND (s.until_at IS NULL OR s.until_at >= e.time - interval '10 minutes')
    ORDER BY s.from_at DESC, s.call_id DESC LIMIT 1
) c ON true
LEFT JOIN LATERAL (
    SELECT format('%s/%s', e.device, floor(extract(epoch FROM e.fact_at) * 1000)::bigint) AS passage, t.plate
    FROM gate_transaction t WHERE e.source = 'gate_transaction' AND t.device_id = d.device_id AND t.entered_at = e.fact_at
) g ON true
LEFT JOIN LATERAL (
    SELECT s.setpoint_degc, s.supply_degc, s.return_degc, s.ambient_degc, s.o2_pct, s.co2_pct, s.humidity_pct, s.powered
    FROM {readings} s
    WHERE e.stream = '{reefers}' AND s.device_id = d.device_id AND s.time <= e.time AND s.time > e.time - interval '1 day'
    ORDER BY s.time DESC, s.seq DESC LIMIT 1
) r ON true;

-- name: keep
INSERT INTO dcsa_event (terminal, source, device, event, ordinal, fact_at, container_id, event_id, event_type, retracts,
    document, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: unsent
-- $1 numbers that are on their way, $2 how many, $3 terminals whose events the broker refuses.
SELECT number, terminal, container_id, document::text AS document FROM dcsa_event
WHERE published_at IS NULL AND number <> ALL($1::bigint[]) AND terminal <> ALL($3::text[])
ORDER BY number LIMIT $2;

-- name: sent
-- $1 numbers that the broker has acknowledged.
UPDATE dcsa_event SET published_at = now() WHERE number = ANY($1);
