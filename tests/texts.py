"""Texts as anybody may write them, for hypothesis to choose from."""

from __future__ import annotations

from hypothesis import strategies as st


def texts(*, max_size: int = 100) -> st.SearchStrategy[str]:
    """Any text that UTF-8 can hold, of at most so many characters. As `st.text()` would give; but
    that one first encodes each of a million characters, which takes every fresh process 2 s."""
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=max_size)
