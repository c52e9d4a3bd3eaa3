"""Will we make it today? The rest of a day, played."""

from __future__ import annotations

from contactcenter.planning.today import Here, Later, Open, Outlook, Question, outlooks
from contactcenter.routing.present import Handles, OnDuty

_US, HOUR = 1_000_000, 3600
FI, SV = "mikkeli/general/fi/1", "mikkeli/general/sv/1"
QUEUE = Open(7, 4 * HOUR * _US, 60, (FI,))
AGENT = OnDuty(1, 1, (FI,))


def here(since_s: int = 0, queue: int = 7, requirement: str = FI) -> Here:
    return Here(queue, requirement, "chat", 0, -since_s * _US, 300)


def comes(mean: float, hours: int = 4) -> Later:
    counts = tuple((h * HOUR * _US, (h + 1) * HOUR * _US, mean) for h in range(hours))
    return Later(7, FI, "chat", 60, 300, None, counts)


def of(*waiting: Here, later: tuple[Later, ...] = (), **more: object) -> Outlook:
    given: dict[str, object] = {"agents": (AGENT,), "hands": ()} | more
    (found,) = outlooks(Question(0, (QUEUE,), waiting, later, **given))  # type: ignore[arg-type]
    return found


def test_an_empty_house_makes_it() -> None:
    found = of()
    assert (found.late.mean, found.backlog.mean) == (0, 0)
    assert found.closes_us == QUEUE.closes_us


def test_who_waits_too_long_already_is_late_and_nobody_is_left() -> None:
    found = of(here(since_s=100))
    assert (found.late.mean, found.backlog.mean) == (1, 0)


def test_without_agents_all_are_late_and_left_and_one_more_takes_them() -> None:
    found = of(here(), here(), agents=())
    assert (found.late.mean, found.backlog.mean) == (2, 2)
    assert found.less_late is not None
    assert found.less_backlog is not None
    assert found.less_late.mean == 1  # the other waits for five minutes
    assert found.less_backlog.mean == 2


def test_who_waits_long_is_taken_by_others_after_a_step() -> None:
    swedish = here(requirement=SV)
    assert of(swedish).backlog.mean == 1  # nobody at work can
    assert of(swedish._replace(steps=((600.0, FI),))).backlog.mean == 0
    assert of(later=(comes(2)._replace(requirement=SV, steps=((600.0, FI),)),)).backlog.mean < 2
    assert of(later=(comes(2)._replace(requirement=SV),)).backlog.mean > 5


def test_more_come_than_one_can_do() -> None:
    found = of(later=(comes(24),))
    assert found.late.mean > 60
    assert 35 < found.backlog.mean < 60  # 96 come, 48 can be done
    assert found.backlog.low is not None
    assert found.backlog.high is not None
    assert found.backlog.low < found.backlog.mean < found.backlog.high
    assert found.less_backlog is not None
    assert found.less_backlog.mean > 30


def test_the_difference_is_surer_than_what_it_is_of() -> None:
    found = of(later=(comes(24),), dispersion=4.0)
    assert found.less_backlog is not None

    def width(low: float | None, high: float | None) -> float:
        assert low is not None
        assert high is not None
        return high - low

    less = width(found.less_backlog.low, found.less_backlog.high)
    assert less < 2 * width(found.backlog.low, found.backlog.high)


def test_another_queues_people_take_agents_and_are_not_counted() -> None:
    busy = tuple(here(queue=8) for _ in range(60))
    found = of(*busy, here())
    assert 0 < found.late.mean <= 1
    assert found.backlog.mean <= 1


def test_what_is_in_hand_must_end_first() -> None:
    soon, later = of(here()), of(here(), hands=(Handles(1, 1, 0, 3000),))
    assert soon.late.mean == 0
    assert later.late.mean == 1


def test_too_much_is_played_less_often_and_without_the_question() -> None:
    question = Question(0, (QUEUE,), (here(),) * 50, (), (AGENT,), ())
    (few,) = outlooks(question, budget=51 * 6)
    assert few.late.runs == 6
    assert few.less_late is None
    (all_,) = outlooks(question)
    assert all_.late.runs == 20
    assert all_.less_late is not None
