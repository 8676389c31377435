"""Cold treatments: schedules."""
