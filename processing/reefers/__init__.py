"""Reefers: excursions and power from reefer telemetry."""
