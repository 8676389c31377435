-- name: pending
SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)
     + (SELECT count(*) FROM recompute_visits)
     + (SELECT count(*) FROM recompute_events)
     + (SELECT count(*) FROM recompute_containers WHERE retry_at IS NULL OR retry_at <= now())
     + (SELECT count(*) FROM recompute_appointments)
     + (SELECT count(*) FROM treatment_waiting);

-- name: next_facts
-- `version` changes whenever a note is written, here and below: what comes in the middle of our work is done once more.
SELECT device_id, first, last, xmin::text AS version FROM recompute_facts ORDER BY first LIMIT 1;

-- name: versions
SELECT device_id, xmin::text AS version FROM recompute_facts WHERE device_id = ANY($1::int[]);

-- name: next_kpis
-- All of the terminal whose earliest one is the earliest.
SELECT terminal, fact, subject, since, xmin::text AS version FROM recompute_kpis
WHERE terminal = (SELECT terminal FROM recompute_kpis ORDER BY since LIMIT 1) ORDER BY since;
