-- name: stored
-- Alarms that are active, or were cleared at or after $3: $1 terminal, $2 which, $4 of these subjects, null: of all.
SELECT {selected} FROM alarm
WHERE terminal = $1 AND alarm = ANY($2::text[]) AND coalesce(cleared_at, 'infinity') >= $3
  AND ($4::text[] IS NULL OR subject = ANY($4));

-- name: unknown
-- Alarms of conditions that are none any more, as of KPIs whose target was taken out of the site file: $2 those that are.
SELECT {selected} FROM alarm WHERE terminal = $1 AND alarm <> ALL($2::text[]);
