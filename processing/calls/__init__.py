"""Vessel calls: what is announced of them, and which call a crane works when."""
