"""Cranes: moves and stops from raw signals."""

from processing.cranes.rules import RULES_BY_TYPE, STS, YARD, CraneRules, Schedule

__all__ = ["RULES_BY_TYPE", "STS", "YARD", "CraneRules", "Schedule"]
