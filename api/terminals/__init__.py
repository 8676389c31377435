"""Terminals and their clocks."""
