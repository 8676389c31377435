"""Alarms: derived from stored facts beside the batches, and delivered to who wants to know."""
