"""One catalogue: the same keys and placeholders in every language, and no text that is missing."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from contactcenter.kernel.i18n import LANGUAGES, LOCALES, PLACEHOLDER, Catalogue
from contactcenter.web.refusals import STATUS

ROOT = Path(__file__).resolve().parents[2]
TEXTS: dict[str, dict[str, str]] = {
    language: json.loads((LOCALES / f"{language}.json").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
TEMPLATES = sorted((ROOT / "agent_ui" / "templates").glob("*.html"))
MODULES = sorted((ROOT / "agent_ui" / "static").rglob("*.js"))
SOURCES = [
    path for folder in ("contactcenter", "channels") for path in (ROOT / folder).rglob("*.py")
]
# A key written whole, and the beginning of one that is put together: t("role." ~ role).
_TEMPLATE_KEY = re.compile(r"""\bt\(\s*["']([\w.]+)["']\s*([~,)])""")
_MODULE_KEY = re.compile(r"""\btn?\(\s*["']([\w.]+)["']""")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_same_keys(language: str) -> None:
    assert TEXTS[language].keys() ^ TEXTS[LANGUAGES[0]].keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_texts(language: str) -> None:
    empty = [key for key, text in TEXTS[language].items() if not text.strip() or text == key]
    assert empty == []
    assert list(TEXTS[language]) == sorted(TEXTS[language])


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_same_placeholders(language: str) -> None:
    for key, text in TEXTS[LANGUAGES[0]].items():
        found = set(PLACEHOLDER.findall(TEXTS[language][key]))
        assert found == set(PLACEHOLDER.findall(text)), key


def test_every_key_of_a_template_exists() -> None:
    for path in TEMPLATES:
        for key, after in _TEMPLATE_KEY.findall(path.read_text(encoding="utf-8")):
            known = [k for k in TEXTS["fi"] if k == key or (after == "~" and k.startswith(key))]
            assert known, f"{path.name}: {key}"


def test_every_key_of_a_module_exists() -> None:
    for path in MODULES:
        for key in _MODULE_KEY.findall(path.read_text(encoding="utf-8")):
            known = [k for k in TEXTS["fi"] if k == key or k.startswith(f"{key.rstrip('.')}.")]
            assert known, f"{path.name}: {key}"


def test_every_refusal_has_a_text() -> None:
    wanted = set(STATUS)
    for call in calls("Refused"):  # its code and its detail
        wanted |= {ast.literal_eval(word) for word in call.args[:2] if _is_text(word)}
    assert wanted > set(STATUS)
    wanted.discard("")
    assert {name for name in wanted if f"error.{name}" not in TEXTS["fi"]} == set()


def test_every_audited_verb_has_a_name() -> None:
    verbs: set[str] = set()
    for call in calls("audit.note"):
        verbs |= {ast.literal_eval(verb) for verb in call.args[2:3] if _is_text(verb)}
    assert verbs
    assert {verb for verb in verbs if f"audit.verb.{verb}" not in TEXTS["fi"]} == set()


def calls(name: str) -> Iterator[ast.Call]:
    """The calls of that name in all sources. Where the word does not stand, nothing is parsed."""
    for source in (path.read_text(encoding="utf-8") for path in SOURCES):
        for node in ast.walk(ast.parse(source if f"{name}(" in source else "")):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                yield node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_a_missing_text_is_seen() -> None:
    catalogue = Catalogue({"fi": {"a": "A {x}"}, "sv": {}, "en": {}})
    assert catalogue.t("sv", "a", x=1) == "A 1"
    assert catalogue.t("sv", "b") == "⟦b⟧"


def test_there_is_one_apostrophe() -> None:
    assert {key for texts in TEXTS.values() for key, text in texts.items() if "'" in text} == set()


def test_on_pages_words_and_figures_stay_whole() -> None:
    texts = {"a": "Per e-post, {low}\u2013{high} min, 1\u20133 dygn", "b": "axe-core a \u2013 b"}
    pages = Catalogue({"sv": texts}).on_pages()
    assert pages.t("sv", "a", low=2, high=8) == (
        "Per e-\u2060post, 2\u2013\u20608\xa0min, 1\u2013\u20603\xa0dygn"
    )
    assert pages.t("sv", "b") == texts["b"]
