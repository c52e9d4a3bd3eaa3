"""insight_page_p95: ms to read all that a page of insight shows, with a year of 1,000,000 contacts
of 200,000 persons about 500 services behind it; 1 s is promised. insight_count: s to count and tell
that whole year from what is stored; the floor is to read its contacts once. suggestion_p95: ms to
suggest a case's services out of 500; 50 ms are promised."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg

from bench import crowd
from bench.measure import ROUNDS, Sample, collect, quantile, report
from bench.stage import Stage
from contactcenter import demo
from contactcenter.accounts.authorise import Actor
from contactcenter.demo_history.load import TOPICS
from contactcenter.desk import case_service
from contactcenter.insight import sections
from contactcenter.insight.counting import Insight
from contactcenter.insight.reading import Asked, moved, told
from contactcenter.insight.words import Words
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import Catalogue
from contactcenter.kernel.schema import migrate

# As full as it gets: thirty words of each service, all of them out of these questions.
_PAST = """
WITH word AS (SELECT array_agg(l.lexeme) AS stems FROM unnest(to_tsvector('finnish', $1)) AS l)
INSERT INTO past_word (organisation_id, stem, service_id, persons, weight)
SELECT DISTINCT ON (s.id, stem) s.organisation_id, w.stems[1 + (s.id * 31 + n * 7) % cardinality(w.stems)] AS stem,
       s.id, 5, 1 + n % 5
FROM service s JOIN organisation o ON o.id = s.organisation_id, word w, generate_series(1, 30) AS n
WHERE o.key = 'mikkeli'
"""  # noqa: E501
SERVICES, APART_S = 500, 31.0  # a year
READS, PAGE_MS, SUGGESTION_MS = 40, 1000.0, 50.0


async def run(stage: Stage) -> None:
    """Measure and print."""
    url = urlsplit(stage.database_url)._replace(path="/insight").geturl()
    await crowd.do(stage.database_url, "CREATE DATABASE insight")
    await migrate(url)
    db = await Database.open(url)
    await demo.load(db)
    owner = await asyncpg.connect(url)
    await crowd.people(owner)
    await crowd.contacts(owner, APART_S)
    await crowd.services(owner, SERVICES)
    await crowd.areas(owner)
    await crowd.events(owner)
    await owner.execute("VACUUM ANALYZE")
    actor = await crowd.actor(owner, "admin@mikkeli.example")
    report("insight_count", "s", [await _count(db, owner)])
    await owner.execute("ANALYZE insight_told, insight_month")
    report("insight_page_p95", "ms", await collect(_pages(db, actor)))
    report("suggestion_p95", "ms", await collect(_suggestions(db, owner, actor)))
    await owner.close()
    await db.close()
    await crowd.do(stage.database_url, "DROP DATABASE insight WITH (FORCE)")


async def _count(db: Database, owner: asyncpg.Connection) -> Sample:
    began = time.perf_counter()
    await Insight(db, "bench").run_once()
    took = time.perf_counter() - began
    began = time.perf_counter()
    await owner.fetch(
        "SELECT channel, language, count(DISTINCT person_id) FROM contact GROUP BY 1, 2"
    )
    return Sample(took, time.perf_counter() - began)


async def _pages(db: Database, actor: Actor) -> AsyncIterator[Sample]:
    """Of three months and of the whole year, of all, of one service, channel, language."""
    chance, words = random.Random(1), Words(Catalogue.load(), "fi")  # noqa: S311 - no secret
    last = (await told(db, actor, Asked())).until
    whole = last.before(11)
    for _ in range(ROUNDS):
        took = []
        for n in range(READS):
            asked = Asked(whole if n % 2 else last.before(2), last)
            if n % 4 == 1:
                asked = asked._replace(channel=chance.choice(("mail", "chat", "visit")))
            if n % 8 == 2:
                asked = asked._replace(language=chance.choice(("fi", "sv")))
            if n % 8 == 6:
                asked = asked._replace(service=chance.randint(1, SERVICES))
            took.append(await _page(db, actor, asked, words))
        yield Sample(quantile(took, 0.95), PAGE_MS)


async def _page(db: Database, actor: Actor, asked: Asked, words: Words) -> float:
    began = time.perf_counter()
    sections.tables(await told(db, actor, asked), words)
    await moved(db, actor, None)
    return (time.perf_counter() - began) * 1000


async def _suggestions(
    db: Database, owner: asyncpg.Connection, actor: Actor
) -> AsyncIterator[Sample]:
    """Of cases in which the demo's citizens ask their questions."""
    topics = tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]
    cases = await owner.fetch("SELECT id, case_id FROM contact ORDER BY id LIMIT $1", len(topics))
    for row, topic in zip(cases, topics, strict=True):
        await owner.execute(
            "INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, text)"
            " SELECT id + 1, case_id, id, organisation_id, 1, 'inbound', $2"
            " FROM contact WHERE id = $1",
            row["id"],
            topic["question"],
        )
    await owner.execute(_PAST, " ".join(topic["question"] for topic in topics))
    for _ in range(ROUNDS):
        took = []
        for row in cases:
            began = time.perf_counter()
            await case_service.of_case(db, actor, row["case_id"])
            took.append((time.perf_counter() - began) * 1000)
        yield Sample(quantile(took, 0.95), SUGGESTION_MS)
