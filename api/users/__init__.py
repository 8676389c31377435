"""Users of the API: people with a password."""
