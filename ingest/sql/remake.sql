-- name: pending
SELECT (SELECT count(*) FROM recompute_facts) + (SELECT count(*) FROM recompute_kpis);

-- name: next_facts
SELECT device_id, first, last FROM recompute_facts ORDER BY first LIMIT 1;

-- name: next_kpis
SELECT terminal, fact, subject, since FROM recompute_kpis ORDER BY since LIMIT 1;
