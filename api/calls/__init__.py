"""Vessel calls: as they were announced last, and announcing them."""
