-- name: rows
COPY (SELECT device, boot, (extract(epoch FROM time) * 1000000)::bigint, seq, {signals}, extra,
             (extract(epoch FROM received_at) * 1000000)::bigint
      FROM v_crane WHERE terminal = %s) TO STDOUT;

-- name: quarantine
SELECT topic, payload FROM v_quarantine WHERE topic LIKE %s;

-- name: moves
SELECT device, (extract(epoch FROM locked_at) * 1000)::bigint, (extract(epoch FROM lifted_at) * 1000)::bigint,
       (extract(epoch FROM landed_at) * 1000)::bigint, (extract(epoch FROM unlocked_at) * 1000)::bigint,
       kind, boxes, teu, inferred
FROM v_crane_move WHERE terminal = %s;
