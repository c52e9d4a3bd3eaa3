"""Which service words point to, as former cases tell: of five persons' cases or more with such a
word an agent said it. Made anew each day, whole, from what is stored: what was erased or said
otherwise since, or lies in a queue that is sensitive now, is gone with it, and no word of fewer
persons is ever written down."""

from __future__ import annotations

from contactcenter.kernel.db import Database
from contactcenter.kernel.loop import note_failure
from contactcenter.kernel.sql import Connection, Row, load_sql

SQL = load_sql(__file__)
EVERY_S = 600.0  # how often it is asked whether an organisation's day is over
DAY_S = 86400.0
PERSONS = 5
CASES = 20_000  # the newest ones of an organisation
WORDS = 30  # of a service: those that tell most
WORD, TEXT = 1.0, 2.0  # the weight that a word, and all of a text, must have to count


async def run_once(db: Database) -> int:
    """Make those anew that are a day old. Returns of how many organisations; one that fails is
    noted, stops no other, and is tried again in the next round."""
    async with db.connection() as conn:
        due = await SQL.due.all(conn, every_s=DAY_S)
    made = 0
    for row in due:
        try:
            made += await _make(db, row["id"])
        except Exception as error:  # by its size, or what its citizens wrote
            note_failure("past_words", error, organisation=row["id"])
    return made


async def _make(db: Database, organisation: int) -> bool:
    """Whether it fell to this node."""
    async with db.transaction(patient=True) as conn:
        taken = await SQL.take.run(conn, organisation=organisation, every_s=DAY_S)
        if taken:
            await learn(conn, organisation)
    return bool(taken)


async def learn(conn: Connection, organisation: int) -> int:
    """Make an organisation's anew. Returns how many words, each of a service."""
    await SQL.clear.run(conn, organisation=organisation)
    return await SQL.learn.run(
        conn, organisation=organisation, cases=CASES, persons=PERSONS, words=WORDS, least=WORD
    )


async def found(
    conn: Connection, organisation: int, language: str, said: str, count: int
) -> list[Row]:
    """{id, name} of services that former cases with such words were about, the likeliest first."""
    given = {"organisation": organisation, "language": language, "said": said, "count": count}
    return await SQL.found.all(conn, least=TEXT, **given)
