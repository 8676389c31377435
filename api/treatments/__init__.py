"""Cold treatments: announced, listed with their runs, and their schedules."""
