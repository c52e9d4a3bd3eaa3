"""Why a contact waits, and times, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.queue.relax import ANY_LANGUAGE
from contactcenter.queue.rules import is_for_own_staff, task_of
from contactcenter.routing.declining import HOUSE_REASONS

Words = Callable[..., str]  # a text of the catalogue, by its key and parameters
Names = dict[str, str]  # what an admin calls something, by language
_PARTS = ("full", "busy", "out", "declined")


def duration(t: Words, seconds: float) -> str:
    """The two largest units: "12 s", "3 min 5 s", "1 h 12 min", "2 d 4 h"."""
    whole = int(seconds)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if days:
        rest = hours % 24
        return t("board.time.d_h", d=days, h=rest) if rest else t("board.time.d", d=days)
    if hours:
        rest = minutes % 60
        return t("board.time.h_min", h=hours, min=rest) if rest else t("board.time.h", h=hours)
    if minutes:
        rest = whole % 60
        key = "board.time.min_s" if rest else "board.time.min"
        return t(key, min=minutes, s=rest)
    return t("board.time.s", s=whole)


def plural(t: Words, key: str, n: int, **params: object) -> str:
    """A text that depends on a number."""
    return t(f"{key}.{'one' if n == 1 else 'other'}", n=n, **params)


def asked(t: Words, named: Callable[[Names], str], tasks: dict[str, Names], name: str) -> str:
    """A class as what an agent must be able to: the task, its language, and the level."""
    task, (_, language, level) = task_of(name), name.rsplit("/", 2)
    if language == ANY_LANGUAGE:
        spoken = t("waiting.step.language")
    else:
        spoken = t(f"language.{language}") if language in LANGUAGES else language
    what = named(tasks[task]) if task in tasks else task.partition("/")[2]
    key = "waiting.class_own" if is_for_own_staff(name) else "waiting.class"
    return t(key, task=what, language=spoken, level=t(f"users.level.{level}").lower())


def reason(t: Words, why: dict[str, Any]) -> str:
    """Why it waits, in one sentence."""
    code, able = why["reason"], why["able"]
    if code in ("offered", "kept"):
        left = duration(t, why["seconds"] or 0)
        return t(f"waiting.why.{code}", agent=why["agent"] or "", time=left)
    if code == "mixed":
        counts = why["counts"]
        parts = [plural(t, f"waiting.part.{one}", counts[one]) for one in _PARTS if counts[one]]
        return t("waiting.why.mixed", n=able, parts=", ".join(parts))
    if code in _PARTS:
        return plural(t, f"waiting.all.{code}", able)
    return t(f"waiting.why.{code}")


def happened(t: Words, named: Callable[[Names], str], one: dict[str, Any]) -> str:
    """How it came back, or who had it out of its turn: "Aino Virtanen: declined: no time"."""
    who = t("history.me") if one["me"] else one["agent"] or t("history.colleague")
    what = t(f"history.{one['what']}", agent=who)
    reason = one["reason"]
    if reason is not None:
        return t("history.reason", what=what, reason=_declined(t, named, reason))
    return t("history.by", what=what, agent=one["by"]) if one["by"] else what


def _declined(t: Words, named: Callable[[Names], str], reason: dict[str, Any]) -> str:
    """One of the organisation's own reasons, or of those that every house has."""
    if reason["name"]:
        return named(reason["name"])
    key = reason["key"]
    return t(f"console.decline.{key}") if key in HOUSE_REASONS else str(key)
