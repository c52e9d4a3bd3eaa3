"""One house for many faults, and a new one after each that left something broken behind."""

from __future__ import annotations

import shutil
from contextlib import AsyncExitStack
from pathlib import Path

from tests.faults.house import House, open_house
from tests.faults.matrix import Fault


class Houses:
    """`keep`: where the nodes' logs go when a house is left."""

    def __init__(self, keep: Path | None) -> None:
        self._keep = keep
        self._house: House | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Houses:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def for_(self, fault: Fault) -> House:
        """The house that stands, with one node; a fault may want one of its own."""
        if fault.house is not None:
            await self.leave()
        if self._house is None:
            self._house = await self._stack.enter_async_context((fault.house or open_house)())
            if not self._house.nodes:
                await self._house.add_node()
        return self._house

    async def leave(self) -> None:
        """Take it down: whatever was stopped, stalled or added in it, the next fault begins in a
        sound one."""
        house, self._house = self._house, None
        if house is not None and self._keep is not None:
            self._keep.mkdir(parents=True, exist_ok=True)
            for log in house.folder.glob("node*/serve.log"):
                shutil.copy(log, self._keep / f"{house.folder.name}.{log.parent.name}.log")
        await self._stack.aclose()
