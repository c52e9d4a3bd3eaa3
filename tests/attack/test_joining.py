"""A mail that answers one of ours: everyone it was sent to gets it, and nobody else our answers."""

from __future__ import annotations

import asyncio

import msgspec

from contactcenter.accounts.authorise import Actor
from contactcenter.channel import Inbound, Sender
from contactcenter.desk import handling, writing
from tests.house import GENERAL, KELA, House


async def _answered(house: House) -> tuple[Actor, int, str]:
    """An agent who has answered a mail: the agent, the contact, the answer's Message-ID."""
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    await handling.accept(house.node.desk, aino, offer)
    await writing.reply(house.node.desk, aino, contact, "first", "Kirjasto on auki.")
    sent = await house.row("SELECT external_id FROM outbound")
    return aino, contact, sent["external_id"]


async def _next_recipient(house: House, aino: Actor, contact: int) -> str:
    await writing.reply(house.node.desk, aino, contact, "next", "Vain Villelle.")
    row = await house.row("SELECT recipient FROM outbound WHERE client_id = 'next'")
    recipient: str = row["recipient"]
    return recipient


async def test_an_answer_copied_to_another_organisation_reaches_it_too(house: House) -> None:
    _, _, ours = await _answered(house)
    mail = msgspec.structs.replace(house.mail(references=(ours,)), to=(GENERAL, KELA))
    await house.node.reception.receive(mail)
    kela = await house.rows(
        "SELECT c.id FROM contact c JOIN organisation o ON o.id = c.organisation_id"
        " WHERE o.key = 'kela'"
    )
    assert len(kela) == 1


async def test_a_bounce_does_not_become_the_address_of_the_next_answer(house: House) -> None:
    aino, contact, ours = await _answered(house)
    bounce = house.mail(
        references=(ours,),
        automatic=True,
        sender=Sender(kind="email", address="mailer-daemon@relay.example", name=""),
    )
    await house.node.reception.receive(bounce)
    assert await _next_recipient(house, aino, contact) == "ville@example.org"


async def test_a_stranger_in_the_thread_does_not_get_the_next_answer(house: House) -> None:
    aino, contact, ours = await _answered(house)
    stranger = Sender(kind="email", address="ville@evil.example", name="Ville Veikkonen")
    await house.node.reception.receive(house.mail(references=(ours,), sender=stranger))
    assert await _next_recipient(house, aino, contact) == "ville@example.org"


async def test_mails_that_join_and_notes_do_not_wait_for_each_other(house: House) -> None:
    aino, contact, ours = await _answered(house)

    def mail() -> Inbound:
        return house.mail(references=(ours,))

    async def mails() -> None:
        for _ in range(30):
            await house.node.reception.receive(mail())

    async def notes() -> None:
        for number in range(90):
            await writing.note(house.node.desk, aino, contact, f"n{number}", "Soitettu.")

    await asyncio.gather(mails(), mails(), notes())  # no deadlock is raised
