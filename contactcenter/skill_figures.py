"""Contacts that wait for a skill that nobody has, as metrics and the health page show them. Of all
nodes together: they are read from the database."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge

from contactcenter.routing.uncovered import Uncovered, waiting

_WHY = ("nobody_able", "nobody_on_duty")


class SkillFigures:
    """The gauge; `renew` reads it."""

    def __init__(self, uncovered: Uncovered, registry: CollectorRegistry) -> None:
        self._uncovered = uncovered
        self._waiting = Gauge(
            "contactcenter_waiting_uncovered",
            "Contacts that wait for a skill that nobody has, or nobody at work",
            ("why",),
            registry=registry,
        )

    async def renew(self) -> None:
        """Read it."""
        gaps = await self._uncovered.gaps()
        for why in _WHY:
            self._waiting.labels(why).set(waiting(gaps, why))

    async def check(self) -> tuple[bool, str]:
        """For the health page: false while contacts wait that nobody could ever take."""
        n = waiting(await self._uncovered.gaps(), "nobody_able")
        return n == 0, f"{n} contacts wait for a skill that nobody has" if n else ""
