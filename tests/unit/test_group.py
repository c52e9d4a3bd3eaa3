"""Group commit: how many at once, and that what comes in gives way where others go first."""

from __future__ import annotations

import asyncio

from contactcenter.kernel.group import Group


class Commits:
    """Commits that end when told; how many there were at most at once, and how large."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.sizes: list[int] = []
        self.under_way: list[int] = []
        self.go = asyncio.Semaphore(0)

    async def commit(self, items: list[int]) -> list[int]:
        self.now += 1
        self.most = max(self.most, self.now)
        self.sizes.append(len(items))
        self.under_way += items
        await self.go.acquire()
        self.under_way = [one for one in self.under_way if one not in items]
        self.now -= 1
        return [-item for item in items]


async def took(gives_way: bool) -> Commits:
    """Six items, of which two and more go together."""
    commits = Commits()
    group = Group(commits.commit, most=2, lanes=2, fill=2, gives_way=lambda: gives_way)
    adding = [asyncio.ensure_future(group.add(n)) for n in range(6)]
    for _ in range(5):  # until the first commits have begun
        await asyncio.sleep(0)
    for _ in range(6):
        commits.go.release()
    assert await asyncio.gather(*adding) == [0, -1, -2, -3, -4, -5]
    await group.idle()
    return commits


async def test_many_are_committed_in_two_lanes() -> None:
    commits = await took(gives_way=False)
    assert commits.most == 2
    assert sum(commits.sizes) == 6


async def test_what_gives_way_is_committed_in_one() -> None:
    commits = await took(gives_way=True)
    assert (commits.most, sum(commits.sizes)) == (1, 6)


async def test_those_of_one_key_keep_their_order_while_others_go_beside_them() -> None:
    """The even ones are of one key: the second waits for the first, and the odd one does not."""
    commits = Commits()
    group = Group(commits.commit, most=1, lanes=2, key=lambda n: n % 2)
    adding = [asyncio.ensure_future(group.add(n)) for n in (0, 2, 4, 1)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert commits.under_way == [0, 1]
    commits.go.release()
    await adding[0]
    for _ in range(5):
        await asyncio.sleep(0)
    assert commits.under_way == [1, 2]
    for _ in range(3):
        commits.go.release()
    assert await asyncio.gather(*adding) == [0, -2, -4, -1]
    await group.idle()


async def test_those_of_one_key_may_go_in_one_commit() -> None:
    commits = Commits()
    group = Group(commits.commit, most=9, lanes=2, key=lambda n: n % 2)
    adding = [asyncio.ensure_future(group.add(n)) for n in range(8)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert commits.sizes == [8]
    commits.go.release()
    assert await asyncio.gather(*adding) == [-n for n in range(8)]
