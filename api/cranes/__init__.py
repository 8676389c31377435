"""One crane: its cycles and its raw signals."""
