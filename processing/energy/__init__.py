"""Energy of devices by quarters of an hour."""
