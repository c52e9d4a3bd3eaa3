"""An estimate's band: what it is made of, and what it can't say."""

from __future__ import annotations

import random
from statistics import fmean

import pytest

from contactcenter.routing.chance import duration, remaining
from contactcenter.routing.curves import Question, reckon
from contactcenter.routing.estimate import Band, band, estimate
from contactcenter.routing.plays import HORIZON_S
from contactcenter.routing.present import Entry, Handles, OnDuty, Standing, Stream, Waits

FI, SV = "mikkeli/general/fi/1", "mikkeli/general/sv/1"
AGENT = OnDuty(1, 1, (FI,))


def waits(rank: int, requirement: str = FI, channel: str = "chat", aht_s: float = 300) -> Waits:
    return Waits(requirement, channel, rank, aht_s)


def of(*waiting: Waits, **more: object) -> list[Band | None]:
    given: dict[str, object] = {"agents": (AGENT,)} | more
    return list(estimate(Standing(0, waiting, **given)).waiting)  # type: ignore[arg-type]


def test_forty_of_forty_nine_plays_lie_in_the_band() -> None:
    draws = [(float(n), True) for n in range(1, 50)]
    random.Random(1).shuffle(draws)
    assert band(draws) == Band(5, 45)
    assert band([(float(n), True) for n in range(1, 10)]) == Band(1, 9)


def test_who_leaves_in_a_play_would_have_waited_longer() -> None:
    served = [(float(n), True) for n in range(1, 50)]
    left = [(seconds, seconds % 2 == 1) for seconds, _ in served]
    found, whole = band(left), band(served)
    assert found is not None
    assert whole is not None
    assert found.high_s > whole.high_s
    assert band([(1.0, False)] * 49) is None


def test_nobody_waits_where_somebody_has_room() -> None:
    assert of(waits(1)) == [Band(0, 0)]
    assert of(waits(1), answer_s=8.0) == [Band(8, 8)]


def test_where_nobody_is_able_nobody_can_say() -> None:
    assert of(waits(1, SV)) == [None]
    assert of(waits(1), agents=()) == [None]
    assert of(waits(1), agents=(AGENT._replace(available=False),)) == [None]


def test_the_order_of_the_line_decides_not_that_of_the_arguments() -> None:
    first, second, third = (waits(rank) for rank in (1, 2, 3))
    hands = (Handles(1, 1, 0, 300),)
    found = of(third, first, second, hands=hands)
    assert None not in found
    late, soon, middle = (one.high_s for one in found if one)
    assert soon < middle < late


def test_better_ranked_newcomers_make_a_wait_longer() -> None:
    mail = waits(3600_000_000, channel="mail")
    hands = (Handles(1, 1, 0, 300),)
    chats = (Stream(FI, "chat", 1 / 400, 60, 300),)
    (alone,), (among,) = of(mail, hands=hands), of(mail, hands=hands, streams=chats)
    assert alone is not None
    assert among is not None
    assert among.high_s > 1.5 * alone.high_s


def test_more_at_work_make_it_shorter() -> None:
    line = [waits(n) for n in range(20)]
    hands = tuple(Handles(n, 1, 0, 300) for n in (1, 2))
    both = (AGENT, OnDuty(2, 1, (FI,)))
    one, two = of(*line, hands=hands[:1])[-1], of(*line, hands=hands, agents=both)[-1]
    assert one is not None
    assert two is not None
    assert two.high_s < 0.7 * one.high_s


def test_what_lies_beyond_the_horizon_is_not_said() -> None:
    found = of(*(waits(n, aht_s=3600) for n in range(9)))
    assert found[0] is not None
    assert found[-1] is None
    assert all(one.high_s <= HORIZON_S for one in found if one)


def test_who_would_come_now_notices_all_and_is_noticed_by_none() -> None:
    line = tuple(waits(n) for n in range(3))
    standing = Standing(0, line, (AGENT,))
    asked = [(FI, "chat"), (FI, "call"), (SV, "chat")]
    with_new, without = estimate(standing, asked), estimate(standing)
    assert with_new.waiting == without.waiting
    last, new = with_new.waiting[-1], with_new.new[FI, "chat"]
    assert last is not None
    assert new is not None
    assert new.low_s > last.low_s
    assert with_new.new[FI, "call"] == new
    assert with_new.new[SV, "chat"] is None


