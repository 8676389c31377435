"""Whether the API runs, and whether what it needs is there."""
