"""The fact store: facts in memory that open windows need."""
