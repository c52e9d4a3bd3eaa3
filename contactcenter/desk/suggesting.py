"""Which services a case may be about: two rankings, by what the catalogue calls them and by what
former cases were about, made one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from contactcenter.desk import past_words
from contactcenter.kernel.sql import Connection, Row, load_sql
from contactcenter.services import forms

SQL = load_sql(__file__)
FIRST = 3  # what an agent takes in at a glance
MOST = 10  # places of a ranking that are looked at
_MOST_WORDS = 40  # of a letter: what it is about is said in its beginning
_SMOOTH = 60  # Cormack, Clarke and Büttcher, "Reciprocal rank fusion" (2009)


class Suggested(NamedTuple):
    """A service. `named`: what was written has a word of its very name."""

    id: int
    name: dict[str, str]
    named: bool = False


async def first(conn: Connection, case: Row) -> list[dict[str, Any]]:
    """[{id, name}], at most three, of a row with organisation_id, language, said."""
    by_name = await _listed(conn, case, case["said"], sure=True)
    whose, language = case["organisation_id"], case["language"] or "fi"
    rows = await past_words.found(conn, whose, language, case["said"], MOST)
    past = [Suggested(row["id"], msgspec.json.decode(row["name"])) for row in rows]
    return [_told(one) for one in fused(by_name, past)[:FIRST]]


async def find(conn: Connection, case: Row, words: str) -> list[dict[str, Any]]:
    """[{id, name}] that words lead to, which somebody typed to find a service."""
    return [_told(one) for one in await _listed(conn, case, words, sure=False)]


def fused(by_name: Sequence[Suggested], past: Sequence[Suggested]) -> list[Suggested]:
    """One ranking. A service whose own name was written stands before all others; beyond that each
    ranking gives a place's worth, and of equals the catalogue's is first."""
    worth: defaultdict[int, float] = defaultdict(float)
    for ranking in (by_name, past):
        for place, one in enumerate(ranking, 1):
            worth[one.id] += 1 / (_SMOOTH + place)
    every = {one.id: one for one in (*past, *by_name)}
    order = dict.fromkeys(one.id for one in (*by_name, *past))
    return sorted(
        (every[service] for service in order), key=lambda one: (not one.named, -worth[one.id])
    )


async def _listed(conn: Connection, case: Row, text: str, *, sure: bool) -> list[Suggested]:
    words = forms.words(text, most=_MOST_WORDS)
    begin = forms.sure_beginnings if sure else forms.beginnings
    rows = await SQL.suggested.all(
        conn,
        organisation_id=case["organisation_id"],
        language=case["language"] or "fi",
        words=words,
        beginnings=[one for word in words for one in begin(word)],
        count=MOST,
    )
    return [Suggested(row["id"], msgspec.json.decode(row["name"]), row["named"]) for row in rows]


def _told(one: Suggested) -> dict[str, Any]:
    return {"id": one.id, "name": one.name}
