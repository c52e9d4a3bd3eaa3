"""route, route_100k, route_agents: durable offers/s of the router: contact and agent, event,
decision and outbox row committed, told and projected; agents with 5 to 20 skills, 500 requirement
classes. Floors: of route one guarded UPDATE and one event insert after the other; of route_100k
the same with 1,000 waiting instead of 100,000; of route_agents with 10 agents instead of 1,000.

route_free_p99: ms from a free agent's commit to the offer told, at 100,000 waiting and 500 agents.
route_memory: bytes in Redis for each waiting contact. route_rebuild: s until 10,000 waiting stand
in line again after FLUSHALL, in the same order.
"""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator

import asyncpg

from bench.measure import ROUNDS, Sample, collect, quantile, report
from bench.stage import Stage
from contactcenter.doctor.redis import read_info
from contactcenter.kernel import keys
from contactcenter.queue import store
from contactcenter.queue.publish import Change

AGENTS, TASKS, ROOM = 1000, 84, 1000  # offers of a round: the agents' room together
FEW, SOME, MANY = 1_000, 20_000, 100_000
HIRE = """
INSERT INTO users (organisation_id, email, name, role, capacity, password_hash)
SELECT organisation_id, 'route' || n, 'R', 'agent', 1, password_hash
FROM users, generate_series(1, $1::int) AS n WHERE email = 'aino@mikkeli.example' RETURNING id, organisation_id
"""  # noqa: E501
ABLE = """
WITH member AS (
    INSERT INTO user_organisation (user_id, organisation_id) SELECT DISTINCT unnest($1::bigint[]), $2::int
), duty AS (INSERT INTO agent (user_id) SELECT DISTINCT unnest($1::bigint[]))
INSERT INTO skill (user_id, organisation_id, task, language, level)
SELECT u, $2, t, l, 2 FROM unnest($1::bigint[], $3::text[], $4::text[]) AS s (u, t, l) ON CONFLICT DO NOTHING
"""  # noqa: E501
WAIT = """
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                     first_arrival, wait_from)
SELECT $1::bigint + n, 1, 1, q.organisation_id, q.id, 'mail', 'fi', r, n, 'queued', now(), now()
FROM unnest($2::text[]) WITH ORDINALITY AS w (r, n), queue q WHERE q.key = 'building'
"""  # noqa: E501
BEGIN_AGAIN = """
WITH at_work AS (SELECT user_id FROM unnest($1::bigint[]) AS a (user_id)),
room AS (UPDATE users SET capacity = $2 WHERE id IN (SELECT user_id FROM at_work))
UPDATE agent a SET load = 0, version = version + 1,
    state = CASE WHEN a.user_id IN (SELECT user_id FROM at_work) THEN 'available' ELSE 'offline' END
"""
DONE = "UPDATE contact SET state = 'closed', offer_id = NULL WHERE state = 'offered'"
NOBODY_WAITS = "UPDATE contact SET state = 'closed' WHERE state = 'queued'"
QUEUED = """
INSERT INTO floor_contact (body) SELECT 'queued' FROM generate_series(1, 1000) RETURNING id
"""
FLOOR = """
WITH moved AS (UPDATE floor_contact SET body = 'offered' WHERE id = $1 AND body = 'queued' RETURNING id)
INSERT INTO floor_event (contact, kind) SELECT id, 'offered' FROM moved
"""  # noqa: E501


