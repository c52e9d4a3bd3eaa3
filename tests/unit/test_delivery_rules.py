"""Who has a message, and what is to be done next: each gets it once, nobody is forgotten."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.channel import Outcome, Receipt, Refusal
from contactcenter.delivery import rules
from contactcenter.delivery.rules import Post

A, B, C = "a@x.example", "b@x.example", "c@x.example"
OLD = rules.GIVE_UP_AFTER_S + 1


def no(address: str, code: str) -> Refusal:
    return Refusal(address=address, code=code, lasting=code.startswith("5"))


def after(
    outcome: Outcome,
    *refused: Refusal,
    code: str = "250 ok",
    post: Post | None = None,
    age: float = 0,
) -> rules.Result:
    receipt = Receipt(outcome=outcome, code=code, refused=refused)
    return rules.result(receipt, post or Post((A, B, C)), age)


def test_all_took_it() -> None:
    got = after("sent")
    assert (got.state, got.code, got.post) == ("sent", "250 ok", Post((A, B, C)))


def test_the_refused_are_shown_and_can_be_tried_alone() -> None:
    got = after("sent", no(B, "550 no"))
    assert (got.state, got.post.taken, got.post.refused) == ("sent", (A, C), ((B, "550 no"),))
    assert got.post.again().pending == (B,)
    again = after("failed", no(B, "550 no"), code="550 no", post=got.post.again())
    assert (again.state, again.code) == ("sent", rules.OTHERS_HAVE_IT)
    assert again.post == got.post


def test_who_may_have_it_later_is_tried_again_alone() -> None:
    got = after("sent", no(B, "451 greylisted"))
    assert (got.state, got.code, got.post.pending) == ("queued", "451 greylisted", (B,))
    done = after("sent", post=got.post)
    assert (done.state, done.post) == ("sent", Post((A, B, C)))


def test_nobody_took_it() -> None:
    got = after("failed", no(A, "550 a"), no(B, "551 b"), no(C, "553 c"), code="550 a")
    assert (got.state, got.code) == ("failed", "550 a")
    assert got.post.refused == ((A, "550 a"), (B, "551 b"), (C, "553 c"))
    assert got.post.again().pending == (A, B, C)


def test_the_word_for_one_alone_stands_in_the_code() -> None:
    got = after("failed", no(A, "550 a"), code="550 a", post=Post((A,)))
    assert (got.state, got.code, got.post) == ("failed", "550 a", Post((A,)))


def test_a_mail_refused_after_its_recipients_is_refused_to_all() -> None:
    got = after("failed", no(B, "550 b"), code="554 spam")
    assert got.state == "failed"
    assert got.post.refused == ((A, "554 spam"), (B, "550 b"), (C, "554 spam"))


def test_nobody_knows_and_the_refused_are_known() -> None:
    got = after("unknown", no(B, "550 b"), code="lost")
    assert (got.state, got.post.refused, got.post.pending) == ("unknown", ((B, "550 b"),), (A, C))
    assert got.post.again().pending == (A, B, C)
    assert got.post.arrived() == Post((A, B, C), (A, C), ((B, "550 b"),))
    assert Post((A,)).arrived() == Post((A,))


@pytest.mark.parametrize(
    ("age", "outcome", "state"),
    [(0, "retry", "queued"), (OLD, "retry", "failed"), (OLD, "unknown", "unknown"),
     (OLD, "sent", "sent")],
)  # fmt: skip
def test_after_four_days_it_is_given_up(age: float, outcome: Outcome, state: str) -> None:
    assert after(outcome, code="451 later", post=Post((A,)), age=age).state == state


def test_after_four_days_the_last_of_many_is_given_up() -> None:
    got = after("sent", no(B, "451 full"), age=OLD)
    assert (got.state, got.post.refused) == ("sent", ((B, "451 full"),))


def test_a_report_that_it_did_not_arrive_has_it_sent_to_all_again() -> None:
    assert Post((A, B)).again().pending == (A, B)
    assert Post((A, B), (A, B)).again().pending == (A, B)


def test_waits_double_and_differ_and_outlast_greylisting() -> None:
    chance = random.Random(1)
    waits = [rules.wait_s(attempt, chance) for attempt in range(1, 20)]
    assert all(0.75 * 5 * 2**n <= wait <= 5 * 2**n for n, wait in enumerate(waits[:8]))
    assert sum(waits[:7]) > 300
    assert max(waits) <= rules.LONGEST_WAIT_S
    assert len(set(waits)) == len(waits)


REPLIES = st.lists(st.sampled_from(["250", "451", "550"]), min_size=3, max_size=3)
DATA = st.sampled_from(["250", "451", "554", "lost", "down"])


@given(st.lists(st.tuples(REPLIES, DATA), min_size=1, max_size=8))
def test_whatever_the_relay_says_each_gets_it_once(days: list[tuple[list[str], str]]) -> None:
    """Plays a relay against the rules: it counts copies, they say who is asked for."""
    post, state = Post((A, B, C)), "queued"
    copies = dict.fromkeys((A, B, C), 0)
    for replies, data in days:
        if state != "queued":
            post, state = post.again(), "queued"  # an agent presses the button
        asked = post.pending
        assert asked
        receipt, delivered = played(dict(zip((A, B, C), replies, strict=True)), data, asked)
        for one in delivered:
            copies[one] += 1
        got = rules.result(receipt, post, 0)
        post, state = got.post, got.state
        known = set(post.taken) if state != "sent" or post.refused else set(post.everybody)
        assert known >= {one for one in delivered if data == "250"}
        if state == "unknown" or (state == "sent" and not post.refused):
            break  # from here a second copy is the agent's own decision
    assert max(copies.values()) <= 1
    if state == "sent" and not post.refused:
        assert min(copies.values()) == 1


def played(
    replies: dict[str, str], data: str, asked: tuple[str, ...]
) -> tuple[Receipt, tuple[str, ...]]:
    if data == "down":
        return Receipt(outcome="retry", code="down"), ()
    refused = tuple(no(one, replies[one]) for one in asked if replies[one] != "250")
    good = tuple(one for one in asked if replies[one] == "250")
    if not good:
        outcome: Outcome = "failed" if all(one.lasting for one in refused) else "retry"
        return Receipt(outcome=outcome, code=refused[0].code, refused=refused), ()
    ends: dict[str, Outcome] = {"250": "sent", "451": "retry", "554": "failed", "lost": "unknown"}
    taken = good if data in ("250", "lost") else ()
    return Receipt(outcome=ends[data], code=data, refused=refused), taken
