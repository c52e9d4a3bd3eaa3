"""The replay of decisions: equal, different, raced, by hand, missing; told by hand."""

from __future__ import annotations

from typing import Any

from contactcenter.planning.past_floor import Told
from contactcenter.planning.replay import Replay

A = "city/advice/fi/1"
S = 1_000_000


def replay(*rows: Told) -> dict[str, Any]:
    made = Replay()
    made.before([able(1), able(2)])
    made.live(rows)
    return made.answer()


def able(agent: int, classes: str = f"{A}=1") -> Told:
    return Told(0, 0, "able", agent=agent, capacity=2, classes=classes)


def on(id_: int, at: int, agent: int, to: str = "available") -> Told:
    return Told(id_, at * S, "agent_state", agent=agent, to=to)


def entered(id_: int, at: int, contact: int, rank: int = 0, channel: str = "mail") -> Told:
    return Told(id_, at * S, "entered", contact, asks=A, channel=channel, rank=rank or at * S)


def offered(id_: int, at: float, contact: int, agent: int, rule: str = "rank") -> Told:
    return Told(id_, round(at * S), "offered", contact, agent, channel="mail", rule=rule)


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["equal"], found["raced"], found["different"]


def test_the_longest_idle_gets_it() -> None:
    begin = (on(1, 10, 1), on(2, 20, 2), entered(3, 30, 7))
    assert counts(replay(*begin, offered(4, 30.1, 7, 1))) == (1, 0, 0)
    found = replay(*begin, offered(4, 33, 7, 2))
    assert counts(found) == (0, 0, 1)
    (one,) = found["differences"]
    assert (one["why"], one["expected_agents"]) == ("better_agent", ["1"])


def test_the_better_rank_goes_first() -> None:
    begin = (entered(1, 10, 7, rank=5), entered(2, 10, 8, rank=6), on(3, 20, 1))
    assert counts(replay(*begin, offered(4, 20.1, 7, 1), offered(5, 20.2, 8, 1))) == (2, 0, 0)
    found = replay(*begin, offered(4, 23, 8, 1))
    assert [one["why"] for one in found["differences"]] == ["better_contact"]
    assert found["differences"][0]["expected_contacts"] == ["7"]


def test_what_was_committed_within_a_second_may_not_have_stood_in_the_line() -> None:
    begin = (on(1, 10, 1), entered(2, 30, 7, rank=6), entered(3, 31, 8, rank=5))
    assert counts(replay(*begin, offered(4, 31.5, 8, 1))) == (0, 1, 0)


def test_nobody_gets_what_they_could_not_have() -> None:
    begin = (on(1, 10, 1), entered(2, 30, 7))
    assert counts(replay(*begin, offered(3, 30.1, 7, 2))) == (0, 0, 1)  # is not at work
    twice = (*begin, offered(3, 30.1, 7, 1), entered(4, 31, 8, channel="callback"))
    assert counts(replay(*twice, offered(5, 31.1, 8, 1))) == (1, 0, 1)  # has something in hand


def test_what_somebody_gave_is_no_decision() -> None:
    found = replay(on(1, 10, 1), entered(2, 30, 7), offered(3, 31, 7, 2, rule="given"))
    assert (found["decisions"], found["by_hand"]) == (0, 1)


def test_who_declined_gets_it_no_more_and_who_is_away_is_not_offered() -> None:
    rows = [on(1, 10, 1), entered(2, 20, 7), offered(3, 20.1, 7, 1)]
    rows += [Told(4, 25 * S, "offer_ended", 7, 1, channel="mail", why="declined")]
    rows += [Told(5, 25 * S, "returned", 7, channel="mail"), on(6, 30, 2)]
    assert counts(replay(*rows, offered(7, 30.1, 7, 2))) == (2, 0, 0)
    gone = Told(8, 26 * S, "here", 7, channel="chat", here=False)
    found = replay(*(row._replace(id=row.id * 2) for row in rows[:5]), gone._replace(id=11),
                   on(12, 30, 2), offered(14, 33, 7, 2))  # fmt: skip
    assert counts(found) == (1, 0, 1)


def test_an_offer_that_could_not_be_made_leaves_the_contact_in_its_place() -> None:
    rows = (on(1, 10, 1), on(2, 11, 2), entered(3, 20, 7), on(4, 20, 1, "break"))
    assert counts(replay(*rows, offered(5, 20.2, 7, 2))) == (1, 0, 0)


def test_what_is_missing_is_named_once() -> None:
    found = replay(on(1, 10, 1), offered(2, 20, 7, 1), offered(3, 30, 7, 1))
    assert found["missing"] == [{"what": "entered", "contact": "7", "event": "2"}]
    found = replay(entered(1, 10, 7), offered(2, 20, 7, 9))
    assert {one["what"] for one in found["missing"]} == {"agent_state", "able"}


def test_an_offer_whose_end_was_not_logged_is_nobodys_load() -> None:
    taken = Told(4, 31 * S, "accepted", 7, 2, channel="mail")
    rows = [on(1, 10, 1), entered(2, 30, 7), offered(3, 30.1, 7, 1), taken]
    for contact in (8, 9):  # as many as agent 1 can have at once
        rows += [entered(contact, 10 * contact, contact)]
        rows += [offered(10 + contact, 10 * contact + 0.1, contact, 1)]
    found = replay(*rows)
    assert found["missing"] == [{"what": "offer_ended", "contact": "7", "event": "4"}]
    assert counts(found) == (3, 0, 0)
