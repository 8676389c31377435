"""Devices: their counters and their newest samples."""
