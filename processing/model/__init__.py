"""The vocabulary that all streams share: signals, samples, devices, facts, trackers. Imports nothing else of ours."""
