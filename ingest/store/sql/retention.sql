-- name: drop_chunks
-- $1 table, $2 days; only its owner may call drop_chunks
SELECT drop_old_samples($1::regclass, $2);

-- name: oldest_energy
-- $1 days: when the oldest hour of energy began, and from which full hour on energy is kept
SELECT (SELECT min(began_at) FROM energy_hour),
       date_bin('1 hour', now() - make_interval(days => $1), 'epoch');

-- name: delete_energy
-- $1 a full hour: quarters that ended until then; their hours have no quarter any more
DELETE FROM energy_use WHERE ended_at <= $1;

-- name: delete_energy_hours
-- $1 as above
DELETE FROM energy_hour WHERE began_at < $1;

-- name: delete_quarantine
-- $1 days, $2 at most so many rows; how many they were
WITH deleted AS (
    DELETE FROM quarantine WHERE id IN (
        SELECT id FROM quarantine WHERE received_at < now() - make_interval(days => $1) LIMIT $2
    ) RETURNING 1
)
SELECT count(*) FROM deleted;
