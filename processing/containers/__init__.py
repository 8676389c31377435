"""Containers: numbers with their check digit, size and type."""
