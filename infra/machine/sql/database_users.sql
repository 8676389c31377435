-- name: roles
SELECT rolname FROM pg_roles;

-- name: login
ALTER ROLE {user} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {password};

-- name: of_others
-- Statements that make the owner the owner of tables, views and functions that somebody else has: in folders of versions
-- that had one user, the superuser. Indexes, sequences of columns and chunks follow their table.
WITH ours AS (SELECT oid FROM pg_roles WHERE rolname = %s),
     extensions AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
SELECT format('ALTER %%s %%s OWNER TO owner', CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')
  AND relowner NOT IN (SELECT oid FROM ours) AND oid NOT IN (SELECT objid FROM extensions)
UNION ALL
SELECT format('ALTER ROUTINE %%s OWNER TO owner', oid::regprocedure)
FROM pg_proc
WHERE pronamespace = 'public'::regnamespace
  AND proowner NOT IN (SELECT oid FROM ours) AND oid NOT IN (SELECT objid FROM extensions);
