"""Mails that the product can't read, or dies of; and files that nobody has looked through."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress

from tests.faults.citizens import letter
from tests.faults.post import Post, as_admin, fetching, raw
from tests.faults.stage import Stage

GOOD = 100
KINDS = ("kills", "hangs", "fails")
MOST_GIVEN = 6  # times that the server gave a poisonous mail: three tries, and one before each
KEPT_S = 60.0
KEPT = """
SELECT id FROM contact WHERE state = 'quarantined' AND NOT id = ANY($1::bigint[]) ORDER BY id
"""


async def poison(stage: Stage) -> None:
    """F21: mails that kill, hang or fail their reader lie among good ones, and one that is too deep
    for anybody: the good ones are all there, the others in quarantine with their source."""
    conn = await stage.house.connect()
    before = [row["id"] for row in await conn.fetch(KEPT, [])]
    async with (
        fetching(stage, "fragile_reader") as post,
        stage.crowded(rate=3.0, burst=30, in_flight=20),
    ):
        bad = [_poisoned(kind) for kind in KINDS] + [_too_deep()]
        for one in bad:
            post.come(round(GOOD * stage.share / len(bad)))
            post.server.folders["general"].put(one)
        post.come()
        kept: list[int] = []
        end = time.monotonic() + stage.within(KEPT_S)
        while len(kept) < len(bad) and time.monotonic() < end:
            await _kept_up(post)
            kept = [row["id"] for row in await conn.fetch(KEPT, before)]
            await asyncio.sleep(0.1)
        await post.fetched()
        await post.admin_sees("general", {"error": "mail", "failures": 0})
        sources = Counter([await _source(post, contact) for contact in kept])
        _judge(stage, sources, bad)
        tries = max(mail.given for mail in post.server.folders["general"].mails if mail.raw in bad)
        if tries > MOST_GIVEN:
            stage.broken.append(f"a poisonous mail was fetched {tries} times")
    await conn.close()


def _judge(stage: Stage, sources: Counter[bytes], bad: list[bytes]) -> None:
    for n, one in enumerate(bad):
        if sources[one] != 1:
            stage.broken.append(f"poison {n} lies in quarantine {sources[one]} times")
    if sources.total() != len(bad):
        stage.broken.append(f"{sources.total()} mails lie in quarantine, and not {len(bad)}")


async def _kept_up(post: Post) -> None:
    """As systemd does: what has ended is started."""
    if not post.node.running:
        await post.free()
        with suppress(AssertionError, TimeoutError):  # it may end before it is ready
            await post.stage.house.start(post.node)


async def _source(post: Post, contact: int) -> bytes:
    """A quarantined mail as an admin gets it."""
    house = post.stage.house
    async with (
        as_admin(house) as http,
        http.get(f"{house.url}/admin/quarantine/{contact}/raw") as answer,
    ):
        return await answer.read()


def _poisoned(kind: str) -> bytes:
    mail = letter()
    mail["X-Poison"] = kind
    return raw(mail)


def _too_deep() -> bytes:
    """300 multiparts within each other."""
    layers = [
        b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (n, n + 1)
        for n in range(300)
    ]
    head = b"From: v@example.org\r\nTo: neuvonta@mikkeli.example\r\n"
    head += b'Content-Type: multipart/mixed; boundary="b0"\r\n\r\n'
    return head + b"".join(layers)