def test_a_line_that_is_too_long_is_looked_at_from_its_head() -> None:
    line = tuple(waits(n, aht_s=1) for n in range(100))
    found = estimate(Standing(0, line, (AGENT,)), [(FI, "chat")], budget=90)
    assert found.plays == 9
    assert [one is None for one in found.waiting] == [False] * 10 + [True] * 90
    assert found.new == {}


def test_the_same_standing_gives_the_same_bands() -> None:
    standing = Standing(0, tuple(waits(n) for n in range(5)), (AGENT,))
    assert estimate(standing, seed=3) == estimate(standing, seed=3)
    assert estimate(standing, seed=3) != estimate(standing, seed=4)


@pytest.mark.parametrize("since_s", [0, 100, 600, 10_000])
def test_what_remains_is_what_lasts_longer(since_s: float) -> None:
    """Against the plain way: draw whole times, and look at those that are longer."""
    rng = random.Random(1)
    found = fmean(remaining(rng, 300, 0.7, since_s) for _ in range(20_000))
    if since_s == 10_000:
        assert 1000 < found < 20_000  # longer than any known: about as long again
        return
    whole = [duration(rng, 300, 0.7) for _ in range(200_000)]
    plain = fmean(one - since_s for one in whole if one > since_s)
    assert found == pytest.approx(plain, rel=0.06)


def test_a_handling_without_spread_ends_when_it_must() -> None:
    rng = random.Random(1)
    assert remaining(rng, 300, 0, 100) == 200
    assert remaining(rng, 300, 0, 400) == 0


def test_mail_that_can_rest_stands_in_no_chats_way() -> None:
    agent = AGENT._replace(pauses=True)
    line = (*(waits(n, channel="mail") for n in range(5)), waits(9))
    hands = (Handles(1, 1, 0, 300, "mail"),)
    lines = ((FI, "chat"), (FI, "mail"))

    def chat_and_mail(agent: OnDuty) -> tuple[Band | None, ...]:
        return reckon(Question(Standing(0, line, (agent,), hands), lines, (5, 4), 1)).bands

    found, behind = chat_and_mail(agent), chat_and_mail(AGENT)
    assert found[0] == Band(0, 0)
    assert behind[0] is not None
    assert behind[0].low_s > 300
    assert found[1] is not None


def test_a_mail_that_rests_goes_on_when_there_is_room() -> None:
    """Each estimate of the next mail has to wait for what rests, too."""
    agent = AGENT._replace(pauses=True)
    chat = Handles(1, 1, 0, 300, "chat")
    rests = Handles(1, 0, 0, 3000, "mail")
    mail, live = waits(1, channel="mail"), waits(2)
    (alone, _) = of(mail, live, agents=(agent,), hands=(chat,))
    (behind, beside) = of(mail, live, agents=(agent,), hands=(chat, rests))
    assert alone is not None
    assert behind is not None
    assert beside is not None
    assert behind.low_s > 2 * alone.low_s
    assert beside.high_s < 1500


def test_only_whose_mail_rests_is_free_for_who_is_there() -> None:
    hands = tuple(Handles(n, 1, 0, 3000, "mail") for n in (1, 2))
    stays, rests = AGENT, OnDuty(2, 1, (FI,), pauses=True)
    assert of(waits(1), agents=(stays, rests), hands=hands) == [Band(0, 0)]
    (one,) = of(waits(1), agents=(stays, stays._replace(agent=2)), hands=hands)
    assert one is not None
    assert one.low_s > 0


def test_the_highest_level_is_taken_up_first() -> None:
    """So the other is left for who needs no more."""
    high, low = OnDuty(1, 1, {FI: 3, SV: 3}), OnDuty(2, 1, {FI: 1})
    line = (waits(1), waits(2, SV))
    (first, second) = of(*line, agents=(high, low))
    assert first == Band(0, 0)
    assert second is not None
    assert second.high_s > 0
    assert of(*line, agents=(high._replace(classes={FI: 1, SV: 3}), low._replace(classes={FI: 3})))[
        1
    ] == Band(0, 0)


def test_who_would_come_now_is_ranked_by_the_target_of_its_queue() -> None:
    """Whoever may wait for hours does not stand before it."""
    hours = tuple(waits(10_000_000_000 + n, SV) for n in range(5))
    agent = OnDuty(1, 1, (FI, SV))
    hands = (Handles(1, 1, 0, 300),)
    standing = Standing(0, hours, (agent,), hands, entries={FI: Entry(60.0), SV: Entry(10_000.0)})
    found = estimate(standing, [(FI, "chat"), (SV, "chat")]).new
    soon, late = found[FI, "chat"], found[SV, "chat"]
    assert soon is not None
    assert late is not None
    assert soon.high_s < late.low_s


