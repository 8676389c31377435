"""What is answered about the parts that the API needs."""

from msgspec import Struct


class Check(Struct, frozen=True):
    """One thing the API needs; `detail` has what to do when it is not ok."""

    ok: bool
    detail: str


class Readiness(Struct, frozen=True):
    """Whether everything the API needs is there."""

    ready: bool
    checks: dict[str, Check]


class Liveness(Struct, frozen=True):
    """The program runs."""

    status: str
