-- name: document_topic_cleared
DELETE FROM document_topic WHERE (kind, terminal, document_id, topic) = ($1, $2, $3, $4);

-- name: document_topic
INSERT INTO document_topic (kind, terminal, document_id, topic) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;
