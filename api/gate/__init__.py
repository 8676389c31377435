"""Gate lanes."""
