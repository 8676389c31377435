-- name: forget_old_id
-- Recorded under both ids: the new one counts.
DELETE FROM _yoyo_migration WHERE migration_id = %(old)s
AND EXISTS (SELECT 1 FROM _yoyo_migration WHERE migration_id = %(new)s);

-- name: rename_migration
UPDATE _yoyo_migration SET migration_id = %(new)s, migration_hash = %(hash)s WHERE migration_id = %(old)s;

-- name: rename_in_log
UPDATE _yoyo_log SET migration_id = %(new)s, migration_hash = %(hash)s WHERE migration_id = %(old)s;
