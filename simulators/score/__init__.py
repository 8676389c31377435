"""How well the detectors find what happened: simulated days, with and without faults, compared with the truth."""
