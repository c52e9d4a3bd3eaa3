"""What an operator does with commands, past every door and proxy."""

from __future__ import annotations

import json
from typing import Any

from tests.flows.product import Product


class Office(Product):
    """Commands on the house's servers; it never serves."""

    async def lines(self, kind: str, since: str) -> list[dict[str, Any]]:
        """What `export` gives."""
        lines = (await self.command("export", kind, "--since", since)).splitlines()
        return [json.loads(line) for line in lines]

    async def levels(self) -> dict[str, Any]:
        """Service levels by queue."""
        queues = json.loads(await self.command("queues", "--json"))
        return {queue["key"]: queue["service_level"] for queue in queues}

    async def configured(self, kind: str, key: str, value: str) -> dict[str, Any]:
        """The one thing of this kind that has this key, as `config export` gives it."""
        whole = json.loads(await self.command("config", "export"))
        (found,) = [one for one in whole[kind] if one[key] == value]
        return dict(found)

    async def configure(self, kind: str, thing: dict[str, Any]) -> bool:
        """`config import` of one thing; whether it was taken."""
        self.home.parent.mkdir(exist_ok=True)
        file = self.home.parent / "document.json"
        file.write_text(json.dumps({kind: [thing]}), encoding="utf-8")
        code, _, _ = await self.ends("config", "import", str(file))
        return code == 0
