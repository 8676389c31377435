"""Delays of cranes, and the causes that people state."""
