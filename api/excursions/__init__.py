"""Reefer excursions."""
