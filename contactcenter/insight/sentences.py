"""What the monthly report says: sentences that a city council can read, and the table behind them;
None where there is nothing to say. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from contactcenter.insight import figures, sections
from contactcenter.insight.figures import Key
from contactcenter.insight.movers import FEWEST_WEEKS
from contactcenter.insight.reading import UNCLASSIFIED, Moved, Told
from contactcenter.insight.tables import Table
from contactcenter.insight.views import UNSTATED
from contactcenter.insight.words import Words
from contactcenter.insight.work import Work
from contactcenter.insight.work_table import work_table

MOST = 10  # rows of services or of reasons that the report shows


class Section(NamedTuple):
    """A heading, what is to be said, and the table that it is said of."""

    heading: str
    sentences: list[str]
    table: Table | None = None


class Read(NamedTuple):
    """All that a report is made of."""

    this: Told
    before: Told
    moved: Moved
    work: Work


def contacts(read: Read, key: Key, w: Words) -> Section:
    """How many there were, beside the month before; by which channels, in which languages, and how
    soon they were answered."""
    this = read.this
    said = [
        w.t("report.contacts", month=w.t(f"in_month.{this.until.month}"), n=w.number(key.contacts))
    ]
    whole = this.last_day is not None and this.last_day >= this.until.last
    if whole and read.before.contacts and _is_whole(read.before):
        ratio = key.contacts / read.before.total
        known = "as_many" if 0.98 < ratio < 1.02 else "more" if ratio > 1 else "fewer"
        share = w.percent(abs(ratio - 1))
        said.append(w.t(f"report.{known}", share=share, before=w.month(read.before.until)))
    total = this.total or 1
    channels = sorted(this.contacts.get("channel", {}).items(), key=lambda one: -one[1])
    if channels:
        of = [f"{w.channel(name).lower()} {w.percent(n / total)}" for name, n in channels]
        said.append(w.t("report.channels", list=_listed(of, w)))
    spoken = sorted(this.contacts.get("language", {}).items(), key=lambda one: -one[1])
    if spoken:
        of = [f"{_in_language(name, w)} {w.percent(n / total)}" for name, n in spoken]
        said.append(w.t("report.languages", list=_listed(of, w)))
    if this.parts.get("answer"):
        day = w.percent(key.in_a_day)
        hour = w.percent(figures.share(this.parts["answer"], ("h1",)))
        said.append(w.t("report.answered", hour=hour, day=day))
    if opened := this.parts.get("answer_open"):
        day = w.percent(figures.share(opened, figures.IN_A_DAY))
        hour = w.percent(figures.share(opened, ("h1",)))
        said.append(w.t("report.answered_open", hour=hour, day=day))
    return Section(w.t("report.heading.contacts"), said, sections.weeks(this, w))


def _is_whole(told: Told) -> bool:
    """Whether the month was counted from its first day on."""
    days = [date.fromisoformat(day) for day in told.contacts.get("time", {})]
    return bool(days) and min(days) <= told.since.first + timedelta(days=6)


def _in_language(code: str, w: Words) -> str:
    key = f"insight.in_language.{code}"
    return w.texts.t(w.language, key) if w.texts.has(key) else code


def _listed(of: list[str], w: Words) -> str:
    """One, two and three."""
    if len(of) < 2:
        return "".join(of)
    return w.t("and", first=", ".join(of[:-1]), last=of[-1])


def services(this: Told, key: Key, w: Words) -> Section | None:
    """What they were about."""
    table = sections.services(this, w)
    named = [row for row in table.rows if row.to != ("service", UNCLASSIFIED)]
    if not named:
        return None
    top = [f"{row.label} ({row.cells[0]})" for row in named[:3]]
    said = [w.t("report.services", list=_listed(top, w))]
    if key.unclassified:
        said.append(w.t("report.unclassified", share=w.percent(key.unclassified)))
    return Section(w.t("report.heading.services"), said, table._replace(rows=table.rows[:MOST]))


def reasons(this: Told, key: Key, w: Words) -> Section | None:
    """Why people turned to the city."""
    table = sections.reasons(this, w)
    found = sorted(((n, part) for part, n in this.parts.get("reason", {}).items() if part))[::-1]
    if table is None or not found:
        return None
    top = [f"{w.reason(part, this.reasons)} ({w.number(n)})" for n, part in found[:3]]
    said = _known_until(this, w)
    said.append(w.t("report.reasons", list=_listed(top, w)))
    if key.unsaid:
        said.append(w.t("report.unsaid", share=w.percent(key.unsaid)))
    return Section(w.t("report.heading.reasons"), said, table._replace(rows=table.rows[:MOST]))


def areas(this: Told, w: Words) -> Section | None:
    """From which parts of the city, as far as that was stated."""
    table = sections.areas(this, w)
    if table is None or this.settled is None:
        return None
    stated = [row for row in table.rows if row.to != ("area", UNSTATED)]
    said = _known_until(this, w)
    share = figures.share(this.parts["area"], (UNSTATED,))
    said.append(w.t("report.stated", share=w.percent(1 - (share or 0))))
    top = [f"{row.label} ({row.cells[0]})" for row in stated[:3]]
    said.append(w.t("report.areas", list=_listed(top, w)))
    return Section(w.t("report.heading.areas"), said, table)


def _known_until(this: Told, w: Words) -> list[str]:
    """Where what is known late does not reach to the month's end, how far it does."""
    if this.settled is None or this.settled >= this.until.last:
        return []
    return [w.t("report.settled", day=w.day(this.settled))]


