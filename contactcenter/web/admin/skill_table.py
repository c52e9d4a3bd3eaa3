"""A user's skills as a table to choose from, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec

from contactcenter.accounts.rules import Profile, Skill
from contactcenter.errors import Refused
from contactcenter.kernel.i18n import LANGUAGES
from contactcenter.kernel.sql import Row
from contactcenter.web.bodies import Form


def skill_of(text: str) -> Skill:
    """`organisation/task/language/level` as a skill. Raises Refused."""
    try:
        organisation, task, language, level = text.split("/")
        return Skill(int(organisation), task, language, int(level))
    except ValueError:
        raise Refused("bad_request", "invalid_field", field="skills") from None


def skills_of(
    chosen: Iterable[str], trained_for: Iterable[str], trained: Iterable[str]
) -> tuple[Skill, ...]:
    """The chosen skills, with the day of training typed for each `organisation/task`. Raises
    Refused."""
    days = dict(zip(trained_for, trained, strict=False))
    skills = [skill_of(text) for text in chosen if text]
    return tuple(
        replace(skill, trained=_day(days.get(f"{skill.organisation_id}/{skill.task}", "")))
        for skill in skills
    )


def _typed(sent: Form) -> dict[str, str]:
    return dict(zip(sent.all("trained_for"), sent.all("trained"), strict=False))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("bad_request", "invalid_date", field="skills") from None


def skill_table(
    tasks: list[Row],
    organisations: list[dict[str, Any]],
    profile: Profile,
    home: int | None = None,
    sent: Form | None = None,
) -> list[dict[str, Any]]:
    """A row for each organisation and task that a queue asks for or the user has, with the level
    in each language (0: none), and the day of training where the organisation is not the user's
    own (`home`, None: not chosen yet); as it was typed where it was sent."""
    typed = {} if sent is None else _typed(sent)
    since = {(s.organisation_id, s.task): str(s.trained) for s in profile.skills if s.trained}
    have = {(s.organisation_id, s.task, s.language): s.level for s in profile.skills}
    queues = {(row["organisation_id"], row["task"]): row["queue"] for row in tasks}
    cells = {(row["organisation_id"], row["task"], row["language"]) for row in tasks} | set(have)
    names = {organisation["id"]: organisation["name"] for organisation in organisations}
    table: dict[tuple[int, str], dict[str, int]] = {}
    for organisation, task, language in sorted(cells, key=_in_our_order):
        level = have.get((organisation, task, language), 0)
        table.setdefault((organisation, task), {})[language] = level
    return [
        {
            "organisation": id_,
            "name": names.get(id_, {}),
            "task": task,
            "queue": msgspec.json.decode(queues.get((id_, task), "{}")),
            "levels": levels,
            "elsewhere": id_ != home and len(organisations) > 1,
            "trained": typed.get(f"{id_}/{task}", since.get((id_, task), "")),
        }
        for (id_, task), levels in table.items()
    ]


def _in_our_order(cell: tuple[int, str, str]) -> tuple[int, str, int, str]:
    """Our own languages first, as everywhere, then the others."""
    organisation, task, language = cell
    place = LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)
    return organisation, task, place, language
