"""Simulated containers under cold treatment: what their pulp does, what probes send, and what that comes to."""
