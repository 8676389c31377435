"""What is answered about crane moves."""

from msgspec import Struct

from api.facts.answers import FactAnswer, answers
from api.facts.listing import FactList
from processing.cranes.facts import MOVE


@answers(MOVE)
class Move(FactAnswer, frozen=True):
    """One crane move. Its cycle begins where the move before ended; null where that is not known."""


class Moves(Struct, frozen=True):
    """Crane moves, newest first."""

    moves: list[Move]


MOVES = FactList(Move, Moves)
