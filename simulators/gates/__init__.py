"""Trucks through the gate: they queue, pass a lane that reads them more or less well, stay inside, and leave."""
