"""What-if: the crew with a change, the day that chance makes anew, what is foretold, the answer."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contactcenter.planning import crew
from contactcenter.planning.ahead import SLOTS, Count, foretell
from contactcenter.planning.asked import Asked, Change, check_size, day_of
from contactcenter.planning.crew import Turn
from contactcenter.planning.days import joined, rest
from contactcenter.planning.moments import Day, micro, moment
from contactcenter.planning.scenario import (
    Ahead,
    Held,
    Queue,
    Scenario,
    Typical,
    Wait,
    asked_for,
    sample,
)
from contactcenter.planning.table import table
from contactcenter.planning.whatif import whatif
from contactcenter.queue.relax import Asks, Step
from contactcenter.routing.day import Staff
from contactcenter.routing.demand import PlanError
from contactcenter.routing.staffing import ServiceLevel

S = 1_000_000
HOUR = 3600 * S
GENERAL = Queue(1, "general", Asks("city", "advice", 1, ("fi", "sv")), 0, 20, "negative", 0, ())
STREETS = Queue(2, "streets", Asks("city", "streets", 2, ("fi",)), 0, 60, "negative", 0, ())
QUEUES = {1: GENERAL, 2: STREETS}
TYPICAL = {(n, channel): Typical(180.0, 0.7) for n in QUEUES for channel in ("call", "mail")}


def wait(at: int, waited: int | None = 5, **more: object) -> Wait:
    values = {"queue": 1, "channel": "call", "language": "fi", "rank": at * S, "from_us": at * S}
    values |= {"until_us": None if waited is None else (at + waited) * S, "accepted": True}
    values["handle_us"] = 60 * S
    return Wait(**values | more)  # type: ignore[arg-type]


def staff(agent: int, *classes: str, shifts: object = ((0, 24 * HOUR),)) -> Staff:
    own = {name: 3 for name in classes or ("city/advice/fi/1",)}
    return Staff(agent, 3, own, shifts)  # type: ignore[arg-type]


def plan(*waits: Wait, crew: tuple[Staff, ...] = (staff(1),), **more: object) -> Scenario:
    made = Scenario(0, 24 * HOUR, QUEUES, crew, waits, typical=TYPICAL, patience_s={"call": 300.0})
    return replace(made, **more)  # type: ignore[arg-type]


def asked(agents: int = 0, skill: str = "", **more: object) -> Asked:
    return Asked(Change(agents, skill), seeds=4, **more)  # type: ignore[arg-type]


def test_shifts_are_when_somebody_was_available() -> None:
    turns = [Turn(1, -5, True), Turn(1, 10, False), Turn(1, 20, True), Turn(2, 30, True)]
    turns += [Turn(2, 35, True), Turn(2, 50, False), Turn(3, 5, False)]
    assert crew.shifts(turns, 0, 100) == {1: ((0, 10), (20, 100)), 2: ((30, 50),)}


def test_a_skill_is_a_level_in_each_class_up_to_it() -> None:
    assert crew.classes(["city/advice/fi=2", "city/advice/sv=1"]) == {
        "city/advice/fi/1": 2,
        "city/advice/fi/2": 2,
        "city/advice/sv/1": 1,
        "city/advice/*/1": 2,
        "city/advice/*/2": 2,
    }


def test_a_skill_is_named_by_language_task_or_queue() -> None:
    def of(name: str) -> set[str]:
        return set(crew.skill(name, list(QUEUES.values())).classes)

    assert of("sv") == {"city/advice/sv/1"}
    assert of("streets") == {"city/streets/fi/2"}
    assert of("advice") == of("general") == {"city/advice/fi/1", "city/advice/sv/1"}
    assert of("") == of("general") | of("streets")
    with pytest.raises(PlanError, match="skill 'en': choose of fi, sv, advice, general, streets"):
        of("en")


def test_one_more_is_like_one_who_has_the_skill() -> None:
    other = staff(7, "city/streets/fi/2", shifts=((5, 9),))
    of = crew.skill("streets", list(QUEUES.values()))
    (*before, more) = crew.changed([staff(1), other], Change(1, "streets"), of, seed=1)
    assert before == [staff(1), other]
    assert (more.agent, more.shifts, more.classes) == (8, ((5, 9),), of.classes)


def test_who_is_missing_differs_from_day_to_day() -> None:
    of = crew.skill("", list(QUEUES.values()))
    crews = [crew.changed([staff(1), staff(2)], Change(-1), of, seed) for seed in range(20)]
    assert {one.agent for left in crews for one in left} == {1, 2}
    assert {len(left) for left in crews} == {1}


def test_no_more_can_be_taken_away_than_there_are() -> None:
    of = crew.skill("streets", list(QUEUES.values()))
    with pytest.raises(PlanError, match="no agents have 'streets'"):
        crew.changed([staff(1)], Change(-1, "streets"), of, seed=1)
    of = crew.skill("", list(QUEUES.values()))
    with pytest.raises(PlanError, match="1 agents are at work on that day: at most -1"):
        crew.changed([staff(1)], Change(-2), of, seed=1)
    with pytest.raises(PlanError, match="no shifts to add to"):
        crew.changed([], Change(1), of, seed=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Change(1001),
        lambda: Change(1.5),  # type: ignore[arg-type]
        lambda: asked(target=ServiceLevel(1.2, 20)),
        lambda: Asked(Change(), seeds=1),
        lambda: day_of(asked(day=date(2999, 1, 1)), date(2026, 11, 26)),
        lambda: check_size(1_000_000, 20),
    ],
)
def test_what_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(PlanError):
        make()  # type: ignore[operator]


def test_a_day_is_named_by_its_date_or_from_today() -> None:
    assert day_of(asked(day=-1), date(2026, 3, 1)) == date(2026, 2, 28)
    assert day_of(asked(day=date(2026, 1, 5)), date(2026, 3, 1)) == date(2026, 1, 5)


def test_who_came_comes_again_and_what_is_not_known_is_drawn() -> None:
    left = wait(10, 40, accepted=False, handle_us=None)
    days = [sample(plan(wait(0), left, wait(20, channel="mail")), seed) for seed in range(50)]
    first, second, mail = (tuple(day.comings[n] for day in days) for n in range(3))
    assert {(one.at_us, one.handle_us) for one in first} == {(0, 60 * S)}
    assert min(one.patience_us or 0 for one in first) > 5 * S  # it waited so long, and longer
    assert len({one.patience_us for one in first}) == 50
    assert {one.patience_us for one in second} == {40 * S}  # who left leaves when they left
    assert len({one.handle_us for one in second}) == 50
    assert {one.patience_us for one in mail} == {None}


def test_the_same_seed_gives_the_same_people() -> None:
    ahead = Ahead({(1, "call", "fi"): (9.0,) * 4}, 0, 3.0)
    assert sample(plan(wait(0), ahead=ahead), 7) == sample(plan(wait(0), ahead=ahead), 7)
    assert sample(plan(wait(0), ahead=ahead), 7) != sample(plan(wait(0), ahead=ahead), 8)


def test_what_is_foretold_comes_as_often_and_in_bursts() -> None:
    ahead = Ahead({(1, "call", "fi"): (12.0,), (2, "call", "fi"): (8.0,)}, 0, 4.0)
    counts = [len(sample(plan(ahead=ahead), seed).comings) for seed in range(600)]
    mean = sum(counts) / len(counts)
    variance = sum((n - mean) ** 2 for n in counts) / len(counts)
    assert mean == pytest.approx(20, rel=0.06)
    assert 3.0 < variance / mean < 5.0  # of both together, as it was measured


def test_steps_open_further_classes() -> None:
    steps = (Step(after_s=60, to="language"), Step(after_s=90, to="queue", queue="streets"))
    general = GENERAL._replace(steps=steps)
    queues = {1: general, 2: STREETS}
    (coming,) = sample(plan(wait(0), queues=queues), 1).comings
    assert coming.steps == ((60 * S, "city/advice/*/1"), (90 * S, "city/streets/*/2"))
    assert {"city/advice/*/1", "city/streets/*/2"} <= asked_for(queues.values())


def test_a_line_gets_its_share_of_all_that_is_foretold() -> None:
    first = date(2026, 9, 7)
    days = [first + timedelta(days=n) for n in range(28)]
    counts = [Count((1, "call", "fi"), day, 20, 6) for day in days]
    counts += [Count((2, "mail", "fi"), day, 21, 2) for day in days if day.isoweekday() == 1]
    monday = foretell(counts, first, days[-1], date(2026, 10, 5))
    tuesday = foretell(counts, first, days[-1], date(2026, 10, 6))
    assert monday.counts[1, "call", "fi"][20] == pytest.approx(6)
    assert monday.counts[2, "mail", "fi"][21] == pytest.approx(2)
    assert sum(tuesday.counts[2, "mail", "fi"]) == 0  # nothing counted was nothing, not unknown
    with pytest.raises(PlanError, match="13 recorded days"):
        foretell(counts, first, days[12], date(2026, 10, 5))


def test_what_was_not_over_is_told_until_now() -> None:
    later = [staff(1, shifts=((0, 50), (60, 90))), staff(2, shifts=((10, 70),))]
    found = joined([staff(1, shifts=((5, 55),))], later, 55)
    assert [(one.agent, one.shifts) for one in found] == [
        (1, ((5, 55), (60, 90))),
        (2, ((55, 70),)),
    ]
    day = Day(
        date(2026, 11, 26), ZoneInfo("Europe/Helsinki"), datetime(2026, 11, 26, 21, 45, tzinfo=UTC)
    )
    counts = {(1, "call", "fi"): (*(0.0,) * (SLOTS - 1), 4.0)}
    assert day.when == "today"
    assert rest(counts, day) == {(1, "call", "fi"): (2.0,)}
    assert moment(micro(day.now)) == day.now


def test_more_agents_answer_sooner_and_the_day_that_was_stands_beside() -> None:
    rng = random.Random(1)
    many = [wait(n * 40, 30, handle_us=rng.randint(30, 300) * S) for n in range(200)]
    answer = whatif(plan(*many), asked(1, target=ServiceLevel(0.8, 20)))
    before, after = answer["before"], answer["after"]
    assert answer["counted"]["entered"] == before["entered"] == 200
    assert answer["counted"]["asa_s"] == 30
    assert after["asa_s"]["mean"] < before["asa_s"]["mean"]
    assert after["abandonment"]["mean"] < before["abandonment"]["mean"]
    assert answer["difference"]["asa_s"]["high"] < 0
    assert before["service_level"]["low"] <= before["service_level"]["mean"]
    assert 0 <= before["occupancy"]["mean"] <= before["occupancy"]["high"] <= 1
    assert sum(one["entered"] for one in answer["intervals"]) == 200
    assert {one["agents"]["after"] for one in answer["intervals"]} == {2}
    assert answer["met"] in ("yes", "no", "unsure")
    assert [one["channel"] for one in answer["channels"]] == ["call"]


def test_nothing_changed_is_no_difference() -> None:
    answer = whatif(plan(*(wait(n * 30) for n in range(50))), asked())
    assert answer["before"] == answer["after"]
    assert all(one is None or one["mean"] == 0 for one in answer["difference"].values())


def test_figures_are_of_what_was_asked_for() -> None:
    waits = [wait(0), wait(10, channel="mail"), wait(20, queue=2)]
    everybody = (staff(1, "city/advice/fi/1", "city/streets/fi/2"),)
    for more, entered in (({}, 3), ({"channel": "mail"}, 1), ({"queue": "streets"}, 1)):
        answer = whatif(plan(*waits, crew=everybody), asked(**more))  # type: ignore[arg-type]
        assert answer["before"]["entered"] == answer["counted"]["entered"] == entered


def test_what_is_in_hand_takes_its_agent() -> None:
    held = (Held(1, "call", 0, 600 * S),)
    answer = whatif(plan(wait(0), held=held, patience_s={}), asked())
    assert answer["before"]["asa_s"]["mean"] == 600


def test_nobody_at_work_is_said_in_figures() -> None:
    answer = whatif(plan(wait(0), patience_s={}), asked(-1))
    assert answer["after"]["waiting"]["mean"] == 1
    assert answer["after"]["service_level"] is None
    assert answer["after"]["occupancy"] is None


def test_the_table_shows_a_dash_where_nothing_is_known() -> None:
    answer = whatif(plan(wait(0), patience_s={}), asked(-1))
    for one in answer["intervals"]:
        at = moment(one.pop("from_us"))
        one |= {"from": at.isoformat(), "needed": None}
    said = {"day": "1970-01-01", "when": "past", "queue": None, "channel": None, "agents": -1}
    said |= {"skill": None, "target": None, "shifts_of": None, "forecast": None, "zone": "UTC"}
    shown = table(said | answer)
    assert "change  -1 agents" in shown
    assert "service level        100.0%" in shown.replace("  -", "")
    assert "nan" not in shown


def test_the_difference_of_two_shares_is_told_in_points() -> None:
    busy = tuple(wait(n) for n in range(3))
    answer = whatif(plan(*busy, patience_s={}), asked(1))
    for one in answer["intervals"]:
        one |= {"from": moment(one.pop("from_us")).isoformat(), "needed": None}
    said = {"day": "1970-01-01", "when": "past", "queue": None, "channel": None, "agents": 1}
    said |= {"skill": "", "target": None, "shifts_of": None, "forecast": None, "zone": "UTC"}
    (level,) = (one for one in table(said | answer).splitlines() if one.startswith("service level"))
    gained = 100 * answer["difference"]["service_level"]["mean"]
    assert gained > 0
    assert f"+{gained:.1f} points" in level
    assert "%" not in level.split("points")[0].rpartition("  ")[2]
