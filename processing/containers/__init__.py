"""Containers: numbers and their check digit."""
