"""Where else citizens hear how long they will wait: who wants to be called soon, and who wrote."""

from __future__ import annotations

from contactcenter.callback.asking import Asked
from contactcenter.queue.bands import Band
from tests.house import House
from tests.rooms.calls import ask
from tests.rooms.test_estimating import estimates, judged, known, taken_up

EVERYBODY = "UPDATE queue SET hours = '{}', always_open = true RETURNING 1"


async def wait(house: House, asked: Asked) -> Band | None:
    return (await house.node.callbacks.status(asked.token)).wait


async def asks(house: House, number: int) -> Asked:
    return await ask(house, request_id=f"r{number}", number=f"050 339 1{number:03}")


async def acknowledged(house: House) -> list[str]:
    """What acknowledgements say, in the order in which they were made."""
    while await house.node.receipts.run_once():
        pass
    rows = await house.rows("SELECT text FROM outbound WHERE kind = 'receipt' ORDER BY send_id")
    return [row["text"] for row in rows]


async def test_who_wants_to_be_called_soon_hears_when_by_the_place(house: House) -> None:
    await house.rows(EVERYBODY)
    await known(house)
    await known(house, "callback")
    await taken_up(house)
    first, *_, last = [await asks(house, number) for number in range(5)]
    assert await wait(house, first) is None  # nothing is known yet
    await estimates(house)
    soon, later = await wait(house, first), await wait(house, last)
    assert soon is not None
    assert later is not None
    assert 0 < soon[1] < later[1]
    assert soon[0] <= later[0]
    await house.node.callbacks.cancel(last.token)
    assert await wait(house, last) is None


async def test_in_its_place_count_those_before_it_who_share_an_agent(house: House) -> None:
    await house.rows(EVERYBODY)
    await house.arrives()
    asked = await asks(house, 1)
    await house.arrives()
    requirement = (await house.contact(asked.contact))["requirement"]
    line = [(requirement, asked.contact)]
    assert await house.node.publisher.line.places_of(line, whole=True) == [2]


async def test_a_promised_half_hour_a_second_request_and_a_silent_queue_are_told_nothing(
    house: House,
) -> None:
    await house.rows(EVERYBODY)
    await known(house)
    await known(house, "callback", handled=19)
    await taken_up(house)
    asked = await asks(house, 1)
    await estimates(house)
    assert await wait(house, asked) is None  # too little is known
    await known(house, "callback")
    await estimates(house)
    assert await wait(house, asked) is not None
    joined = await ask(house, request_id="r9", number="050 339 1001")
    assert joined.joined
    assert await wait(house, joined) is None
    window = (await house.node.callbacks.open_windows("general"))[0]
    promised = await ask(house, request_id="r8", number="050 339 1008", window=window)
    await house.rows("UPDATE callback SET next_at = now() WHERE next_at IS NOT NULL RETURNING 1")
    await house.node.call_clock.run_once()
    await estimates(house)
    assert await wait(house, promised) is None
    await house.node.live.call("DEL", "bands")
    assert await wait(house, asked) is None  # nobody made it anew


async def test_an_acknowledgement_says_how_long_the_mail_will_wait(house: House) -> None:
    await known(house)
    await known(house, "mail")
    await taken_up(house)
    await house.arrives()
    await estimates(house)
    (before,) = await acknowledged(house)
    await house.arrives(language="en")
    (_, after) = await acknowledged(house)
    assert "Arvioitu odotusaika: " in before
    assert "kun tämä kuittaus lähetettiin" in before
    assert "minutes. After that we take up your message." in after


async def test_else_it_says_how_long_mail_waited_lately(house: House) -> None:
    lately = "keskimäärin alle tunnissa"
    await house.rows(
        "INSERT INTO figure (by, at, queue_id, channel, language, accepted, wait_us)"
        " SELECT 'day', now() - interval '1 day', id, 'mail', '', 20, 20000000"
        " FROM queue WHERE key = 'general' RETURNING 1"
    )
    await house.arrives()
    assert lately in (await acknowledged(house))[-1]  # nobody is at work
    await known(house)
    await known(house, "mail", handled=19)
    await taken_up(house)
    await estimates(house)
    await house.arrives()
    assert lately in (await acknowledged(house))[-1]  # too little is known
    await known(house, "mail")
    await estimates(house)
    await house.arrives()
    assert "Arvioitu odotusaika: " in (await acknowledged(house))[-1]
    await house.node.live.call("DEL", "bands")
    await house.arrives()
    assert lately in (await acknowledged(house))[-1]


async def test_an_estimate_of_mail_that_held_too_seldom_is_not_told(house: House) -> None:
    await known(house)
    await known(house, "mail")
    await judged(house, 30, 17)
    await house.rows("UPDATE figure SET channel = 'mail' WHERE estimated > 0 RETURNING 1")
    await taken_up(house)
    await house.arrives()
    await estimates(house)
    assert "Arvioitu" not in (await acknowledged(house))[-1]
