"""Site configuration: time zone, shifts, counted moves, deducted causes and parameters of each terminal."""
