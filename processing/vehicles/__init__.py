"""Vehicles of horizontal transport: trips, waiting and charging from vehicle telemetry."""
