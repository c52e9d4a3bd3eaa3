"""What traffic plays and how it judges: loopback only, seeded, bounded, and nothing overlooked."""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import replace
from io import StringIO
from itertools import islice
from typing import Any

import pytest

from contactcenter import cli, command_line, demo
from contactcenter.callback.numbers import read_number
from contactcenter.config import load_settings
from contactcenter.demo_history.load import TOPICS
from contactcenter.traffic import plan
from contactcenter.traffic.agents import Played
from contactcenter.traffic.check import problems
from contactcenter.traffic.progress import Progress
from contactcenter.traffic.tab import answers
from contactcenter.traffic.tally import NOT_OFFERED, Chat, Tally

OPTIONS = plan.Options(
    url="http://127.0.0.1:8080",
    rate=5.0,
    minutes=4,
    contacts=None,
    agents=0,
    mix=plan.read_mix("3:5:2"),
    seed=1,
    profile=False,
)
QUEUES = [queue | {"address": queue["addresses"][0]} for queue in demo.city()["queue"]]
TEXTS = tomllib.loads(TOPICS.read_text(encoding="utf-8"))


def played(**given: Any) -> list[plan.Approach]:
    return list(plan.approaches(replace(OPTIONS, **given), QUEUES, TEXTS["topic"]))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"])
def test_this_machine_is_played_at(url: str) -> None:
    assert plan.url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1:8080",
        "http://contact.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://user@198.51.100.1",
        "https://127.0.0.1",
        "127.0.0.1:8080",
        "",
    ],
)
def test_nobody_else_is(url: str) -> None:
    assert plan.url_problem(url) is not None


def test_the_same_seed_plays_the_same_people() -> None:
    assert played() == played()
    assert played() != played(seed=2)


def test_it_is_bounded_by_count_and_by_time() -> None:
    assert len(played(contacts=7)) == 7
    assert max(approach.at for approach in played()) <= 240


def test_doors_come_as_the_mix_says() -> None:
    assert {approach.door for approach in played(mix=plan.read_mix("0:1:0"))} == {"mail"}
    doors = [approach.door for approach in played()]
    assert doors.count("mail") / len(doors) == pytest.approx(0.5, abs=0.05)
    for wrong in ("1:2", "a:b:c", "0:0:0", "-1:1:1", "1:2:3:4"):
        with pytest.raises(ValueError, match=r".+"):
            plan.read_mix(wrong)


def test_everybody_goes_to_a_queue_that_takes_them() -> None:
    for approach in played():
        assert approach.door in approach.queue["channels"]
        assert approach.topic["queue"] == approach.queue["key"]
        assert approach.topic["language"] == approach.language
        assert approach.address.endswith("@example.org")
        assert approach.source.startswith("127.1.")
        assert read_number(approach.number, {"FI"}) == approach.number


def test_agents_beyond_the_users_are_further_tabs_and_aino_comes_last() -> None:
    users = [{"id": str(n), "role": "agent", "email": f"{n}"} for n in range(3)]
    assert [user["id"] for user, _, _ in plan.crew(users, 2)] == ["1", "2"]
    crew = plan.crew([*users, {"id": "9", "role": "admin"}], 7)
    assert [(user["id"], tab, tabs) for user, tab, tabs in crew] == [
        ("1", 0, 3), ("2", 0, 2), ("0", 0, 2), ("1", 1, 3), ("2", 1, 2), ("0", 1, 2), ("1", 2, 3),
    ]  # fmt: skip


def test_the_pace_follows_the_rate() -> None:
    everything = [queue["key"] for queue in QUEUES]
    users = [{"id": str(n), "capacity": 3, "queues": everything} for n in range(10)]
    assert plan.pace_s(0.5, users, played()) > plan.pace_s(10, users, played()) >= 0.3
    assert plan.pace_s(0.5, users, []) == 30


def test_the_pace_is_of_the_agent_to_whom_most_come() -> None:
    queues = [queue["key"] for queue in QUEUES]
    come = played(minutes=60)
    alone = [{"id": "one", "capacity": 3, "queues": queues}]
    beside = [{"id": str(n), "capacity": 3, "queues": ["nobody asks"]} for n in range(4)]
    assert plan.pace_s(0.2, alone + beside, come) == plan.pace_s(0.2, alone, come)
    shared = [user | {"queues": queues} for user in beside]
    assert plan.pace_s(0.2, alone + shared, come) > plan.pace_s(0.2, alone, come)


def test_every_topic_belongs_to_a_queue_and_every_queue_has_three_languages() -> None:
    known = {(topic["queue"], topic["language"]) for topic in TEXTS["topic"]}
    assert known == {(queue["key"], lang) for queue in QUEUES for lang in ("fi", "sv", "en")}
    assert len({topic["question"] for topic in TEXTS["topic"]}) == len(TEXTS["topic"]) >= 60
    shapes = [phrases.keys() for phrases in TEXTS["phrases"].values()]
    assert all(shape == shapes[0] for shape in shapes)


