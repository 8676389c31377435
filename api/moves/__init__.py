"""Crane moves."""
