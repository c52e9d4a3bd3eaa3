"""What is said in a chat beside words, and who says it, through the public sockets."""

from __future__ import annotations

import json

from tests.flows.citizen import open_citizen
from tests.flows.product import Product

AINO, CARLA = "aino@mikkeli.example", "carla@mikkeli.example"
FAMILY = "👩‍👩‍👧‍👦 🇫🇮 👍🏽 \U0001f6dc :) <3"


async def test_emoji_answers_to_press_and_a_transfer(product: Product) -> None:
    async with (
        open_citizen(product) as ville,
        product.agent(AINO) as aino,
        product.agent(CARLA) as carla,
    ):
        await ville.hello(name="Ville 😀")
        said = await ville.say(FAMILY, "v1")
        assert (said["text"], said["from"]) == (FAMILY, "Ville 😀")
        most = "👍" * 10_000  # counted as characters, not as halves of them
        frame = {"type": "message", "client_id": "v2", "text": most}
        await ville.send_text(json.dumps(frame, ensure_ascii=False))
        assert (await ville.of("message", client_id="v2"))["text"] == most
        frame |= {"client_id": "v3", "text": most + "x"}
        await ville.send_text(json.dumps(frame, ensure_ascii=False))
        assert (await ville.of("error", client_id="v3"))["code"] == "too_large"
        await ville.send_text('{"type": "message", "client_id": "v4", "text": "half \\ud83d"}')
        await ville.send(type="ping")
        await ville.of("pong")  # half a character is refused or mended, and harms nobody
        for n in range(20):  # one after the other, none waits for the one before
            await ville.send(type="message", client_id=f"r{n}", text=f"{n}.", ref=f"ref {n}")
        stored = [await ville.of("message", client_id=f"r{n}") for n in range(20)]
        assert [one["ref"] for one in stored] == [f"ref {n}" for n in range(20)]
        assert [one["seq"] for one in stored] == [stored[0]["seq"] + n for n in range(20)]
        await aino.available()
        card = await aino.take()
        contact = card["contact"]["contact"]
        assert card["messages"][0]["text"] == FAMILY
        assert (await ville.of("agent_came"))["agent"] == "Aino"
        choices = ["Kyllä 👍🏽", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"]
        await aino.send(type="reply", contact=contact, client_id="a1", text=FAMILY, choices=choices)
        asked = await ville.of("message", direction="outbound")
        assert (asked["text"], asked["choices"], asked["from"]) == (FAMILY, choices, "Aino")
        await ville.say(choices[0], "v5")
        heard = await aino.wait(lambda f: f["type"] == "message" and "👍🏽" in f["message"]["text"])
        assert heard["message"]["direction"] in ("inbound", "outbound")
        for wrong in (["x"] * 7, [""], ["x" * 61], ["ok", 7], "Kyllä"):
            await aino.send(
                type="reply",
                contact=contact,
                client_id="a2",
                text="?",
                choices=wrong,
                ref=str(wrong),
            )
            no = await aino.wait(lambda f, ref=str(wrong): f.get("ref") == ref)  # type: ignore[misc]
            assert (no["type"], no["code"]) == ("error", "bad_request")
            assert no["field"].startswith("choices")
        await aino.send(type="state", value="break")
        await carla.available()
        await aino.send(type="transfer", contact=contact, queue="general", summary="vain meille")
        await carla.take()
        assert (await ville.of("agent_left"))["why"] == "transfer"
        await ville.of("joined", agent="Carla")
        seen = f"{ville.frames}{ville.messages}"
        secret = ("Virtanen", "Niemi", "@mikkeli", "vain meille")
        assert [word for word in secret if word in seen] == []
    messages = await product.export("messages")
    assert [m["text"] for m in messages if m["client_id"] == "v1"] == [FAMILY]


async def test_nobody_stays_for_somebody_else(product: Product) -> None:
    async with open_citizen(product) as stranger, open_citizen(product) as ville:
        await stranger.send(type="stay")
        assert (await stranger.of("error"))["code"] == "wrong_state"
        await ville.hello()
        await stranger.hello()
        await stranger.send(type="stay", contact=ville.contact, resume=ville.secret, ref=1)
        answer = await stranger.of("idle", ref=1)
        assert (answer["closes_at"], answer["closes_in_s"]) == (None, None)
        await stranger.send(type="leave")
        await stranger.of("closed", reason="left")
        await stranger.send(type="stay", ref=2)
        assert (await stranger.of("closed", ref=2))["reason"] == "left"
        assert not [frame for frame in ville.frames if frame["type"] == "idle"]
