"""What an import did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, field

from contactcenter.services.things import LeftOut

_MOST_NAMED = 10  # of what was left out, so many are named


@dataclass
class Counts:
    """Of services, channels or terms."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def count(self, added: int, changed: int, unchanged: int) -> None:
        """Add what was written, and what was not."""
        self.added += added
        self.changed += changed
        self.unchanged += unchanged

    @property
    def differences(self) -> int:
        """How many are not as they were."""
        return self.added + self.changed + self.removed


@dataclass
class Imported:
    """What an import did, or would do. `left_out`: how often for which reason, and `named` the
    first ids; `cycles`: terms that stood above themselves and lost their parent."""

    services: Counts = field(default_factory=Counts)
    channels: Counts = field(default_factory=Counts)
    terms: Counts = field(default_factory=Counts)
    left_out: dict[LeftOut, int] = field(default_factory=dict)
    named: dict[LeftOut, list[str]] = field(default_factory=dict)
    cycles: list[str] = field(default_factory=list)

    @property
    def differences(self) -> int:
        """How many things are not as they were."""
        return sum(one.differences for one in (self.services, self.channels, self.terms))

    def leave_out(self, why: LeftOut, called: str) -> None:
        """Count one that is not taken."""
        self.left_out[why] = self.left_out.get(why, 0) + 1
        named = self.named.setdefault(why, [])
        if called and len(named) < _MOST_NAMED:
            named.append(called)
