"""The embedded servers, as processes: they keep data, they are shared, they never outlive us."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from contactcenter.kernel.child import working_in
from contactcenter.kernel.embedded import Embedded, EmbeddedError, embedded_servers
from contactcenter.kernel.live import Live

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60.0


class Holder:
    """Another process that holds, or uses, the servers of a home."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.database_url = ""
        self.redis_url = ""
        self.attached = False

    async def running(self) -> Holder:
        """Wait until it says that the servers run."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT_S):
            line = await self.process.stdout.readline()
        assert line, "it ended instead"
        for name, value in json.loads(line).items():
            setattr(self, name, value)
        return self

    def let_go(self) -> None:
        """Tell it to end."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    async def ended(self) -> int:
        """Its exit code."""
        async with asyncio.timeout(WAIT_S):
            return await self.process.wait()

    async def end(self) -> int:
        """Tell it, and wait."""
        self.let_go()
        return await self.ended()

    async def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        await self.process.wait()


async def begin(home: Path, *words: str) -> Holder:
    """Start a holder; it may have to wait for another."""
    command = [sys.executable, "-m", "tests.flows.holder", str(home), *words]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
    return Holder(process)


@asynccontextmanager
async def holding(home: Path, *words: str) -> AsyncIterator[Holder]:
    """A holder whose servers run; killed at the end where it still lives."""
    holder = await begin(home, *words)
    try:
        yield await holder.running()
    finally:
        if holder.process.returncode is None:
            await holder.kill()


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition that no event tells of."""
    async with asyncio.timeout(WAIT_S):
        while not true():  # noqa: ASYNC110 - the other processes raise no event here
            await asyncio.sleep(0.01)


def processes(home: Path) -> list[int]:
    """The servers of a home and their own children."""
    return working_in(home / "postgres") + working_in(home / "redis")


async def ask(url: str, statement: str) -> object:
    """One statement on the database."""
    conn = await asyncpg.connect(url)
    try:
        return await conn.fetchval(statement)
    finally:
        await conn.close()


async def pings(url: str) -> bool:
    """Whether Redis answers."""
    live = Live(url)
    try:
        return await live.alive()
    finally:
        await live.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that does not exist yet. As root, the folders above are closed to the servers."""
    return tmp_path / "home"


async def test_both_answer_and_both_end(home: Path) -> None:
    with embedded_servers(home) as servers:
        assert not servers.attached
        assert await ask(servers.database_url, "SELECT lower('ÄÖÅ')") == "äöå"
        assert await ask(servers.database_url, "SELECT current_database()") == "contactcenter"
        assert await ask(servers.database_url, "SHOW synchronous_commit") == "on"
        assert await pings(servers.redis_url)
        assert len(processes(home)) > 2
    assert processes(home) == []
    assert not (home / "servers.json").exists()


