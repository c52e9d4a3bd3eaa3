"""Working time as a table. Pure."""

from __future__ import annotations

from contactcenter.insight.tables import Row, Table, of_columns
from contactcenter.insight.words import Words
from contactcenter.insight.work import Work
from contactcenter.kernel.i18n import pick


def work_table(work: Work, w: Words) -> Table:
    """Who worked for whom, in which task and for how long."""
    longest = max(one.us for one in work.shares)
    rows = [
        Row(
            _named(work.tasks.get((one.organisation, one.task)), w),
            (
                _named(work.organisations[one.organisation], w),
                _named(work.organisations.get(one.staff_of), w),
                w.number(one.n),
                clock(one.us),
                w.percent(one.share),
            ),
            one.us / (longest or 1),
        )
        for one in work.shares
    ]
    columns = ("task", "whose", "by", "handled", "time", "share")
    return of_columns("work", columns, rows, w)


def _named(names: dict[str, str] | None, w: Words) -> str:
    return w.t("others") if names is None else pick(names, w.language)


def clock(us: int) -> str:
    """Hours, minutes and seconds: 12:34:56."""
    seconds = round(us / 1_000_000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
