"""Cold treatments of containers: schedules, and runs over the readings of pulp probes."""
