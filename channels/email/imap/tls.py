"""Which certificates a mail server may show."""

from __future__ import annotations

import ssl

from channels.email.imap.errors import ImapError
from contactcenter.mailbox_settings import Mailbox


def context_for(mailbox: Mailbox) -> ssl.SSLContext:
    """Those of the system's authorities, or of the city's own where the settings name a file;
    always with the right name. Raises ImapError."""
    try:
        return ssl.create_default_context(cafile=mailbox.ca_file)
    except (OSError, ssl.SSLError):
        raise ImapError("tls", "ca_file holds no certificate") from None
