"""Group commit: what arrives while a commit runs goes together in the next one.

Alone, an item waits for nothing. Under load many share one commit, and each caller waits little
longer than for its own (docs/performance.md).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextvars import Context
from time import monotonic
from typing import Any, Generic, TypeVar

from contactcenter.kernel.db import ROLLED_BACK, TRANSIENT

_RESTS = 2.0
Item = TypeVar("Item")
Result = TypeVar("Result")


class _Waiting(Generic[Item, Result]):
    __slots__ = ("done", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()


class Group(Generic[Item, Result]):
    """Collects items; `commit` stores some of them together and returns a result for each.

    `most` items go in one commit, fewer where `fits` refuses the next beside those before it. Those
    of one `key` keep their order: they wait while one of it is under way in another lane.
    Up to `lanes` commits run at once; a further one begins only for `fill` items, since small ones
    cost more than they save. Where a commit fails, its items are tried one by one, so that one
    that can't be stored does not take its neighbours along; one that gave way in a deadlock is
    tried again; a lost server fails them all.

    While others are to go first (`gives_way`), one lane works, and rests after each commit for
    twice as long as that took.
    """

    def __init__(
        self,
        commit: Callable[[list[Item]], Awaitable[list[Result]]],
        *,
        most: int,
        lanes: int = 1,
        fill: int = 1,
        fits: Callable[[list[Item], Item], bool] = lambda items, item: True,
        key: Callable[[Item], Hashable] | None = None,
        gives_way: Callable[[], bool] = lambda: False,
    ) -> None:
        self._commit = commit
        self._most, self._lanes, self._fill, self._fits = most, lanes, fill, fits
        self._gives_way = gives_way
        self._key = key
        self._under_way: set[Hashable] = set()  # keys
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, item: Item) -> Result:
        """Commit it; returns its result. Raises what the commit raised."""
        waiting: _Waiting[Item, Result] = _Waiting(item)
        self._waiting.append(waiting)
        many = len(self._waiting) >= self._fill and not self._gives_way()
        if self._running == 0 or (self._running < self._lanes and many):
            self._running += 1
            self.keep(self._run_lane())
        return await waiting.done  # who gives up takes nothing back: it is committed all the same

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that must not be forgotten halfway. It belongs to no single caller, so it
        runs in a context of its own: the first caller's `ref` must not reach the others."""
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def rest(self, began: float) -> None:
        """Where others are to go first, for twice as long as was worked since `began`, a moment of
        time.monotonic."""
        if self._gives_way():
            await asyncio.sleep(_RESTS * (monotonic() - began))

    async def _run_lane(self) -> None:
        try:
            while group := self._next():
                began = monotonic()
                keys = {self._key(waiting.item) for waiting in group} if self._key else set()
                self._under_way |= keys
                await self._store(group)
                self._under_way -= keys
                await self.rest(began)
                await asyncio.sleep(0)  # who was just told may have more, which can go along
        finally:
            self._running -= 1  # in one step with the last look: nothing is left behind

    def _next(self) -> list[_Waiting[Item, Result]]:
        taken, left = list[_Waiting[Item, Result]](), list[_Waiting[Item, Result]]()
        while self._waiting and len(taken) < self._most:
            item = self._waiting[0].item
            if self._key and self._key(item) in self._under_way:
                left.append(self._waiting.popleft())
            elif taken and not self._fits([waiting.item for waiting in taken], item):
                break
            else:
                taken.append(self._waiting.popleft())
        self._waiting.extendleft(reversed(left))
        return taken

    async def _commit_or_again(self, items: list[Item]) -> list[Result]:
        try:
            return await self._commit(items)
        except ROLLED_BACK:  # it gave way in a deadlock; who won has committed by now
            return await self._commit(items)

    async def _store(self, group: list[_Waiting[Item, Result]]) -> None:
        try:
            results = await self._commit_or_again([waiting.item for waiting in group])
        except Exception as error:
            if len(group) > 1 and not isinstance(error, TRANSIENT):
                for waiting in group:
                    await self._store([waiting])
                return
            for waiting in group:
                if not waiting.done.cancelled():
                    waiting.done.set_exception(error)
            return
        for waiting, result in zip(group, results, strict=True):
            if not waiting.done.cancelled():
                waiting.done.set_result(result)
