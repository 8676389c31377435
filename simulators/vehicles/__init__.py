"""Vehicles that carry boxes between cranes and blocks: where they drive, who sends them, what their sensors measure."""
