"""Writing: one batch in one transaction."""
