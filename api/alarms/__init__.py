"""Alarms, and what people do about them."""
