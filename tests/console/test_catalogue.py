"""Every text that the console's modules ask for is there in every language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "agent_ui"
LANGUAGES = ("fi", "sv", "en")
STATES = ("available", "away", "break", "training", "offline")
CHANNELS = ("chat", "mail", "callback", "call", "visit", "letter")
_PLAIN = re.compile(r"\bt\(\s*\"([\w.]+)\"")
_COUNTED = re.compile(r"\btn\(\s*\"([\w.]+)\"")
_STEM = re.compile(r"\bt\(\s*`([\w.]+)\$\{")
_NAME = re.compile(r"\{(\w+)\}")


def _texts(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((UI / "locales" / f"{language}.json").read_text("utf-8"))
    return texts


def _modules() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(UI.glob("static/*/*.js")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_missing(language: str) -> None:
    texts, code = _texts(language), _modules()
    wanted = set(_PLAIN.findall(code))
    wanted |= {f"{key}.{form}" for key in _COUNTED.findall(code) for form in ("one", "other")}
    wanted |= {f"state.{one}" for one in STATES} | {f"channel.{one}" for one in CHANNELS}
    assert wanted - texts.keys() == set()
    for stem in _STEM.findall(code):
        assert any(key.startswith(stem) for key in texts), f"no text begins with {stem}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_whole(language: str) -> None:
    own = _texts("fi")
    texts = _texts(language)
    assert texts.keys() == own.keys()
    assert [key for key, text in texts.items() if not text.strip()] == []
    for key, text in own.items():
        assert set(_NAME.findall(texts[key])) == set(_NAME.findall(text)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_sorted(language: str) -> None:
    assert list(_texts(language)) == sorted(_texts(language))
