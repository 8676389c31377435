"""Whole histories of faults against models of the broker and the database."""
