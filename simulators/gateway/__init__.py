"""A gateway with an outbox on disk: what it has accepted reaches the database, whatever broker and worker do."""
