-- name: write
-- Transactional: its commit waits until the message is on disk. Nobody reads it.
SELECT pg_logical_emit_message(true, 'quaystream', 'alive');
