"""One connection to Redis for all: answers find who asked, whatever happens to the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from contactcenter.kernel import pipe
from contactcenter.kernel.live import Live, LiveUnavailable, Script


@pytest.fixture
async def live(redis_url: str) -> AsyncIterator[Live]:
    opened = Live(redis_url)
    yield opened
    await opened.close()


async def test_answers_come_to_those_who_asked(live: Live) -> None:
    async def echo(n: int) -> bool:
        return bool(await live.call("ECHO", n) == str(n).encode())

    assert all(await asyncio.gather(*map(echo, range(300))))


async def test_an_error_is_told_to_who_asked_alone(live: Live) -> None:
    answers = await asyncio.gather(
        live.call("ECHO", "a"),
        live.call("INCR"),
        live.call("ECHO", "b"),
        return_exceptions=True,
    )
    assert (answers[0], answers[2]) == (b"a", b"b")
    assert isinstance(answers[1], LiveUnavailable)


async def test_who_gives_up_takes_nobodys_answer(live: Live) -> None:
    await live.alive()
    gives_up = asyncio.create_task(live.call("ECHO", "a"))
    stays = asyncio.create_task(live.call("ECHO", "b"))
    await asyncio.sleep(0)  # both are asked, and nothing is read yet
    gives_up.cancel()
    with suppress(asyncio.CancelledError):
        await gives_up
    assert gives_up.cancelled()
    assert (await stays, await live.call("ECHO", "c")) == (b"b", b"c")


async def test_a_script_is_given_where_redis_does_not_know_it(live: Live) -> None:
    script = Script(live, "return {KEYS[1], ARGV[1]}")
    for _ in range(2):
        await live.call("SCRIPT", "FLUSH")
        assert await script(["k"], [7]) == [b"k", b"7"]
        assert await script(["k"], [8]) == [b"k", b"8"]
    with pytest.raises(LiveUnavailable, match="oh"):
        await Script(live, "return redis.error_reply('oh')")([], [])


async def test_after_a_lost_connection_the_next_one_asks(live: Live, redis_url: str) -> None:
    other = Live(redis_url)
    mine = await live.call("CLIENT", "ID")
    waits = asyncio.create_task(live.call("BLPOP", "nothing", 0))
    await asyncio.sleep(0)
    await other.call("CLIENT", "KILL", "ID", mine)
    with pytest.raises(LiveUnavailable):
        await waits
    assert await live.call("CLIENT", "ID") != mine
    await other.close()


class Mute:
    """A server that says hello, and answers nothing that it is asked."""

    def __init__(self) -> None:
        self.connections = 0

    @asynccontextmanager
    async def listening(self, path: Path) -> AsyncIterator[str]:
        async with await asyncio.start_unix_server(self._serve, path):
            yield f"unix://{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while said := await reader.read(1000):
            writer.write(b"+OK\r\n" * said.count(b"SETINFO"))
        writer.close()


async def test_who_gets_no_answer_hangs_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "TIMEOUT_S", 0.1)
    mute = Mute()
    async with mute.listening(tmp_path / "mute") as url:
        live = Live(url)
        for asked in (1, 2):
            answers = await asyncio.gather(
                *(live.call("ECHO", n) for n in range(5)), return_exceptions=True
            )
            assert [str(answer) for answer in answers] == ["Redis does not answer"] * 5
            assert mute.connections == asked
        await live.close()


async def test_where_nobody_listens_all_hear_it(tmp_path: Path) -> None:
    live = Live(f"unix://{tmp_path / 'nobody'}")
    answers = await asyncio.gather(
        *(live.call("ECHO", n) for n in range(5)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [LiveUnavailable] * 5
    assert not await live.alive()
    await live.close()
