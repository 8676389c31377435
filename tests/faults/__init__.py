"""Experiments that break things while messages flow, and count what is lost; see docs/faults.md."""
