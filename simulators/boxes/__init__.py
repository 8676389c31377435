"""Boxes that flow through a terminal, from vessel to gate or from gate to vessel, each with one number all the way."""
