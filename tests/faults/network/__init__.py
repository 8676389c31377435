"""Faults of the network between the worker and its servers."""
