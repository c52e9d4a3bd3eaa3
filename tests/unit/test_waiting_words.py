"""What a class asks for, in words."""

from __future__ import annotations

from functools import partial

import pytest

from contactcenter.kernel.i18n import Catalogue, pick
from contactcenter.web.supervisor.waiting_words import asked, happened

TASKS = {"city/building": {"fi": "Rakennusvalvonta", "sv": "Byggnadstillsyn"}}
OWN = "Rakennusvalvonta, Finnish, level 1, the organisation\u2019s own staff only"
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


def event(what: str, **more: object) -> dict[str, object]:
    return {"what": what, "agent": None, "me": False, "reason": None, "by": None} | more


HAPPENED = [
    ("en", event("missed", agent="Aino"), "Aino: offered, missed"),
    ("en", event("agent_lost"), "A colleague: connection lost, back in its place"),
    ("sv", event("handed_back", me=True), "Du: passet tog slut, lämnades tillbaka på sin plats"),
    ("fi", event("pulled_for", agent="Aino", by="Satu"),
     "Aino: tarjottiin käsin vuoron ohi (tekijä: Satu)"),
    ("en", event("declined", reason={"key": "busy", "name": None}),
     "A colleague: offered, declined: I am still busy with other work"),
    ("fi", event("declined", reason={"key": "lunch", "name": {"fi": "Ruokatauko"}}),
     "Työtoveri: tarjottiin, hylättiin: Ruokatauko"),
    ("fi", event("declined", reason={"key": "gone", "name": None}),
     "Työtoveri: tarjottiin, hylättiin: gone"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "one", "said"), HAPPENED)
def test_how_it_came_back_is_said_in_words(
    language: str, one: dict[str, object], said: str
) -> None:
    t = partial(Catalogue.load().t, language)
    assert happened(t, partial(pick, language=language), one) == said


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_whatever_happened_has_words(language: str) -> None:
    catalogue = Catalogue.load()
    for what in ("lost", "withdrawn", "transfer", "not_reached", "pulled"):
        said = happened(partial(catalogue.t, language), str, event(what, agent="Aino"))
        assert said.startswith("Aino: ")
