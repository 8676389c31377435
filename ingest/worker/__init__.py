"""The worker: the pipeline as a state machine, its shell, the program."""