def matters(this: Told, key: Key, w: Words) -> Section | None:
    """How many cases were resolved, and how many of them with one contact."""
    if not key.matters or this.settled is None:
        return None
    said = _known_until(this, w)
    said.append(w.t("report.matters", n=w.number(key.matters)))
    said.append(w.t("report.once", share=w.percent(key.once)))
    if key.per_request is not None:
        said.append(w.t("report.per_request", n=w.decimal(key.per_request, 2)))
    return Section(w.t("report.heading.matters"), said)


def avoidable(this: Told, key: Key, w: Words) -> Section | None:
    """What caused contacts that nobody would have needed."""
    if not key.marked or key.avoidable is None:
        return None
    said = [w.t("report.avoidable", share=w.percent(key.avoidable), n=w.number(key.marked))]
    causes = {one: this.parts["cause"].get(one, 0) for one in figures.AVOIDABLE}
    first = max(causes, key=lambda one: causes[one])
    if causes[first]:
        said.append(w.t("report.cause", cause=w.t(f"cause.{first}").lower()))
    return Section(w.t("report.heading.avoidable"), said, sections.causes(this, w))


def feedback(this: Told, key: Key, w: Words) -> Section | None:
    """Which marks were given, and to which service the best and the worst."""
    marks = this.parts.get("mark_service") or {}
    if key.service_mark is None or key.handling_mark is None:
        return None
    said = [
        w.t(
            "report.marks",
            n=w.number(sum(this.parts["mark_handling"].values())),
            handling=w.decimal(key.handling_mark),
            service=w.decimal(key.service_mark),
        )
    ]
    liked = {
        service: value
        for service, parts in this.by_side.get("mark_service", {}).items()
        if service != UNCLASSIFIED and (value := figures.mean(parts, least=figures.FEW)) is not None
    }
    if len(liked) > 1:
        best, worst = max(liked, key=lambda one: liked[one]), min(liked, key=lambda one: liked[one])
        said += [
            w.t(f"report.{name}", service=w.service(one, this.services), mark=w.decimal(liked[one]))
            for name, one in (("best", best), ("worst", worst))
        ]
    table = next((t for t in sections.tables(this, w) if t.key == "mark_service"), None)
    return Section(w.t("report.heading.feedback"), said, table if marks else None)


def movers(read: Read, w: Words) -> Section:
    """Which services were turned to more or less than before in the last whole week."""
    week, found = read.moved
    said = {"week": week.isocalendar().week, "monday": w.day(week)}
    heading = w.t("report.heading.movers")
    if found is None:
        return Section(heading, [w.t("report.too_early", n=FEWEST_WEEKS + 1)])
    if not found:
        return Section(heading, [w.t("report.unmoved", **said)])
    table = sections.moved(found, read.this, w)
    return Section(heading, [w.t("report.moved", n=len(found), **said)], table)


def work(read: Read, w: Words) -> Section | None:
    """For how long it was worked."""
    if not read.work.shares:
        return None
    hours = w.number(sum(one.us for one in read.work.shares) / 3.6e9)
    said = [w.t("report.work", hours=hours)]
    return Section(w.t("report.heading.work"), said, work_table(read.work, w))
