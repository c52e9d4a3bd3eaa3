"""What is told, as open data: a CSV file of the innermost cells, and a dictionary of its columns.
Whoever adds up its rows gets the figures of the pages; no row is of one to four persons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from contactcenter.accounts.authorise import Actor, require, scope_for
from contactcenter.insight import figures
from contactcenter.insight.months import Month
from contactcenter.insight.reading import SQL, UNCLASSIFIED, areas_named, named, reasons, sight
from contactcenter.insight.telling import LEAST
from contactcenter.insight.views import LATER, TIMED, TIMES, UNSTATED, VIEWS
from contactcenter.insight.words import Words
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import LANGUAGES, Catalogue

COLUMNS = (
    "organisation",
    "first_day",
    "last_day",
    "view",
    "service",
    *(f"service_{language}" for language in LANGUAGES),
    "channel",
    "language",
    "part",
    "count",
)
_HOURS = tuple(map(str, range(24)))
_STEPS = (*TIMES, LATER)
# By the calendar, and within opening hours, which is never longer.
_BOTH = tuple(f"{one}-{within}" for n, one in enumerate(_STEPS) for within in _STEPS[: n + 1])
_PARTS: dict[str, tuple[str, ...]] = {
    "contacts": (),
    **dict.fromkeys(TIMED, _BOTH),
    "mark_service": figures.STEPS,
    "mark_handling": figures.STEPS,
    "open": figures.KINDS,
    "suggested": ("among", "missed"),
    "matter": ("once", "again"),
    "request": ("first", "repeat"),
    "cause": ("value", *figures.AVOIDABLE),
}


async def rows(
    db: Database, actor: Actor, organisation: str | None, since: Month, until: Month
) -> list[tuple[Any, ...]]:
    """The rows of some months, as COLUMNS. Raises Refused."""
    require(actor, "read_insight")
    async with db.transaction(isolation="repeatable_read", readonly=True) as conn:
        scope, _ = await sight(conn, actor, organisation)
        cells = await SQL.cells.all(conn, scope=scope, since=since.first, until=until.last)
        services = await named(conn, scope)
    found = []
    for cell in cells:
        by_service = "service" in VIEWS[cell["view"]].sides
        word = str(cell["service_id"]) if by_service else ""
        names = services[word].name if word in services else {}
        found.append(
            (
                cell["organisation"],
                cell["first_day"].isoformat(),
                cell["last_day"].isoformat(),
                cell["view"],
                word,
                *(names.get(language, "") for language in LANGUAGES),
                cell["channel"],
                cell["language"],
                cell["part"],
                cell["n"],
            )
        )
    return found


def as_csv(found: Iterable[tuple[Any, ...]]) -> bytes:
    """UTF-8, commas, a line of headings (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([_plain(value) for value in row] for row in found)
    return text.getvalue().encode()


def _plain(value: Any) -> Any:
    """No spreadsheet takes a name for a formula (OWASP, CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple("=+-@\t\r")) else value


async def dictionary(db: Database, actor: Actor, texts: Catalogue) -> dict[str, Any]:
    """What columns, views and parts mean, in every language. Raises Refused."""
    require(actor, "read_insight")
    async with db.connection() as conn:
        scope = scope_for(actor, "read_insight")
        called, areas = await reasons(conn, scope), await areas_named(conn, scope)
    of = {language: Words(texts, language) for language in LANGUAGES}

    def said(key: str, **params: object) -> dict[str, str]:
        return {language: words.t(key, **params) for language, words in of.items()}

    parts = {
        view: {part: _meant(of, view, part) for part in known} for view, known in _PARTS.items()
    } | {
        "hour": list(_HOURS),
        "reason": {"": said("unsaid")} | called,
        "area": {UNSTATED: said("unstated")} | {key: area.name for key, area in areas.items()},
    }
    return {
        "least_persons": LEAST,
        "rounding": said("how.rounded"),
        "columns": {
            name: said(f"data.{name}") for name in COLUMNS if not name.startswith("service_")
        }
        | {
            f"service_{language}": said("data.service_name", language=language)
            for language in LANGUAGES
        },
        "unclassified_service": UNCLASSIFIED,
        "views": {
            name: {
                "meaning": said(f"data.view.{name}"),
                "sides": list(view.sides),
                "parts": parts[name],
            }
            for name, view in VIEWS.items()
        },
    }


def _meant(of: Mapping[str, Words], view: str, part: str) -> dict[str, str]:
    if view not in TIMED:
        return {code: words.t(f"{view.partition('_')[0]}.{part}") for code, words in of.items()}
    calendar, _, within = part.partition("-")
    return {
        code: words.t(
            "time.both", calendar=words.t(f"time.{calendar}"), within=words.t(f"time.{within}")
        )
        for code, words in of.items()
    }
