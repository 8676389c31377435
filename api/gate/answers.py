"""What is answered about gate lanes."""

from msgspec import Struct

from api.facts.answers import FactAnswer, answers
from processing.gates.facts import TRANSACTION


@answers(TRANSACTION)
class Transaction(FactAnswer, frozen=True):
    """One truck through one lane; `left_at` is null while it is there, and where it did not pass."""


class Transactions(Struct, frozen=True):
    """Gate transactions, newest first."""

    transactions: list[Transaction]
