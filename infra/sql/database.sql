-- name: forget_old_id
-- Recorded under both ids: the new one counts.
DELETE FROM _yoyo_migration WHERE migration_id = %(old)s
AND EXISTS (SELECT 1 FROM _yoyo_migration WHERE migration_id = %(new)s);

-- name: rename_migration
UPDATE _yoyo_migration SET migration_id = %(new)s, migration_hash = %(hash)s WHERE migration_id = %(old)s;

-- name: rename_in_log
UPDATE _yoyo_log SET migration_id = %(new)s, migration_hash = %(hash)s WHERE migration_id = %(old)s;

-- name: principal
-- $1 who makes changes over this connection, for the audit log
SELECT set_config('quaystream.principal', $1, false);
