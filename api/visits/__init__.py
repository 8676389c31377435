"""Truck visits."""
