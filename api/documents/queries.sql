-- name: topics
-- $1 kind, $2 terminal, $3 id: topics other than the one with the id as it is stored, under which it is retained.
SELECT topic FROM document_topic WHERE kind = $1 AND terminal = $2 AND document_id = $3 ORDER BY topic;
