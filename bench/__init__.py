"""Benchmarks: print what was measured, beside a reference in the same run."""
