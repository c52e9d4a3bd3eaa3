"""An estimated wait in words: as the chat's page says it (tests/chat_page/units/store.test.js)."""

# ruff: noqa: RUF001 - spans are written with an en dash
from __future__ import annotations

import pytest

from contactcenter.kernel.i18n import Catalogue
from contactcenter.queue.wait_words import wait_words

TEXTS = Catalogue.load()


@pytest.mark.parametrize(
    ("band", "text"),
    [
        ((0, 60), "alle minuutti"),
        ((0, 299), "enintään noin 5 minuuttia"),
        ((181, 479), "noin 3–8 minuuttia"),
        ((5400, 7199), "noin 90–120 minuuttia"),
        ((6300, 10800), "noin 1,5–3 tuntia"),
        ((899, 10800), "enintään noin 3 tuntia"),
        ((300, 300), "noin 5 minuuttia"),
    ],
)
def test_minutes_and_from_two_hours_on_half_hours(band: tuple[float, float], text: str) -> None:
    assert wait_words(TEXTS, "fi", band) == f"Arvioitu odotusaika: {text}."


def test_each_language_has_its_own_words() -> None:
    assert wait_words(TEXTS, "sv", (6300, 10800)) == "Beräknad väntetid: ungefär 1,5–3 timmar."
    assert wait_words(TEXTS, "en", (6300, 10800)) == "Estimated wait: about 1.5–3 hours."