async def test_a_second_start_has_the_data(home: Path) -> None:
    with embedded_servers(home) as servers:
        await ask(servers.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
    with embedded_servers(home) as servers:
        assert await ask(servers.database_url, "SELECT n FROM kept") == 7


async def test_a_killed_parent_leaves_no_process(home: Path) -> None:
    async with holding(home) as holder:
        await ask(holder.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        await holder.kill()
        await until(lambda: processes(home) == [])


async def test_a_start_right_after_a_kill_waits_for_the_old_servers(home: Path) -> None:
    async with holding(home) as holder:
        await ask(holder.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        await holder.kill()
        with embedded_servers(home) as servers:
            assert await ask(servers.database_url, "SELECT n FROM kept") == 7
            assert await pings(servers.redis_url)


async def test_killed_while_the_database_is_made(home: Path) -> None:
    holder = await begin(home)
    await until(lambda: (home / "postgres.new" / "PG_VERSION").exists())
    await holder.kill()
    with embedded_servers(home) as servers:
        assert await ask(servers.database_url, "SELECT current_database()") == "contactcenter"


async def test_another_process_uses_the_running_servers(home: Path) -> None:
    with embedded_servers(home) as servers:
        async with holding(home) as guest:
            assert guest.attached
            assert guest.database_url == servers.database_url
            assert await guest.end() == 0
        assert await ask(servers.database_url, "SELECT 1") == 1
        assert await pings(servers.redis_url)


async def test_two_at_once_share_one_start(home: Path) -> None:
    first, second = await begin(home), await begin(home)
    await first.running()
    await second.running()
    assert {first.attached, second.attached} == {True, False}
    first.let_go()
    second.let_go()
    assert await first.ended() == await second.ended() == 0
    assert processes(home) == []


async def test_a_command_waits_for_other_commands_that_use_its_servers(home: Path) -> None:
    async with holding(home) as first, holding(home) as guest:
        first.let_go()
        assert await ask(guest.database_url, "SELECT 1") == 1
        assert first.process.returncode is None
        await guest.end()
        assert await first.ended() == 0


async def test_who_serves_does_not_wait_for_guests(home: Path) -> None:
    async with holding(home, "lasting") as serving, holding(home) as guest:
        assert guest.attached
        assert await serving.end() == 0
        assert processes(home) == []


async def test_who_serves_never_relies_on_a_commands_servers(home: Path) -> None:
    async with holding(home) as command:
        serving = await begin(home, "lasting")
        await command.end()
        await serving.running()
        assert not serving.attached
        assert await serving.end() == 0


async def test_only_what_is_needed(home: Path) -> None:
    with embedded_servers(home, need_postgres=False) as servers:
        assert servers.database_url == ""
        assert await pings(servers.redis_url)
        assert not (home / "postgres").exists()


async def test_a_guest_that_needs_more_is_told_what_to_set(home: Path) -> None:
    async with holding(home, "only-redis"):
        with (
            pytest.raises(EmbeddedError, match="CONTACTCENTER_DATABASE_URL"),
            embedded_servers(home),
        ):
            pass


async def test_a_home_with_a_long_path(tmp_path: Path) -> None:
    home = tmp_path / ("pitkä" * 20) / ("polku" * 20)
    with embedded_servers(home) as servers:
        assert await ask(servers.database_url, "SELECT 1") == 1
        assert await pings(servers.redis_url)


async def test_files_left_behind_do_not_matter(home: Path) -> None:
    with embedded_servers(home) as servers:
        sockets = Path(servers.redis_url.removeprefix("unix://")).parent
    (home / "postgres" / "postmaster.pid").write_text(f"{2**22 - 1}\n/nowhere\n0\n5432\n\n\n\n")
    (home / "servers.json").write_text('{"holder": 1}')
    (home / "redis.sock").touch()
    sockets.mkdir(mode=0o700, exist_ok=True)
    (sockets / "redis.sock").touch()
    (home / "postgres.new").mkdir()
    with embedded_servers(home) as servers:
        assert await ask(servers.database_url, "SELECT 1") == 1
        assert await pings(servers.redis_url)


async def test_data_of_another_version_are_refused(home: Path) -> None:
    with embedded_servers(home):
        pass
    (home / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 14"), embedded_servers(home):
        pass
    assert processes(home) == []


async def test_what_died_is_started_again(home: Path) -> None:
    with embedded_servers(home) as servers:
        await ask(servers.database_url, "CREATE TABLE kept AS SELECT 7 AS n")
        assert servers.revive() == []
        state = json.loads((home / "servers.json").read_text())
        for pid in state["pids"].values():
            os.kill(pid, signal.SIGKILL)
        revived: set[str] = set()

        def all_revived() -> bool:
            revived.update(servers.revive())
            return len(revived) == 2

        await until(all_revived)
        assert await answers(servers)
        assert await ask(servers.database_url, "SELECT n FROM kept") == 7
    assert processes(home) == []


async def answers(servers: Embedded) -> bool:
    """Wait until both do."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                await ask(servers.database_url, "SELECT 1")
                if await pings(servers.redis_url):
                    return True
            except (OSError, asyncpg.PostgresError):
                pass
            await asyncio.sleep(0.01)


def environment(pid: int) -> bytes:
    """What a process was given."""
    return Path(f"/proc/{pid}/environ").read_bytes()


async def test_the_servers_know_nothing_of_our_secrets(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTACTCENTER_RELAY", "smtp://user:secret@relay.example:587")
    with embedded_servers(home):
        told = [environment(pid) for pid in processes(home)]
    assert len(told) > 2
    assert not any(b"secret" in words for words in told)


async def test_only_the_owner_may_enter_data_and_sockets(home: Path) -> None:
    with embedded_servers(home) as servers:
        sockets = Path(servers.redis_url.removeprefix("unix://")).parent
        for folder in (home / "postgres", home / "redis", sockets):
            assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a folder to somebody else")
async def test_a_data_folder_of_somebody_else_is_refused(home: Path) -> None:
    (home / "redis").mkdir(parents=True)
    (home / "postgres").mkdir()
    os.chown(home / "postgres", 1, 1)
    os.chown(home / "redis", 2, 2)
    refused = pytest.raises(EmbeddedError, match="belongs to somebody else")
    with refused, embedded_servers(home, need_postgres=False):
        pass
