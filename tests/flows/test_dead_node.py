"""A node dies with its agents' sockets and every lease: another offers their contacts again."""

from __future__ import annotations

from pathlib import Path

from tests.flows.conftest import running
from tests.flows.product import Product, letter

SOON = {"CONTACTCENTER_LOST_AFTER_S": "8"}  # 15 s else; screens tell every 2 s that they are there


async def test_a_dead_nodes_contacts_are_offered_again(tmp_path: Path) -> None:
    async with running() as servers:
        assert await servers.stop() == 0  # whoever starts first has the leases
        await servers.start(verb=("run", "--only", "web"))
        dies = servers.sibling(tmp_path / "dies")
        dies.home.mkdir()
        await dies.start(verb=("serve",), **SOON)
        lives = servers.sibling(tmp_path / "lives")
        lives.home.mkdir()
        await lives.start(verb=("serve",), **SOON)
        try:
            await _hands_over(dies, lives)
            assert (await servers.verify())["violations"] == []
        finally:
            for node in (dies, lives):
                if node.running:
                    await node.stop()


async def _hands_over(dies: Product, lives: Product) -> None:
    async with lives.agent("carla@mikkeli.example") as carla:
        async with dies.agent("aino@mikkeli.example") as aino:
            await aino.available()
            await lives.mail(letter("Ensimmäinen"))
            taken = (await aino.take())["contact"]["contact"]
            await aino.send(type="draft", contact=taken, text="Hyvä kansalainen")
            await lives.mail(letter("Toinen"))
            offered = (await aino.of("offer"))["contact"]["contact"]
            await carla.available()
            await dies.kill()
            offers = [await carla.of("offer"), await carla.of("offer")]
        assert [one["contact"]["contact"] for one in offers] == [taken, offered]  # in their places
        await carla.send(type="accept", offer=offers[0]["offer"])
        card = await carla.wait(
            lambda f: f["type"] == "contact" and f["contact"]["contact"] == taken
        )
        assert card["contact"]["draft"] == "Hyvä kansalainen"
