-- name: number
coalesce({column}::float8, 'NaN')

-- name: packed
({codes})::int8

-- name: shifted
({code} << {shift})

-- name: flag
coalesce({column}::int, {absent})

-- name: word
CASE {column} {cases} ELSE {absent} END

-- name: case
WHEN '{word}' THEN {code}
