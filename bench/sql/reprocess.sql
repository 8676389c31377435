-- name: aside
CREATE TABLE bench_{table} AS TABLE {table};
TRUNCATE {table};

-- name: bare
SELECT * FROM {table}

-- name: count
SELECT count(*) FROM {table};

-- name: different
-- Rows that only one of the two has. As text every bit of a number shows: the shortest that distinguishes it.
WITH live AS (SELECT t::text FROM bench_{table} t), made AS (SELECT t::text FROM {table} t)
SELECT count(*) FROM (
    (TABLE live EXCEPT ALL TABLE made) UNION ALL (TABLE made EXCEPT ALL TABLE live)
) AS different;
