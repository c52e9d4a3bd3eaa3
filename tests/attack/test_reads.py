"""What a citizen wrote is shown to those who may see it, and the audit tells who looked."""

from __future__ import annotations

from contactcenter.desk import casework, handling, writing
from tests.house import House


async def test_reopening_a_colleagues_case_is_in_the_audit(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    desk = house.node.desk
    await handling.accept(desk, aino, offer)
    await handling.wrap_up(desk, aino, contact, "answered")
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    case = (await house.contact(contact))["case_id"]
    await casework.reopen(desk, bjorn, case)
    assert "Milloin kirjasto" in str(await house.told(bjorn, "contact"))
    looks = await house.rows(
        "SELECT verb FROM audit WHERE user_id = $1 AND object_kind = 'case' AND object_id = $2",
        bjorn.user_id,
        str(case),
    )
    assert looks


async def test_a_mail_that_joins_shows_no_words_to_who_only_has_an_offer(house: House) -> None:
    contact = await house.arrives()
    aino = await house.on_duty("aino@mikkeli.example")
    await house.route()
    (offer,) = await house.offers(aino)
    desk = house.node.desk
    await handling.accept(desk, aino, offer)
    await writing.reply(desk, aino, contact, "c1", "Hei")
    ours = (await house.row("SELECT external_id FROM outbound"))["external_id"]
    bjorn = await house.on_duty("bjorn@mikkeli.example")
    await handling.transfer_to_agent(desk, aino, contact, bjorn.user_id, None)
    await house.node.reception.receive(house.mail(references=(ours,), text="KANARIALINTU"))
    assert (await house.contact(contact))["state"] == "offered"
    assert "KANARIALINTU" not in str(await house.told(bjorn))
    assert "Kysymys" not in str(await house.told(bjorn))
