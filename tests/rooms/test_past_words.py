"""Former cases suggest services: by words of five persons or more, of no sensitive queue, that the
catalogue says too, and never before a service whose own name was written."""

from __future__ import annotations

import asyncio
from itertools import count

import asyncpg

from contactcenter.desk import case_service, past_words
from contactcenter.kernel.loop import FAILURES
from tests.house import House

AGENT = "aino@mikkeli.example"
_ids = count(5_000_000_000, 10_000)
_WRITE = """
WITH made AS (
    SELECT $1::bigint + 10 * n AS id, CASE WHEN $4 > n THEN $1::bigint + 9 + 10 * n ELSE $1::bigint + 9 END AS person,
           q.id AS queue, q.organisation_id AS whose, s.id AS service
    FROM generate_series(0, $5::int - 1) AS n, queue q JOIN service s ON s.organisation_id = q.organisation_id
    WHERE q.key = 'general' AND s.external_id = $2
), people AS (
    INSERT INTO person (id, organisation_id) SELECT DISTINCT person, whose FROM made
), matters AS (
    INSERT INTO cases (id, organisation_id, person_id, subject) SELECT id + 1, whose, person, 'Asia' FROM made
), said AS (
    INSERT INTO case_service (case_id, organisation_id, service_id, user_id) SELECT id + 1, whose, service, 1 FROM made
), wrote AS (
    INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, text)
    SELECT id + 2, id + 1, id, whose, 1, 'inbound', $3 FROM made
)
INSERT INTO contact (id, case_id, person_id, organisation_id, queue_id, channel, language, requirement, rank, state,
                     first_arrival, wait_from, closed_at)
SELECT id, id + 1, person, whose, queue, 'mail', 'fi', 'x', 0, 'closed', now(), now(), now() FROM made RETURNING 1
"""  # noqa: E501
# Stops that the catalogue knows of by another service: its bookings are of sports venues.
SAID = "Varaus vuoro kenttä 4711 131052-**** terveisin Virtanen"


async def _were(house: House, service: str, text: str, persons: int = 6, cases: int = 6) -> None:
    """So many cases of so many persons were about a service."""
    await house.rows(_WRITE, next(_ids), service, text, persons, cases)


async def _learned(house: House) -> dict[str, set[str]]:
    """The words by service, made anew."""
    await house.rows("UPDATE past_word_count SET counted_at = now() - interval '1 day' RETURNING 1")
    assert await past_words.run_once(house.node.db)
    found: dict[str, set[str]] = {}
    rows = await house.rows(
        "SELECT s.external_id, w.stem FROM past_word w JOIN service s ON s.id = w.service_id"
    )
    for row in rows:
        found.setdefault(row["external_id"], set()).add(row["stem"])
    return found


async def _suggested(house: House, text: str) -> list[str]:
    contact = await house.arrives(text=text, subject="Kysymys")
    row = await house.row("SELECT case_id FROM contact WHERE id = $1", contact)
    actor = await house.actor(AGENT)
    told = await case_service.of_case(house.node.db, actor, row["case_id"])
    return [one["name"]["fi"] for one in told["suggested"]]


async def test_what_was_said_before_is_suggested_and_no_name_is_kept(house: House) -> None:
    assert "Paikallisliikenne" not in await _suggested(house, "Kenttä ja vuoro?")
    await _were(house, "buses", SAID)
    await _were(house, "maps", "Karttaote tontista", 6)
    words = await _learned(house)
    assert words.keys() == {"buses", "maps"}
    assert {"vuoro", "varaus"} & words["buses"]
    assert not [one for one in words["buses"] if one.startswith("virta") or not one.isalpha()]
    # The catalogue's own word for it comes first; then what others meant by it.
    suggested = await _suggested(house, "Kenttä ja vuoro?")
    assert "Paikallisliikenne" in suggested[:2]
    named = await _suggested(house, "Kenttä ja vuoro, vai katuvalot?")
    assert named[0] == "Katuvalot"


async def test_four_persons_words_are_nobodys(house: House) -> None:
    await _were(house, "buses", SAID, persons=4, cases=12)
    assert await _learned(house) == {}
    await _were(house, "buses", SAID, persons=1, cases=1)
    assert (await _learned(house)).keys() == {"buses"}


async def test_what_became_sensitive_or_is_no_more_is_unlearned(house: House) -> None:
    await _were(house, "buses", SAID)
    await _were(house, "maps", "Karttaote tontista")
    assert (await _learned(house)).keys() == {"buses", "maps"}
    await house.rows(
        "DELETE FROM case_service k USING service s WHERE s.id = k.service_id"
        " AND s.external_id = 'maps' RETURNING 1"
    )
    assert (await _learned(house)).keys() == {"buses"}
    await house.rows("UPDATE queue SET sensitive = true RETURNING 1")
    assert await _learned(house) == {}


async def test_once_a_day_by_one_node(house: House) -> None:
    await _were(house, "buses", SAID)
    organisations = len(await house.rows("SELECT FROM organisation"))
    nodes = (past_words.run_once(house.node.db) for _ in range(2))
    assert sum(await asyncio.gather(*nodes)) == organisations
    assert await past_words.run_once(house.node.db) == 0
    await house.rows("UPDATE past_word_count SET counted_at = now() - interval '1 day' RETURNING 1")
    assert await past_words.run_once(house.node.db) == organisations
    rows = await house.rows(
        "SELECT DISTINCT o.key FROM past_word JOIN organisation o ON true "
        "WHERE o.id = organisation_id"
    )
    assert [row["key"] for row in rows] == ["mikkeli"]


async def test_one_organisation_that_fails_stops_no_other(house: House) -> None:
    organisations = len(await house.rows("SELECT FROM organisation"))
    failed = FAILURES["past_words"]
    owner = await asyncpg.connect(house.node.db.url)
    try:
        first = await owner.fetchval("SELECT min(id) FROM organisation")
        await owner.execute(
            f"ALTER TABLE past_word_count ADD CONSTRAINT broken CHECK (organisation_id <> {first})"
        )
        assert await past_words.run_once(house.node.db) == organisations - 1
        assert FAILURES["past_words"] == failed + 1
        await owner.execute("ALTER TABLE past_word_count DROP CONSTRAINT broken")
    finally:
        await owner.close()
    assert await past_words.run_once(house.node.db) == 1
