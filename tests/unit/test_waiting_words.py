"""What a class asks for, in words."""

from __future__ import annotations

from functools import partial

import pytest

from contactcenter.kernel.i18n import Catalogue, pick
from contactcenter.web.waiting_words import asked

TASKS = {"city/building": {"fi": "Rakennusvalvonta", "sv": "Byggnadstillsyn"}}
OWN = "Rakennusvalvonta, Finnish, level 1, the organisation's own staff only"
WORDS = [
    ("fi", "city/building/sv/2", "Rakennusvalvonta, ruotsi, taso 2"),
    ("sv", "city/building/sv/2", "Byggnadstillsyn, svenska, nivå 2"),
    ("en", "city/building/*/1", "Rakennusvalvonta, any language, level 1"),
    ("en", "city/parking/so/3", "parking, so, level 3"),  # of no queue, in a language of no name
    ("en", "city/building!/fi/1", OWN),
]


@pytest.mark.parametrize(("language", "name", "said"), WORDS)
def test_a_class_is_said_in_words(language: str, name: str, said: str) -> None:
    t = partial(Catalogue.load().t, language)
    assert asked(t, partial(pick, language=language), TASKS, name) == said
