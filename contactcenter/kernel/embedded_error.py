"""What the embedded servers say when they can't serve."""

from __future__ import annotations

from contactcenter.errors import ContactCenterError


class EmbeddedError(ContactCenterError):
    """The embedded servers can't be started or reached; the text says what to do."""
