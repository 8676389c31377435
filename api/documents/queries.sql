-- name: topics
-- $1 kind, $2 terminal, $3 id: topics other than the one with the id as it is stored, under which it is retained.
SELECT topic FROM document_topic WHERE kind = $1 AND terminal = $2 AND document_id = $3 ORDER BY topic;

-- name: note_call
-- $1 terminal, $2 action, $3 id, $4 the document as it is announced now or null
SELECT note_audit($1, $2, $3, (SELECT payload::jsonb FROM vessel_call WHERE terminal = $1 AND call_id = $3), $4::jsonb);

-- name: note_announcement
-- $1 terminal, $2 action, $3 id, $4 the document as it is announced now or null
SELECT note_audit($1, $2, $3, (SELECT payload::jsonb FROM container_announcement WHERE terminal = $1 AND container_id = $3), $4::jsonb);

-- name: note_treatment
-- $1 terminal, $2 action, $3 id, $4 the document as it is announced now or null
SELECT note_audit($1, $2, $3, (SELECT payload::jsonb FROM treatment_announcement WHERE terminal = $1 AND container_id = $3), $4::jsonb);
