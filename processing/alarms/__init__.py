"""Alarms: conditions as rows of a table, and the alarms that follow from facts. Source: ISA-18.2."""
