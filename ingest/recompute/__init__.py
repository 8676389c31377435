"""Facts and KPIs from raw samples: at start, after late samples, and on demand."""
