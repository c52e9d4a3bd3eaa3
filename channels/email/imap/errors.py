"""Why a mailbox can't be fetched from. The codes stand in docs/email.md."""

from __future__ import annotations

from typing import Literal

Code = Literal[
    "unreachable",  # no connection: name, port, network
    "tls",  # no TLS, or a certificate that is not trusted
    "login_refused",
    "token_refused",  # no token for XOAUTH2
    "folder_missing",
    "no_uidvalidity",  # the server can't say which mails are new
    "no_queue",  # no queue has the address that the mailbox feeds
    "cut",  # the connection ended, or fell silent
    "refused",  # the server refuses a command that it must know
    "protocol",  # what it says can't be understood, or is too much
    "house",  # our own servers
    "mail",  # a mail that can't be taken in
]


class ImapError(Exception):
    """The mailbox can't be worked on now; `detail` is the server's word, without secrets."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
