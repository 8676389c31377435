"""Containers: search, what is known of one, and announcing it."""
