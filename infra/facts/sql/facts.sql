-- Statements of any type of fact, and the pieces that a column adds to them; infra/facts/statements.py fills them in.
-- Rows of older versions have NULL where a list of texts is empty: `read_texts`.

-- name: upsert
INSERT INTO {table} ({columns}) VALUES ({places})
ON CONFLICT ({key}) DO UPDATE SET {changes};

-- name: announce
-- A document: beside its columns the payload that they were read from, when it came as it is now, and when first.
-- Announced once more as it was, nothing changes.
INSERT INTO {table} AS t ({columns}, payload, received_at, announced_at)
VALUES ({places}, {payload_place}, {received_place}, {received_place})
ON CONFLICT ({key}) DO UPDATE SET {changes}, payload = excluded.payload, received_at = excluded.received_at
WHERE t.payload IS DISTINCT FROM excluded.payload;

-- name: delete
DELETE FROM {table} WHERE ({key}) = ({key_places});

-- name: one
SELECT {selected} FROM {table} WHERE ({key}) = ({key_places});

-- name: between
-- The last column of the key is the fact's time.
SELECT {selected} FROM {table} WHERE {owner} = ANY($1::{owner_type}[]) AND {time} >= $2 AND {time} < $3;

-- name: seen_instant
SELECT {selected} FROM {table} WHERE {owner} = ANY($1::{owner_type}[]) AND {begin} > $2 AND {begin} <= $3;

-- name: seen_span
SELECT {selected} FROM {table}
WHERE {owner} = ANY($1::{owner_type}[]) AND ({end} IS NULL OR {end} > $2) AND {begin} <= $3;

-- name: seen_level
-- With the last one before, which still held.
SELECT {selected} FROM {table} WHERE {owner} = ANY($1::{owner_type}[]) AND {begin} > $2 AND {begin} <= $3
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON ({line}) {selected} FROM {table}
    WHERE {owner} = ANY($1::{owner_type}[]) AND {begin} <= $2 ORDER BY {line}, {begin} DESC
) before;

-- name: seen_passage
SELECT {selected} FROM {table}
WHERE {owner} = ANY($1::{owner_type}[]) AND coalesce({end}, {begin}) > $2 AND least({begin}, {end}) <= $3;

-- name: place
${at}

-- name: change
{name} = excluded.{name}

-- name: read
{name}

-- name: read_texts
coalesce({name}, '{{}}') AS {name}
