"""Of a mail to several, a report tells of some: they are shown, and they alone get it again."""

from __future__ import annotations

from contactcenter.delivery.actions import resend
from contactcenter.delivery.store import post_of
from tests.house import House
from tests.rooms.answered import answered, delivery, report


async def test_of_several_who_should_have_it_one_did_not(house: House) -> None:
    done = await answered(house)
    await house.rows(
        "UPDATE outbound SET cc = '{aune@example.org}' WHERE send_id = $1 RETURNING 1", done.send_id
    )
    await house.node.reception.receive(
        report(house, "failed", done.message_id, recipients=("Aune@example.org",))
    )
    row = await delivery(house, done)
    assert row["state"] == "sent"
    assert "aune@example.org" in row["refused"]
    assert len(await house.told(done.agent, "notice")) == 1
    await house.node.reception.receive(report(house, "failed", done.message_id))
    assert (await delivery(house, done))["state"] == "failed"


async def test_who_has_it_gets_no_second_one_when_it_is_sent_again(house: House) -> None:
    done = await answered(house)
    await house.rows(
        "UPDATE outbound SET cc = '{Aune.A@example.org,bo@example.org}' WHERE send_id = $1"
        " RETURNING 1",
        done.send_id,
    )
    await house.node.reception.receive(
        report(house, "failed", done.message_id, recipients=("aune.a@example.org",))
    )
    await resend(house.node.db, house.node.publisher, done.agent, done.send_id)
    assert post_of(await delivery(house, done)).pending == ("Aune.A@example.org",)


async def test_who_was_thought_to_have_it_while_others_wait_did_not_get_it(house: House) -> None:
    """One server puts us off, another takes the mail and sends it back meanwhile."""
    done = await answered(house)
    await house.rows(
        "UPDATE outbound SET state = 'queued', cc = '{Bo@example.org}', taken = '{Bo@example.org}'"
        " WHERE send_id = $1 RETURNING 1",
        done.send_id,
    )
    both = ("ville@example.org", "bo@example.org")
    await house.node.reception.receive(report(house, "failed", done.message_id, recipients=both))
    row = await delivery(house, done)
    post = post_of(row)
    assert (row["state"], post.pending, post.taken) == ("queued", ("ville@example.org",), ())
    assert [address for address, _ in post.refused] == ["Bo@example.org"]
    assert len(await house.told(done.agent, "notice")) == 1


async def test_in_whatever_case_they_are_written_nobody_got_it(house: House) -> None:
    done = await answered(house)
    await house.rows(
        "UPDATE outbound SET cc = '{Aune.A@example.org}' WHERE send_id = $1 RETURNING 1",
        done.send_id,
    )
    both = ("ville@example.org", "aune.a@example.org")
    await house.node.reception.receive(report(house, "failed", done.message_id, recipients=both))
    assert (await delivery(house, done))["state"] == "failed"


async def test_a_report_names_no_crowd(house: House) -> None:
    """Whoever got the mail can report of it: what is shown stays short, and nobody is written to
    whom the agent did not write to."""
    done = await answered(house)
    await house.rows(
        "UPDATE outbound SET cc = '{bo@example.org}' WHERE send_id = $1 RETURNING 1", done.send_id
    )
    for n in range(3):
        crowd = tuple(f"victim{n}.{i}@example.net" for i in range(100))
        mail = report(house, "failed", done.message_id, recipients=crowd)
        await house.node.reception.receive(mail)
    post = post_of(await delivery(house, done))
    assert [address for address, _ in post.refused] == ["victim0.0@example.net"]
    assert set(post.again().pending) <= {"ville@example.org", "bo@example.org"}
