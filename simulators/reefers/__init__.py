"""Reefers on the plugs of a terminal: cargo, machinery, power, doors, modems, and what really happened to them."""
