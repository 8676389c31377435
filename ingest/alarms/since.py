"""From when on facts may have changed, by group of neighbours."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Since:
    """From when on facts may have changed, by group of neighbours. [µs since 1970 UTC].

    Attributes:
        everyone_us: of groups that are not listed; None: nothing has changed there.
        groups_us: of those that are.
    """

    everyone_us: int | None = None
    groups_us: dict[str, int] = field(default_factory=dict)

    def of(self, group: str) -> int | None:
        """Of one group."""
        return self.groups_us.get(group, self.everyone_us)

    def put(self, group: str, since_us: int) -> None:
        """Of one group, where that is earlier."""
        known = self.of(group)
        self.groups_us[group] = since_us if known is None else min(known, since_us)

    def level(self) -> None:
        """Where everyone is concerned since earlier, so is each group."""
        if self.everyone_us is not None:
            self.groups_us = {group: min(since_us, self.everyone_us) for group, since_us in self.groups_us.items()}

    def before(self, us: int) -> "Since":
        """So much earlier. [µs]."""
        everyone_us = None if self.everyone_us is None else self.everyone_us - us
        return Since(everyone_us, {group: since_us - us for group, since_us in self.groups_us.items()})

    @property
    def anything(self) -> bool:
        """Whether anything may have changed."""
        return self.everyone_us is not None or bool(self.groups_us)

    @property
    def least_us(self) -> int:
        """The earliest one."""
        found = [*self.groups_us.values(), *([] if self.everyone_us is None else [self.everyone_us])]
        return min(found)
