"""The link by which a citizen says how a contact went."""

from __future__ import annotations

from contactcenter.kernel.links import Links


class FeedbackLinks:
    """Their addresses under our public URL; each names a contact, and nothing else."""

    def __init__(self, links: Links, public_url: str) -> None:
        self.links = links
        self._public_url = public_url

    async def ready(self) -> None:
        """Have the key at hand, so that no transaction waits for a second connection."""
        await self.links.key()

    async def url(self, contact: int) -> str:
        """Where feedback on a contact is given."""
        return f"{self._public_url}/feedback/{await self.links.token(contact)}"
