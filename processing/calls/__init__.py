"""Vessel calls: what is announced about them, and which call a crane works when."""
