"""The monthly report, of what is told of a month. The page and the PDF show the same."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from contactcenter.accounts.authorise import Actor
from contactcenter.insight import figures, sentences
from contactcenter.insight.months import Month
from contactcenter.insight.reading import Asked, Named, Told, moved, told
from contactcenter.insight.sentences import Read, Section
from contactcenter.insight.words import Words
from contactcenter.insight.work import worked
from contactcenter.kernel.db import Database
from contactcenter.kernel.i18n import pick

MOST_BACK = 60  # months that are offered; by the address older ones can be had


class Report(NamedTuple):
    """`subtitle`: of which time, and until when it is known."""

    title: str
    subtitle: str
    sections: list[Section]
    notes: list[str]
    month: Month
    last_day: date | None


async def read(db: Database, actor: Actor, month: Month | None, organisation: str | None) -> Read:
    """Of a month; None: the last that something is told of. Raises Refused."""
    this = await told(db, actor, Asked(month, month, organisation))
    month = month or this.until
    if this.since != month:
        this = await told(db, actor, Asked(month, month, organisation))
    earlier = month.before(1)
    before = await told(db, actor, Asked(earlier, earlier, organisation))
    work = await worked(db, actor, organisation, month, month)
    return Read(this, before, await moved(db, actor, organisation, month), work)


def report(read: Read, words: Words) -> Report:
    """In one language."""
    this, w = read.this, words
    key = figures.key(this)
    shown = _shown(this)
    whose = pick(shown[0].name, w.language) if len(shown) == 1 else w.t("all_organisations")
    last = this.last_day
    partly = last is not None and last < this.until.last
    subtitle = w.t("report.partly", day=w.day(last)) if partly and last else ""
    made = (
        sentences.contacts(read, key, w),
        sentences.services(this, key, w),
        sentences.reasons(this, key, w),
        sentences.areas(this, w),
        sentences.matters(this, key, w),
        sentences.avoidable(this, key, w),
        sentences.feedback(this, key, w),
        sentences.movers(read, w),
        sentences.work(read, w),
    )
    return Report(
        w.t("report.title", whose=whose, month=w.month(this.until)),
        subtitle,
        [section for section in made if section is not None] if this.total else [],
        [w.t(f"report.note.{name}") for name in ("rounded", "when", "sources")],
        this.until,
        last,
    )


def known(told: Told) -> list[Month]:
    """The months that can be chosen, the latest first."""
    last = max(told.until, Month.of(told.last_day) if told.last_day else told.until)
    first = min(told.since, Month.of(told.first_day) if told.first_day else told.since)
    months = [last.before(n) for n in range(MOST_BACK)]
    return [month for month in months if month >= first]


def _shown(told: Told) -> list[Named]:
    of = told.organisations
    return [of[told.asked.organisation]] if told.asked.organisation else list(of.values())
