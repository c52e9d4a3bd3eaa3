"""How many agents: the smallest number that does it, the employer's rules, and the command."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.cli import main
from contactcenter.routing.demand import Demand, PlanError
from contactcenter.routing.staffing import (
    Abandonment,
    MeanWait,
    Rules,
    ServiceLevel,
    Target,
    met,
    needed,
    plan,
    reached,
    within_s,
)

TEN = Demand(contacts=100, per_s=1800, aht_s=180)
TEN_LEAVING = Demand(contacts=100, per_s=1800, aht_s=180, patience_s=120)
LEVEL = ServiceLevel(0.8, 20)


def test_thirteen_fail_by_a_hair_so_fourteen_are_needed() -> None:
    need = needed(TEN, LEVEL)
    assert (need.agents, need.scheduled, need.by) == (14, 14, "target")
    assert need.figures == reached(TEN, 14, 20)


def test_who_leaves_spares_agents() -> None:
    assert needed(TEN_LEAVING, LEVEL).agents == 12
    assert needed(TEN_LEAVING, ServiceLevel(0.78, 20, "positive")).agents == 11
    assert needed(TEN_LEAVING, ServiceLevel(0.78, 20, "negative")).agents == 12


def test_occupancy_may_ask_for_more_than_the_target() -> None:
    need = needed(TEN, MeanWait(600), Rules(max_occupancy=0.8))
    assert (need.agents, need.by) == (13, "occupancy")  # 10 / 12 is 83 %
    assert needed(TEN, LEVEL, Rules(max_occupancy=0.85)).by == "target"


@pytest.mark.parametrize(
    ("agents", "shrinkage", "scheduled"),
    [(14, 0.3, 20), (21, 0.3, 30), (10, 0.0, 10), (9, 0.1, 10)],
)
def test_shrinkage_is_of_who_is_scheduled(agents: int, shrinkage: float, scheduled: int) -> None:
    assert Rules(shrinkage=shrinkage).scheduled(agents) == scheduled


targets = st.one_of(
    st.builds(
        ServiceLevel,
        st.floats(0.01, 0.99),
        st.floats(0, 600),
        st.sampled_from(["ignored", "negative", "positive"]),
    ),
    st.builds(MeanWait, st.floats(0.5, 600)),
    st.builds(Abandonment, st.floats(0.001, 0.5)),
)


@given(
    contacts=st.floats(0.1, 200),
    aht=st.floats(10, 600),
    patience=st.none() | st.floats(5, 3_600),
    target=targets,
    occupancy=st.floats(0.3, 1),
)
def test_it_is_the_smallest_number_that_does_it(
    contacts: float, aht: float, patience: float | None, target: Target, occupancy: float
) -> None:
    demand = Demand(contacts, 1800, aht, patience)
    if isinstance(target, Abandonment) and patience is None:
        return

    def does(agents: int) -> bool:
        found = reached(demand, agents, within_s(target))
        return met(found, target) and found.occupancy <= occupancy + 1e-9

    need = needed(demand, target, Rules(max_occupancy=occupancy))
    assert does(need.agents)
    assert not any(does(fewer) for fewer in range(1, need.agents))


def test_more_agents_never_make_it_worse() -> None:
    for demand in (TEN, TEN_LEAVING):
        found = [reached(demand, n, 20) for n in range(11, 40)]
        for target in (LEVEL, MeanWait(10)):
            holds = [met(one, target) for one in found]
            assert holds == sorted(holds)
        levels = [one.service_level() for one in found if met(one, ServiceLevel(0.01, 20))]
        assert all(a <= b for a, b in pairwise(levels))


def test_a_day_is_planned_half_hour_by_half_hour() -> None:
    day = plan([0, 20, 100, 100], TEN, LEVEL, Rules(shrinkage=0.3))
    assert [need.agents for need in day] == [0, 4, 14, 14]
    assert [need.scheduled for need in day] == [0, 6, 20, 20]
    assert (day[0].by, day[0].figures) == ("nothing", None)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ServiceLevel(1, 20),
        lambda: ServiceLevel(0.8, -1),
        lambda: ServiceLevel(float("nan"), 20),
        lambda: ServiceLevel(0.8, 20, "often"),  # type: ignore[arg-type]
        lambda: MeanWait(0),
        lambda: Abandonment(0),
        lambda: Rules(max_occupancy=0),
        lambda: Rules(max_occupancy=1.01),
        lambda: Rules(shrinkage=1),
        lambda: needed(TEN, Abandonment(0.05)),
        lambda: reached(TEN, 14, -1),
    ],
)
def test_absurd_targets_and_rules_are_refused(wrong: object) -> None:
    with pytest.raises(PlanError):
        wrong()  # type: ignore[operator]


# ---------------------------------------------------------------- the command


def said(line: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("contactcenter.kernel.log.configure", lambda level: None)  # not of this run
    assert main(["staffing", *line.split()]) == 0
    return capfd.readouterr().out


def test_the_command_answers_in_json(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "--calls 100 --per 30min --aht 180 --target 80/20 --shrinkage 30 --max-occupancy 85%"
    answer = json.loads(said(line + " --json", capfd, monkeypatch))
    assert (answer["agents"], answer["scheduled"], answer["model"]) == (14, 20, "erlang_c")
    assert answer["load_erlangs"] == pytest.approx(10)
    assert answer["target"] == {"service_level": 0.8, "seconds": 20, "way": "negative"}
    assert [row["agents"] for row in answer["rows"]] == list(range(11, 18))
    assert answer["figures"] == answer["rows"][3]
    assert answer["figures"]["asa_s"] == pytest.approx(7.835937)


def test_the_command_shows_a_table_with_the_needed_row_marked(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = said("--contacts 100 --aht 3min --patience 120", capfd, monkeypatch).splitlines()
    assert lines[2] == "needed  12 agents"
    (marked,) = [line for line in lines if line.startswith(">")]
    assert marked.split() == [">", "12", "12", "82.6%", "6.3", "s", "6.2%", "78.2%", "0.4"]


def test_the_command_says_unstable(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = said("--contacts 100 --aht 180 --agents 10", capfd, monkeypatch)
    assert "      10      10  unstable: the line would grow; at least 11\n" in shown
    answer = json.loads(said("--contacts 100 --aht 180 --agents 10 --json", capfd, monkeypatch))
    unstable = {"agents": 10, "scheduled": 10, "stable": False, "least_agents": 11}
    assert unstable in answer["rows"]
    assert answer["agents"] == 14


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("--contacts many --aht 180", "'many': write it like 100"),
        ("--contacts 100 --aht soon", "'soon': write it like 180 (seconds), 3min or 1h"),
        ("--contacts 100 --per 30 --aht 180", "'30': with its unit, like 30min"),
        ("--contacts 100 --aht 180 --target 80", "'80': write it like 80/20"),
        ("--contacts 100 --aht 180 --target 80/20 --asa 9", "not allowed with"),
        ("--contacts 100 --aht 180 --shrinkage -1", "--shrinkage"),
    ],
)
def test_what_can_not_be_read_is_told_with_an_example(
    line: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["staffing", *line.split()])
    assert ended.value.code == 2
    assert text in capfd.readouterr().err


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("--contacts 1000000 --aht 180", "load 100000 erlangs: give a number from 0 to 10000"),
        ("--contacts 100 --aht 180 --shrinkage 100", "shrinkage 100 %"),
        ("--contacts 100 --aht 180 --abandonment 5", "needs a patience"),
        ("--contacts 100 --aht 180 --agents 0", "agents 0: give a number from 1 to 100000"),
    ],
)
def test_what_makes_no_sense_ends_with_2(
    line: str, text: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactcenter.kernel.log.configure", lambda level: None)  # not of this run
    assert main(["staffing", *line.split()]) == 2
    assert text in capfd.readouterr().err
