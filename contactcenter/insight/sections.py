"""What is told, as tables: the same for pages and reports. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from contactcenter.insight import figures
from contactcenter.insight.movers import Mover
from contactcenter.insight.reading import UNSAID, Told
from contactcenter.insight.tables import Row, Table, headed, of_bars, of_columns
from contactcenter.insight.views import LATER, TIMED, TIMES, UNSTATED
from contactcenter.insight.words import NONE, Words
from contactcenter.kernel.i18n import pick

Parts = Mapping[str, int]
FIRST = 12  # services in the first view; the others are folded away


def tables(told: Told, words: Words) -> list[Table]:
    """All that there is something to show of."""
    made = (
        weeks(told, words),
        hours(told, words),
        services(told, words),
        areas(told, words),
        _side(told, words, "channel", words.channel),
        _side(told, words, "language", words.spoken),
        organisations(told, words),
        reasons(told, words),
        causes(told, words),
        _parts(told, words, "matter", ("once", "again")),
        _parts(told, words, "request", ("first", "repeat")),
        *(_times(told, words, *views) for views in TIMED.items()),
        *(_parts(told, words, view, figures.STEPS) for view in ("mark_service", "mark_handling")),
        _parts(told, words, "open", figures.KINDS),
        _parts(told, words, "suggested", ("among", "missed")),
    )
    return [table for table in made if table is not None and table.rows]


def weeks(told: Told, words: Words) -> Table:
    """Contacts by week; the first and last may be cut by the months that were chosen."""
    found: dict[date, int] = {}
    for day, n in told.contacts.get("time", {}).items():
        first = date.fromisoformat(day)
        monday = first - timedelta(days=first.weekday())
        found[monday] = found.get(monday, 0) + n
    labels = {monday: words.week(monday) for monday in sorted(found)}
    bars = ((labels[monday], n, ("week", str(monday))) for monday, n in sorted(found.items()))
    return of_bars("weeks", bars, words, upright=True)


def services(told: Told, words: Words) -> Table:
    """With what is told of each beside its contacts, where that is told by service alone."""
    columns = ["service", "contacts", "share"]
    shown: dict[str, tuple[str, Callable[[Parts], str]]] = {
        "matter": (
            "once",
            lambda parts: words.percent(figures.share(parts, ("once",), figures.FEW)),
        ),
        "cause": ("avoidable", lambda parts: words.percent(_avoidable(parts))),
        "mark_service": ("mark", lambda parts: _mean(parts, words)),
    }
    more = [
        (view, show)
        for view, (_, show) in shown.items()
        if any(show(parts) != NONE for parts in told.by_side.get(view, {}).values())
    ]
    columns += [shown[view][0] for view, _ in more]
    found = sorted(told.contacts.get("service", {}).items(), key=lambda one: (-one[1], one[0]))
    most = max((n for _, n in found), default=1)
    rows = [
        Row(
            words.service(word, told.services),
            (
                words.number(n),
                words.percent(n / told.total),
                *(show(told.by_side[view].get(word, {})) for view, show in more),
            ),
            n / most,
            ("service", word),
        )
        for word, n in found
    ]
    table = of_columns("services", columns, rows, words)
    return table if more else table._replace(hint="")


def _avoidable(parts: Parts) -> float | None:
    return figures.share(figures.marked(parts), figures.AVOIDABLE, figures.FEW)


def _mean(parts: Parts, words: Words) -> str:
    value = figures.mean(parts, figures.FEW)
    return NONE if value is None else words.decimal(value)


def organisations(told: Told, words: Words) -> Table | None:
    """Where several are looked at."""
    found = told.contacts.get("organisation", {})
    if len(found) < 2:
        return None
    bars = (
        (pick(told.organisations[word].name, words.language), n, ("organisation", word))
        for word, n in sorted(found.items(), key=lambda one: -one[1])
    )
    return of_bars("organisations", bars, words)


def hours(told: Told, words: Words) -> Table | None:
    """By the hour of arrival, without a gap between the first and the last."""
    found = told.parts.get("hour", {})
    if not found:
        return None
    first, last = min(map(int, found)), max(map(int, found))
    bars = (
        (f"{hour}\N{EN DASH}{hour + 1}", found.get(str(hour), 0), None)
        for hour in range(first, last + 1)
    )
    return of_bars("hours", bars, words, upright=True)


def areas(told: Told, words: Words) -> Table | None:
    """Where any was stated; last, of how many none was."""
    found = told.parts.get("area", {})
    if not {*found} - {UNSTATED}:
        return None
    order = sorted(found.items(), key=lambda one: (one[0] == UNSTATED, -one[1], one[0]))
    bars = ((words.area(word, told.areas), n, ("area", word)) for word, n in order)
    return of_bars("areas", bars, words)


def causes(told: Told, words: Words) -> Table | None:
    """Of what was marked."""
    found = figures.marked(told.parts.get("cause"))
    bars = (
        (words.t(f"cause.{part}"), found[part], ("cause", part))
        for part in ("value", *figures.AVOIDABLE)
        if part in found
    )
    return of_bars("causes", bars, words) if found else None


def reasons(told: Told, words: Words) -> Table | None:
    """Why people turned to the city, in the words that were valid then; without a word last."""
    found = told.parts.get("reason")
    if not found:
        return None
    order = sorted(found, key=lambda part: (not part, -found[part], part))
    bars = (
        (words.reason(part, told.reasons), found[part], ("reason", part or UNSAID))
        for part in order
    )
    return of_bars("reasons", bars, words)


def _side(told: Told, words: Words, side: str, name: Callable[[str], str]) -> Table:
    found = sorted(told.contacts.get(side, {}).items(), key=lambda one: -one[1])
    bars = ((name(word), n, (side, word)) for word, n in found)
    return of_bars(f"{side}s", bars, words)


def _parts(told: Told, words: Words, view: str, order: Iterable[str]) -> Table | None:
    found = told.parts.get(view)
    if not found:
        return None
    kind = view.partition("_")[0]
    bars = ((words.t(f"{kind}.{part}"), found[part], None) for part in order if part in found)
    return of_bars(view, bars, words)


def _times(told: Told, words: Words, view: str, within: str) -> Table | None:
    """How long it took, by the calendar and beside it within opening hours."""
    found, opened = told.parts.get(view), told.parts.get(within, {})
    if not found:
        return None
    total, hours = sum(found.values()), sum(opened.values())
    rows = [
        Row(
            words.t(f"time.{part}"),
            (
                words.number(found.get(part, 0)),
                words.percent(found.get(part, 0) / total),
                words.number(opened.get(part, 0)),
                words.percent(opened.get(part, 0) / hours if hours else None),
            ),
            found.get(part, 0) / max(found.values()),
        )
        for part in (*TIMES, LATER)
        if part in found or part in opened
    ]
    table = headed(view, rows, words)
    columns = (words.t("column.open_contacts"), words.t("column.open_share"))
    return table._replace(columns=(*table.columns, *columns))


def moved(found: list[Mover], told: Told, words: Words) -> Table:
    """Which services moved in the last week, and within what bounds."""
    longest = max(one.ratio for one in found) or 1  # nobody may have asked about any of them
    rows = [
        Row(
            words.service(mover.key, told.services),
            (
                words.number(mover.now),
                words.decimal(mover.usual),
                change(mover.ratio, words)
                + f" ({change(mover.low, words)} … {change(mover.high, words)})",
            ),
            min(1.0, mover.ratio / longest),
            ("service", mover.key),
        )
        for mover in found
    ]
    return of_columns("movers", ("service", "now", "usual", "change"), rows, words)


def change(ratio: float, words: Words) -> str:
    """+45 %; from three times on as a multiple."""
    if ratio >= 3:
        return f"{words.decimal(ratio)} \N{MULTIPLICATION SIGN}"
    sign = "+" if ratio >= 1 else "\N{MINUS SIGN}"
    return f"{sign}{words.percent(round(abs(ratio - 1), 2))}"
