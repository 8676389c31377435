"""The detectors of one crane: its moves and its delays, from segments in which nothing switches."""
