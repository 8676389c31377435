"""Cranes: what they do, as scripts of motions and switches, and the samples that their sensors send of it."""

from simulators.cranes.crane import Crane, Worked
from simulators.cranes.signals import CraneSamples
from simulators.cranes.truth import TrueDelay, TrueLogOn, TrueMove

__all__ = ["Crane", "CraneSamples", "TrueDelay", "TrueLogOn", "TrueMove", "Worked"]
