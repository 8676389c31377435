-- name: roles
-- those of these that there are
SELECT rolname FROM pg_roles WHERE rolname = ANY(%s);

-- name: relations
-- tables and views of the schema that is used, and what the roles may do there by grants of their own
SELECT c.relname, c.relkind IN ('v', 'm') AS is_view,
       coalesce(array_agg(r.rolname || ' ' || a.privilege_type) FILTER (WHERE r.rolname IS NOT NULL), '{}') AS granted
FROM pg_class c
LEFT JOIN LATERAL aclexplode(c.relacl) a ON true
LEFT JOIN pg_roles r ON r.oid = a.grantee AND r.rolname = ANY(%s)
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
GROUP BY c.oid, c.relname, c.relkind ORDER BY c.relname;

-- name: schema
SELECT current_schema(), has_schema_privilege(%s, current_schema(), 'USAGE');