# ---------------------------------------------------------------- the judgement


def line(contact: str, channel: str, external_id: str | None = None) -> dict[str, Any]:
    return {"id": contact, "channel": channel, "external_id": external_id}


def said(contact: str, seq: int, direction: str, client_id: str, text: str) -> dict[str, Any]:
    return {
        "contact": contact, "seq": seq, "direction": direction, "client_id": client_id,
        "text": text,
    }  # fmt: skip


CONTACTS = [line("1", "mail", "<a@x>"), line("2", "chat"), line("3", "callback"), line("4", "call")]
MESSAGES = [
    said("1", 2, "outbound", "r1", "Vastaus"),
    said("2", 1, "inbound", "c1", "Hei"),
    said("2", 2, "outbound", "r2", "Hei!"),
]
OUTBOUND = [{"contact": "1", "client_id": "r1"}]


def tally() -> Tally:
    found = Tally(callbacks={"3"}, by_hand={"4": "call"})
    found.mails["<a@x>"] += 1
    found.chats["2"] = Chat(said={"c1": "Hei"}, heard={2: "Hei!"}, whole=True)
    found.replies = {("1", "r1"): ("mail", "Vastaus"), ("2", "r2"): ("chat", "Hei!")}
    return found


def test_what_is_all_there_is_no_problem() -> None:
    assert problems(tally(), CONTACTS, MESSAGES, OUTBOUND) == []


@pytest.mark.parametrize("n", range(4))
def test_a_lost_contact_is_found(n: int) -> None:
    left = CONTACTS[:n] + CONTACTS[n + 1 :]
    assert len(problems(tally(), left, MESSAGES, OUTBOUND)) == 1


@pytest.mark.parametrize("n", range(4))
def test_a_doubled_contact_is_found(n: int) -> None:
    assert len(problems(tally(), [*CONTACTS, CONTACTS[n]], MESSAGES, OUTBOUND)) == 1


@pytest.mark.parametrize("n", range(3))
def test_a_lost_message_is_found(n: int) -> None:
    assert problems(tally(), CONTACTS, MESSAGES[:n] + MESSAGES[n + 1 :], OUTBOUND)


def test_an_answer_that_never_leaves_or_never_comes_is_found() -> None:
    assert len(problems(tally(), CONTACTS, MESSAGES, [])) == 1
    deaf = tally()
    deaf.chats["2"].heard.clear()
    assert len(problems(deaf, CONTACTS, MESSAGES, OUTBOUND)) == 1
    deaf.chats["2"].whole = False  # who left before the end need not have heard all
    assert problems(deaf, CONTACTS, MESSAGES, OUTBOUND) == []


def test_the_summary_says_what_was_not_offered() -> None:
    found = tally()
    assert NOT_OFFERED not in "\n".join(found.summary())
    found.not_offered = 2
    assert NOT_OFFERED in "\n".join(found.summary())
    assert list(islice(found.acknowledged().values(), 3)) == [1, 1, 1]


def test_it_takes_the_ports_that_the_server_was_given() -> None:
    arguments = command_line.parser().parse_args(
        ["traffic", "--port", "8081", "--smtp-port", "2526"]
    )
    settings = load_settings(cli._environment(arguments))
    assert settings.public_url == "http://127.0.0.1:8081"
    assert settings.smtp_port == 2526


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_seldom_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    terminal, piped, now = _Terminal(), StringIO(), [0.0]
    looked_at, kept = Progress(terminal), Progress(piped, lambda: now[0])
    for second in range(12):
        now[0] = float(second)
        for one in (looked_at, kept):
            one.show(f"{second:3} and a line longer than that")
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().split("\r\x1b[K")[-1] == " 11 and a line long"
    assert [line[:3] for line in piped.getvalue().splitlines()] == ["  0", " 10"]


async def test_who_is_dropped_does_nothing_more_while_the_play_is_judged() -> None:
    told: list[str] = []
    begun, acknowledged = asyncio.Event(), asyncio.Event()

    async def answers() -> None:
        begun.set()
        await acknowledged.wait()
        told.append("an answer")

    agent = Played(
        OPTIONS.url,
        "cookie",
        "t1-a0",
        Tally(),
        user={"name": "Helena Rautio", "queues": []},
        tab=0,
        tabs=1,
        pace_s=1.0,
        by_hand_s=1.0,
        texts=TEXTS,
        seed="1",
    )
    agent._do(answers())
    await begun.wait()
    await agent.drop()
    acknowledged.set()
    await asyncio.sleep(0)
    assert told == []


def test_what_is_told_beside_an_answer_is_none() -> None:
    ended = {"type": "offer_ended"}
    paused, taken = ({"type": "contact", "contact": {"contact": id_}} for id_ in ("1", "2"))
    assert not answers(ended, "accept", "2")
    assert not answers(paused, "accept", "2")
    assert answers(taken, "accept", "2")
    assert answers({"type": "error"}, "accept", "2")
    assert answers(ended, "decline", None)
    assert answers(paused, "wrap_up", None)
