"""Scripts and styles without their comments: nothing but comments is gone, and no line moves."""

from __future__ import annotations

import subprocess
from pathlib import Path

from contactcenter.web import lean
from contactcenter.web.static import STATIC
from tests.console.test_units import _node

TSC = STATIC.parent / "node_modules" / "typescript" / "lib" / "tsc.js"
SCRIPTS = sorted(path.relative_to(STATIC) for path in STATIC.rglob("*.js"))
_PLAIN = ("--allowJs", "--noCheck", "--noResolve", "--removeComments")


def _compiled(root: Path, out: Path) -> list[str]:
    """What the compiler makes of each, which tells comments from strings, templates, patterns."""
    words = [_node(), str(TSC), *_PLAIN, "--target", "esnext", "--module", "esnext"]
    words += ["--rootDir", str(root), "--outDir", str(out), *(str(root / one) for one in SCRIPTS)]
    subprocess.run(words, check=True, capture_output=True)
    return [_less(_less((out / one).read_text("utf-8"), "("), ")") for one in SCRIPTS]


def _less(text: str, bracket: str) -> str:
    """The compiler drops a pair that stood around a cast only where the cast's comment is there."""
    while bracket * 2 in text:
        text = text.replace(bracket * 2, bracket)
    return text


def test_a_script_is_the_same_program(tmp_path: Path) -> None:
    assert len(SCRIPTS) > 100
    for path in SCRIPTS:
        source = (STATIC / path).read_text("utf-8")
        bare = lean.script(source)
        assert bare.count("\n") == source.count("\n"), path
        (tmp_path / "bare" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bare" / path).write_text(bare, "utf-8")
    whole = _compiled(STATIC, tmp_path / "of_source")
    assert _compiled(tmp_path / "bare", tmp_path / "of_bare") == whole


def test_only_where_we_put_one_is_a_comment() -> None:
    source = 'a("https://x/*"); // why\n  // a line\nb; /** @type {X} */ (c)\n/** two\n lines */\n'
    assert lean.script(source) == 'a("https://x/*"); // why\n\nb; (c)\n\n\n'
    assert lean.style("/* why */ a { b: c; }\n/* two\n lines */\nd {}") == "a { b: c; }\n\n\nd {}"


def test_no_text_of_a_style_holds_what_begins_a_comment() -> None:
    for path in STATIC.rglob("*.css"):
        assert not [line for line in path.read_text("utf-8").splitlines() if '"/*' in line], path
