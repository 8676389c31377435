"""Properties that are computed when they are first asked for, and kept.

As `functools.cached_property`, which up to Python 3.11 takes a lock each time it computes: views over a window live for
milliseconds, in one thread, and compute each property once, so that the lock costs as much as the sums.
"""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class Kept(Generic[T]):
    """A property of objects that have a `__dict__` and do not change.

    Args:
        compute: makes the value.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, of: None, kind: type[Any]) -> Self: ...

    @overload
    def __get__(self, of: object, kind: type[Any]) -> T: ...

    def __get__(self, of: object | None, kind: type[Any]) -> T | Self:
        """The value: computed now, since the next look finds it in the object itself."""
        if of is None:
            return self
        value = of.__dict__[self._name] = self._compute(of)
        return value