class _Line:
    """So many wait, so many agents come."""

    def __init__(self, stage: Stage, conn: asyncpg.Connection) -> None:
        self._node, self._conn = stage.node, conn
        self._chance, self._last = random.Random(6), 10**12  # noqa: S311 - the same in each run
        self._classes = [
            f"mikkeli/t{task}/{language}/{level}"
            for task in range(TASKS)
            for language in ("fi", "sv", "en")
            for level in (1, 2)
        ]
        self.agents: list[int] = []

    async def hire(self) -> None:
        """Agents with 5 to 20 skills."""
        rows = await self._conn.fetch(HIRE, AGENTS)
        self.agents = [row["id"] for row in rows]
        skills = [
            (agent, f"t{self._chance.randrange(TASKS)}", self._chance.choice(("fi", "sv", "en")))
            for agent in self.agents
            for _ in range(self._chance.randint(5, 20))
        ]
        await self._conn.execute(ABLE, *_columns(skills, rows[0]["organisation_id"]))
        await self._conn.execute("ANALYZE skill, agent, users")

    async def fill(self, waiting: int) -> None:
        """Nobody is at work, and so many wait."""
        await self._conn.execute(BEGIN_AGAIN, [], 1)
        await self._conn.execute(DONE, timeout=60)
        await self._conn.execute(
            "UPDATE contact SET state = 'closed' WHERE state = 'queued'", timeout=60
        )
        await self._conn.execute("TRUNCATE outbox")
        await self._node.live.call("FLUSHALL")
        classes = [self._chance.choice(self._classes) for _ in range(waiting)]
        await self._conn.execute(WAIT, self._last, classes, timeout=120)
        self._last += waiting + 1
        await self._conn.execute("VACUUM ANALYZE contact, agent", timeout=120)
        await self._node.reconciler.rebuild_if_wiped()
        await self._node.router.run_once()

    async def refill(self, gone: int) -> None:
        """As many wait as before."""
        await self._conn.execute(DONE, timeout=60)
        classes = [self._chance.choice(self._classes) for _ in range(gone)]
        await self._conn.execute(WAIT, self._last, classes, timeout=60)
        first, self._last = self._last, self._last + gone + 1
        rows = await self._conn.fetch(
            "SELECT * FROM contact WHERE id BETWEEN $1 AND $2", first, self._last
        )
        await self._node.publisher.project(rows, [])

    async def come(self, agents: int, room: int) -> list[int]:
        """So many agents are at work with room for so many each, and nobody else. Nothing is
        decided yet."""
        at_work = self.agents[:agents]
        await self._conn.execute(BEGIN_AGAIN, at_work, room)
        async with self._node.db.connection() as conn:
            rows = await store.agents(conn, self.agents)
        await self._node.live.call("DEL", keys.REBUILT)
        await self._node.publisher.project([], rows, settles=True)
        await self._node.live.call("SET", keys.REBUILT, 1)
        return at_work

    async def rate(self, agents: int) -> float:
        """Offers/s until every agent is full."""
        at_work = await self.come(agents, ROOM // agents)
        began = time.perf_counter()
        await self._node.publisher.publish(Change(agents=at_work))
        made = await self._node.router.run_once()
        took = time.perf_counter() - began
        assert made > ROOM / 2, made
        await self.refill(made)
        await self._node.publisher.settle()
        return made / took


def _columns(skills: list[tuple[int, str, str]], organisation: int) -> tuple[object, ...]:
    users, tasks, languages = zip(*skills, strict=True)
    return list(users), organisation, list(tasks), list(languages)


async def run(stage: Stage) -> None:
    """Measure and print all."""
    conn = await asyncpg.connect(stage.database_url)
    try:
        line = _Line(stage, conn)
        await line.hire()
        before = await _memory(stage)
        await line.fill(MANY)
        memory = (await _memory(stage) - before) / MANY
        many = [await line.rate(100) for _ in range(ROUNDS + 1)][1:]
        free = [await _free(stage, line, conn) for _ in range(ROUNDS)]
        await line.fill(FEW + ROOM)
        route = [Sample(await line.rate(100), await _floor(conn)) for _ in range(ROUNDS + 1)][1:]
        few = [one.value for one in route]
        await line.fill(SOME)  # ten agents find enough for all their room, too
        crowd = await collect(_crowds(line))
        report("route", "offers/s", route)
        report("route_100k", "offers/s", [Sample(v, f) for v, f in zip(many, few, strict=True)])
        report("route_agents", "offers/s", crowd)
        report("route_free_p99", "ms", free)
        report("route_memory", "bytes", [Sample(memory, 300.0)])
        await line.fill(10_000)
        report("route_rebuild", "s", [Sample(await _rebuild(stage), 5.0) for _ in range(ROUNDS)])
        await line.fill(0)
    finally:
        await conn.close()


async def _crowds(line: _Line) -> AsyncIterator[Sample]:
    for _ in range(ROUNDS):
        yield Sample(await line.rate(1000), await line.rate(10))


async def _memory(stage: Stage) -> float:
    return float(read_info(await stage.node.live.call("INFO", "memory"))["used_memory"])


async def _free(stage: Stage, line: _Line, conn: asyncpg.Connection) -> Sample:
    """p99 of 200 agents who become free, one after the other; all have room for one."""
    at_work = await line.come(500, 1)
    await stage.node.publisher.publish(Change(agents=at_work))
    made = await stage.node.router.run_once()
    took, floor = [], []
    for agent in at_work[:200]:
        await conn.execute(
            "UPDATE agent SET load = 0, version = version + 1 WHERE user_id = $1", agent
        )
        began = time.perf_counter()
        await stage.node.publisher.publish(Change(agents=[agent]))
        made += await stage.node.router.run_once()
        took.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        await conn.execute("INSERT INTO floor_event (contact, kind) VALUES (1, 'offered')")
        floor.append((time.perf_counter() - began) * 1000)
    await line.refill(made)
    return Sample(quantile(took, 0.99), quantile(floor, 0.99))


async def _floor(conn: asyncpg.Connection) -> float:
    ids = [row["id"] for row in await conn.fetch(QUEUED)]
    statement = await conn.prepare(FLOOR)
    began = time.perf_counter()
    for contact in ids:
        await statement.fetch(contact)
    return len(ids) / (time.perf_counter() - began)


async def _rebuild(stage: Stage) -> float:
    line = stage.node.publisher.line
    before = await line.ranks(await line.classes())
    await stage.node.live.call("FLUSHALL")
    began = time.perf_counter()
    assert await stage.node.reconciler.rebuild_if_wiped()
    took = time.perf_counter() - began
    assert await line.ranks(await line.classes()) == before
    await stage.node.router.run_once()
    return took
