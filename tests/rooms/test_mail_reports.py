"""What other servers report lands on the answer it is about, and only there."""

from __future__ import annotations

import asyncio

import pytest

from contactcenter.cases import reply_token, undelivered
from contactcenter.delivery import settling
from contactcenter.desk import casework, handling
from contactcenter.errors import Refused
from contactcenter.intake import aside
from tests.house import KELA, House
from tests.rooms.answered import Answered, answered, case, delivery, report


async def close(house: House, of: Answered) -> None:
    """Nobody has it in hand any more, and it is resolved."""
    await handling.wrap_up(house.node.desk, of.agent, of.contact, "answered")
    await casework.resolve(house.node.desk, of.agent, of.case)


async def test_a_bounce_days_later_is_shown_until_somebody_deals_with_it(house: House) -> None:
    done = await answered(house)
    await close(house, done)
    await house.node.reception.receive(report(house, "failed", done.message_id))
    row = await delivery(house, done)
    assert (row["state"], row["code"]) == ("failed", "5.1.1 unknown user")
    assert (await case(house, done))["state"] == "reopened"
    assert await house.rows("SELECT 1 FROM contact WHERE state = 'queued'") == []
    (frame,) = await house.told(done.agent, "notice")
    assert (frame["send_id"], frame["recipient"]) == (str(done.send_id), "ville@example.org")
    assert (await house.told(done.agent, "delivery"))[-1]["state"] == "failed"
    async with house.node.db.connection() as conn:
        (kept,) = await undelivered.notices(conn, done.agent.user_id, list(done.agent.scope))
    assert kept.items() <= frame.items()
    message = await house.row("SELECT * FROM message WHERE case_id = $1 AND seq = 3", done.case)
    assert (message["automatic"], message["contact_id"]) == (True, done.contact)


async def test_the_same_report_five_times_is_one(house: House) -> None:
    done = await answered(house)
    mail = report(house, "failed", done.message_id)
    await asyncio.gather(*(house.node.reception.receive(mail) for _ in range(5)))
    assert len(await house.told(done.agent, "notice")) == 1
    assert (await case(house, done))["last_seq"] == 3
    assert len(await house.rows("SELECT 1 FROM contact")) == 1


async def test_a_delay_is_noted_and_nothing_failed(house: House) -> None:
    done = await answered(house)
    await close(house, done)
    await house.node.reception.receive(
        report(house, "delayed", done.message_id, status="4.4.1", reason="no answer")
    )
    row = await delivery(house, done)
    assert (row["state"], row["delay_code"]) == ("sent", "4.4.1 no answer")
    assert row["delayed_at"] is not None
    assert (await case(house, done))["state"] == "resolved"
    assert await house.told(done.agent, "notice") == []


async def test_what_arrived_changes_nothing(house: House) -> None:
    done = await answered(house)
    await close(house, done)
    before = await delivery(house, done)
    await house.node.reception.receive(report(house, "delivered", done.message_id))
    assert await delivery(house, done) == before
    assert (await case(house, done))["state"] == "resolved"
    assert (await case(house, done))["last_seq"] == 3


@pytest.mark.parametrize("secret", ["0" * 32, ""])
async def test_a_forged_report_changes_no_delivery(house: House, secret: str) -> None:
    done = await answered(house)
    forged = f"<{done.send_id}.{secret}@localhost>"
    before = await delivery(house, done)
    accepted = await house.node.reception.receive(report(house, "failed", forged))
    assert await delivery(house, done) == before
    assert await house.told(done.agent, "notice") == []
    contact = await house.contact(int(accepted.contacts[0]))
    assert (contact["state"], contact["aside"]) == ("closed", "report")
    seppo = await house.actor("seppo@mikkeli.example")
    rows, more = await aside.listed(house.node.db, seppo, "report")
    assert ([row["id"] for row in rows], more) == ([contact["id"]], False)


async def test_a_report_to_another_organisation_changes_nothing(house: House) -> None:
    done = await answered(house)
    await house.node.reception.receive(report(house, "failed", done.message_id, to=KELA))
    assert (await delivery(house, done))["state"] == "sent"


async def test_a_server_that_names_the_mail_in_references_alone_is_understood(
    house: House,
) -> None:
    done = await answered(house)
    mail = report(house, "failed", references=(done.message_id,), recipients=())
    await house.node.reception.receive(mail)
    assert (await delivery(house, done))["state"] == "failed"


async def test_a_report_to_the_reply_token_means_the_cases_only_answer(house: House) -> None:
    done = await answered(house)
    async with house.node.db.connection() as conn:
        token = reply_token.make(await reply_token.signing_key(conn), done.case)
    other = report(house, "failed", tokens=(token,), recipients=("aune@example.org",))
    await house.node.reception.receive(other)
    assert (await delivery(house, done))["state"] == "sent"
    await house.node.reception.receive(report(house, "failed", tokens=(token,)))
    assert (await delivery(house, done))["state"] == "failed"


async def test_what_is_sent_again_already_did_not_fail(house: House) -> None:
    done = await answered(house, sent=False)
    await house.node.reception.receive(report(house, "failed", done.message_id))
    assert (await delivery(house, done))["state"] == "queued"


async def test_who_has_the_case_in_hand_is_shown_it(house: House) -> None:
    done = await answered(house)
    await close(house, done)
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    await casework.reopen(house.node.desk, bjorn, done.case)
    await house.node.reception.receive(report(house, "failed", done.message_id))
    assert len(await house.told(bjorn, "notice")) == 1
    assert await house.told(done.agent, "notice") == []


async def test_a_writer_who_left_the_house_leaves_it_to_supervisors(house: House) -> None:
    done = await answered(house)
    await close(house, done)
    await house.rows(
        "UPDATE users SET disabled_at = now() WHERE id = $1 RETURNING 1", done.agent.user_id
    )
    await house.node.reception.receive(report(house, "failed", done.message_id))
    assert (await delivery(house, done))["undelivered_for"] is None
    seppo = await house.actor("seppo@mikkeli.example")
    (row,) = await settling.listed(house.node.db, seppo)
    assert (row["send_id"], row["agent"]) == (done.send_id, None)
    await settling.dismiss(house.node.db, house.node.publisher.publish, seppo, done.send_id)
    assert await settling.listed(house.node.db, seppo) == []


async def test_a_notice_ends_for_all_tabs_and_once(house: House) -> None:
    done = await answered(house)
    await house.node.reception.receive(report(house, "failed", done.message_id))
    bjorn = await house.actor("bjorn@mikkeli.example")
    publish = house.node.publisher.publish
    with pytest.raises(Refused, match="not_yours"):
        await settling.dismiss(house.node.db, publish, bjorn, done.send_id)
    for _ in range(2):
        await settling.dismiss(house.node.db, publish, done.agent, done.send_id)
    ended = await house.told(done.agent, "notice_ended")
    assert [frame["why"] for frame in ended] == ["dismissed", "dismissed"]
    assert (await delivery(house, done))["undelivered_at"] is None
    assert len(await house.rows("SELECT 1 FROM audit WHERE verb = 'dismiss_undelivered'")) == 1


async def test_agents_elsewhere_see_no_undelivered_answers(house: House) -> None:
    done = await answered(house)
    await house.node.reception.receive(report(house, "failed", done.message_id))
    kalle = await house.actor("admin@kela.example")
    assert await settling.listed(house.node.db, kalle) == []
    with pytest.raises(Refused, match="not_found"):
        await settling.dismiss(house.node.db, house.node.publisher.publish, kalle, done.send_id)
