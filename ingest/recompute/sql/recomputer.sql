-- name: pending
SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis)
     + (SELECT count(*) FROM recompute_visits)
     + (SELECT count(*) FROM recompute_events) + (SELECT count(*) FROM recompute_containers)
     + (SELECT count(*) FROM treatment_waiting);

-- name: next_facts
SELECT device_id, first, last FROM recompute_facts ORDER BY first LIMIT 1;

-- name: next_kpis
-- All of the terminal whose earliest one is the earliest.
-- `version` changes whenever a note is written, as by an edit in the middle of our work.
SELECT terminal, fact, subject, since, xmin::text AS version FROM recompute_kpis
WHERE terminal = (SELECT terminal FROM recompute_kpis ORDER BY since LIMIT 1) ORDER BY since;
