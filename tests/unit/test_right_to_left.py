"""Citizens' pages are ready for languages that are written from right to left: their styles name
starts and ends, never left and right, and the direction follows the language."""

from __future__ import annotations

import re

import pytest

from contactcenter.kernel.i18n import LANGUAGES, direction
from contactcenter.web import lean
from contactcenter.web.static import STATIC

CITIZENS = ("tokens", "base", "pages", "chat", "chat_files")
_SIDE = re.compile(r"(?:^|-)(?:left|right)$")
_RULE = re.compile(r"([\w-]+)\s*:\s*([^;{}]+)[;}]")
_PART = re.compile(r"(?:[^\s(]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?)+")


def _sided(name: str, value: str) -> bool:
    """Whether a declaration treats left and right differently."""
    parts = _PART.findall(value)
    box = name in ("margin", "padding", "inset", "border-width") and len(parts) == 4
    words = name in ("text-align", "float", "clear") and value in ("left", "right")
    return bool(_SIDE.search(name)) or words or (box and parts[1] != parts[3])


@pytest.mark.parametrize("sheet", CITIZENS)
def test_no_style_names_a_side(sheet: str) -> None:
    text = lean.style((STATIC / "css" / f"{sheet}.css").read_text("utf-8"))
    rules = [(name, value.strip()) for name, value in _RULE.findall(text)]
    assert rules
    assert [rule for rule in rules if _sided(*rule)] == []


def test_the_test_sees_sides() -> None:
    assert _sided("margin-left", "1px")
    assert _sided("padding", "0 var(--s1) 0 calc(var(--s2) + 1px)")
    assert not _sided("padding", "0 var(--s1) 1px var(--s1)")


def test_the_direction_follows_the_language() -> None:
    assert {direction(language) for language in LANGUAGES} == {"ltr"}
    assert direction("ar") == "rtl"