def test_a_curve_counts_the_places_of_the_whole_class() -> None:
    line = (waits(1), waits(2, channel="callback"), waits(3))
    asked = ((FI, "chat"), (FI, "call"), (SV, "chat"))
    curves = reckon(Question(Standing(0, line, (AGENT,)), asked, (), 1)).curves
    assert [knot[0] for knot in curves[f"chat:{FI}"]] == [1, 3, 4]
    assert [knot[0] for knot in curves[f"call:{FI}"]] == [2, 4]
    assert curves[f"chat:{SV}"] == ((1, None, None),)


def test_a_step_that_is_near_brings_those_whom_it_opens() -> None:
    """Who speaks Swedish is free, and takes who waits a minute longer."""
    swede = OnDuty(2, 1, (SV,))
    hands = (Handles(1, 1, 0, 3000),)
    soon, done = waits(1)._replace(steps=((60.0, SV),)), waits(1)._replace(steps=((-5.0, SV),))
    assert of(soon, agents=(AGENT, swede), hands=hands) == [Band(60, 60)]
    assert of(done, agents=(AGENT, swede), hands=hands) == [Band(0, 0)]
    assert of(soon, agents=(swede,)) == [Band(60, 60)]
    assert of(soon) == [Band(0, 0)]


def test_who_comes_is_relaxed_too() -> None:
    entries = {FI: Entry(60.0, ((120.0, SV),))}
    standing = Standing(0, (), (OnDuty(2, 1, (SV,)),), entries=entries)
    assert estimate(standing, [(FI, "chat")]).new == {(FI, "chat"): Band(120, 120)}
    chats = Stream(FI, "chat", 1 / 20, 0, 300, steps=((1.0, SV),))
    hands = (Handles(2, 1, 0, 300),)
    mail = waits(3600_000_000, SV, "mail")
    (alone,) = of(mail, agents=standing.agents, hands=hands)
    (among,) = of(mail, agents=standing.agents, hands=hands, streams=(chats,))
    assert alone is not None
    assert among is None or among.high_s > 2 * alone.high_s


def test_nothing_is_said_beyond_closing() -> None:
    line = [waits(n)._replace(closes_s=1800.0) for n in range(12)]
    found = of(*line, hands=(Handles(1, 1, 0, 300),))
    assert found[0] is not None
    assert found[-1] is None
    assert all(one.high_s <= 1800 for one in found if one)
    closed = of(*(one._replace(closes_s=0.0) for one in line), hands=(Handles(1, 1, 0, 300),))
    assert closed == [None] * 12
    entries = {FI: Entry(60.0, (), -1.0)}
    hands = (Handles(1, 1, 0, 300),)
    standing = Standing(0, (), (AGENT,), hands, entries=entries)
    assert estimate(standing, [(FI, "chat")]).new == {(FI, "chat"): None}


def test_where_another_queue_closes_the_line_behind_is_still_told() -> None:
    """Two queues ask for the same, and one of them closes soon."""
    hands = (Handles(1, 1, 0, 3000),)
    first, second = waits(1)._replace(closes_s=60.0), waits(2)
    before, behind = of(first, second, hands=hands)
    assert before is None
    assert behind is not None


def test_nobody_comes_after_closing() -> None:
    mail = waits(7200_000_000, channel="mail")
    hands = (Handles(1, 1, 0, 300),)
    chats = Stream(FI, "chat", 1 / 60, 0, 300)
    (endless,) = of(mail, hands=hands, streams=(chats,))
    (over,) = of(mail, hands=hands, streams=(chats._replace(closes_s=120.0),))
    assert endless is None
    assert over is not None


def test_in_its_place_count_those_who_were_relaxed_into_the_line() -> None:
    line = (waits(1, SV)._replace(steps=((0.0, FI),)), waits(2), waits(3, SV))
    asked = ((FI, "chat"), (SV, "chat"))
    curves = reckon(Question(Standing(0, line, (AGENT,)), asked, (), 1)).curves
    assert [knot[0] for knot in curves[f"chat:{FI}"]] == [2, 3]
    assert [knot[0] for knot in curves[f"chat:{SV}"]] == [1, 2, 3]
