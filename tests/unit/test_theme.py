"""Themes: what is permitted can be read everywhere, and nothing of it can be more than a colour."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.configuration.contrast import PART, TEXT, ratio
from contactcenter.configuration.filing import tidy
from contactcenter.configuration.look import FIELDS, HOUSE, SCHEMES, short, worn
from contactcenter.configuration.rules import problems
from contactcenter.configuration.theme import Colours, Theme
from contactcenter.configuration.theme_rules import FONTS
from contactcenter.configuration.themes import Dress
from contactcenter.web.look import dressed, style

CSS = Path(__file__).parents[2] / "agent_ui"
TOKENS = (CSS / "static/css/tokens.css").read_text("utf-8")
SYSTEM = (CSS / "node_modules/hds-design-tokens/lib/color/all.min.css").read_text("utf-8")
HEX = st.from_regex(r"\A#[0-9a-f]{6}\Z")
COLOURS = st.builds(Colours, **{name: st.just("") | HEX for name in FIELDS})
THEMES = st.builds(
    Theme,
    organisation=st.just("city"),
    light=COLOURS,
    dark=COLOURS,
    font=st.sampled_from(sorted(FONTS)),
    font_regular=st.just("a" * 32),
)
HOSTILE = st.text(max_size=40) | st.sampled_from(
    [
        "red;}body{display:none}",
        "#fff;background:url(//evil.example)",
        "</style><script>alert(1)</script>",
        "url(javascript:alert(1))",
        "#12345g",
        "#1234567",
        "#\uff10b4f4a",
        "#fff\n",
        "expression(1)",
        "var(--bad)",
    ]
)


def mended(theme: Theme) -> Theme:
    """The theme with each colour that can't be read put where its error says."""
    for scheme, pair, nearest in short(theme):
        assert nearest is not None
        name = pair.field.partition(".")[2]
        changed = msgspec.structs.replace(getattr(theme, scheme), **{name: str(nearest)})
        theme = msgspec.structs.replace(theme, **{scheme: changed})
    return theme


@given(THEMES)
@settings(max_examples=200, deadline=None)
def test_what_an_error_advises_is_taken(theme: Theme) -> None:
    assert list(problems("theme", mended(theme))) == []


@given(THEMES)
@settings(max_examples=200, deadline=None)
def test_all_that_is_written_in_a_permitted_theme_can_be_read(theme: Theme) -> None:
    theme = mended(theme)
    for scheme in SCHEMES:
        house, look = HOUSE[scheme], worn(theme, scheme)
        text = [(house[name], look.ground) for name in ("text", "text_soft", "bad", "good", "warn")]
        text += [(house[name], look.accent_soft) for name in ("text", "text_soft")]
        text += [(look.on_brand, look.brand), (look.on_accent, look.accent)]
        text += [(look.on_accent, look.accent_strong)]
        for on in (house["surface"], house["raised"], look.ground, look.accent_soft):
            text += [(look.accent, on), (look.accent_strong, on)]
        assert [pair for pair in text if ratio(*pair) < TEXT] == []
        rings = [(look.accent, house["surface"]), (look.accent, look.ground)]
        rings += [(look.on_brand, look.brand), (house["line_strong"], look.ground)]
        assert [pair for pair in rings if ratio(*pair) < PART] == []


def test_the_error_names_the_pair_its_ratio_and_the_nearest_colour() -> None:
    theme = Theme(organisation="city", light=Colours(brand="#ffcc00", on_brand="#ffffff"))
    (problem,) = problems("theme", theme)
    assert (problem.detail, problem.field) == ("contrast_light_brand", "light.on_brand")
    said = {name: str(value) for name, value in problem.params.items()}
    assert said == {
        "one": "#ffffff",
        "other": "#ffcc00",
        "whole": "1",
        "part": "51",
        "nearest": "#5a5a5a",
    }


def test_what_the_dark_look_does_not_say_follows_from_the_light_one() -> None:
    theme = Theme(organisation="city", light=Colours(brand="#0b4f4a", accent="#00695c"))
    assert list(problems("theme", theme)) == []
    dark = worn(theme, "dark")
    assert str(dark.brand) == "#0b4f4a"
    assert dark.accent != worn(theme, "light").accent
    assert ratio(dark.accent, dark.ground) >= 7


@given(HOSTILE, st.sampled_from(FIELDS), st.sampled_from(SCHEMES))
def test_nothing_but_a_colour_is_a_colour(text: str, name: str, scheme: str) -> None:
    given: dict[str, Any] = {scheme: Colours(**{name: text})}
    theme = tidy(Theme(organisation="city", **given))
    value = getattr(getattr(theme, scheme), name)
    if not re.fullmatch(r"#[0-9a-f]{6}", value, re.ASCII) and value:
        found = {problem.detail for problem in problems("theme", theme)}
        assert "invalid_colour" in found


@given(HOSTILE, st.sampled_from(["font", "logo", "font_regular", "font_bold"]))
def test_nothing_but_ours_names_a_font_or_a_file(text: str, field: str) -> None:
    values: dict[str, Any] = {field: text}
    found = [one.field for one in problems("theme", Theme(organisation="city", **values))]
    known = text == "" and field != "font"
    assert (field in found) == (not known and text not in FONTS)


SAFE = re.compile(
    r"""(@font-face\{font-family:"Own";font-weight:[47]00;font-display:swap;"""
    r"""src:url\("/theme/city/[0-9a-f]{32}\.woff2"\)\ format\("woff2"\)\}\n?
    |:root\{--sans:[\w\s",-]+\}\n?
    |(@media\ not\ \(prefers-contrast:more\)\{)?
     :root\{(--[a-z-]+:light-dark\(\#[0-9a-f]{6},\#[0-9a-f]{6}\);)+\}\}?\n?)*""",
    re.VERBOSE | re.ASCII,
)


@given(THEMES, st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_style_sheet_is_nothing_but_figures_and_words_of_ours(theme: Theme, name: str) -> None:
    theme = msgspec.structs.replace(mended(theme), name={"fi": name})
    sheet = style(theme)
    assert SAFE.fullmatch(sheet), sheet
    look = dressed(Dress(theme))
    assert look is not None
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", look.source)


def test_a_theme_that_says_nothing_changes_nothing() -> None:
    assert style(Theme(organisation="city")) == ""


def test_a_logo_always_stands_on_the_brand_colour() -> None:
    sheet = style(Theme(organisation="city", logo="a" * 32))
    assert (
        sheet
        == ":root{--brand:light-dark(#005799,#12304a);--on-brand:light-dark(#ffffff,#ffffff);}"
    )


CITIZENS = sorted((CSS.parent / "contactcenter/web/citizen").glob("*.py"))


@pytest.mark.parametrize("path", CITIZENS, ids=lambda path: path.stem)
def test_every_page_for_citizens_says_whose_it_is(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "page":
            said = {keyword.arg for keyword in node.keywords}
            assert "whose" in said or None in said, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_houses_colours_are_those_of_its_style_sheet(scheme: str) -> None:
    for name, value in HOUSE[scheme].items():  # type: ignore[index]
        found = re.search(rf"--{name.replace('_', '-')}: light-dark\((.+?), (#\w+)\);", TOKENS)
        assert found, name
        said = found[1] if scheme == "light" else found[2]
        if said.startswith("var("):
            said = re.findall(rf"{said[4:-1]}:\s*(#\w{{6}})", SYSTEM)[0]
        assert said == str(value), name
