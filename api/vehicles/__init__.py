"""Vehicles: trips and charging sessions."""
