"""A private, real TimescaleDB and Mosquitto on this machine."""
