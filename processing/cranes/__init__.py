"""Cranes: moves and delays from raw signals."""

from processing.cranes.parameters import PARAMETERS_BY_TYPE, STS, YARD, CraneParameters, ParameterHistory

__all__ = ["PARAMETERS_BY_TYPE", "STS", "YARD", "CraneParameters", "ParameterHistory"]
