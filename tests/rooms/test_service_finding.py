"""Services are found by the forms in which people write words (tests/services/word_forms_*.tsv)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contactcenter.services import showing
from contactcenter.services.importing import bring_in
from contactcenter.services.showing import Asked
from tests.house import House

FORMS = Path(__file__).resolve().parents[1] / "services"
LEAST = 90  # of 100
MOST_FOUND = 4  # services a word, on average: who finds everything finds nothing


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_a_word_in_another_form_leads_to_its_service(house: House, language: str) -> None:
    """The service is among the first three, and few others are found beside it."""
    text = (FORMS / f"word_forms_{language}.tsv").read_text(encoding="utf-8")
    pairs = [line.split("\t") for line in text.splitlines()]
    assert len({base for base, _ in pairs}) == 100
    services = [{"service_code": base, "service_name": base} for base, _ in pairs]
    db = house.node.db
    await house.rows("INSERT INTO organisation (key, name) VALUES ('words', '{}')")
    data = [json.dumps(services).encode()]
    await bring_in(db, None, "words", "open311", data, language=language)
    actor = await house.actor("admin@mikkeli.example")
    whose = await house.row("SELECT id FROM organisation WHERE key = 'words'")
    actor = replace(actor, scope=(whose["id"],))
    missed, found = [], 0
    async with db.connection() as conn:
        for base, form in pairs:
            listed = await showing.listed(conn, actor, Asked(find=form), language)
            found += listed.found
            if base not in [one["external_id"] for one in listed.services[:3]]:
                missed.append(form)
    assert len(missed) <= 100 - LEAST, missed
    assert found / len(pairs) <= MOST_FOUND
