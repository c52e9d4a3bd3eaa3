"""The named errors. An error's code is part of docs/protocol.md; its text is found by the code
in the catalogue, in the asker's language."""

from __future__ import annotations


class ContactCenterError(Exception):
    """What every error of the product's own derives from."""


class Refused(ContactCenterError):
    """A request that is answered with "no" and a reason.

    `code` is one of the error codes of docs/protocol.md, `detail` picks a finer text from the
    catalogue (`error.<detail>`, else `error.<code>`), `params` fill that text's placeholders.
    `errors`: all that is wrong, where that is more than one thing; the first is this one.
    """

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        field: str | None = None,
        retry_after_s: float | None = None,
        errors: tuple[Refused, ...] = (),
        **params: object,
    ) -> None:
        super().__init__(code if detail is None else f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.field = field
        self.retry_after_s = retry_after_s
        self.errors = errors
        self.params = params


class SchemaTooNew(ContactCenterError):
    """The database was made by a newer release; starting an older one could damage it."""


class SchemaRefused(ContactCenterError):
    """The database does not let us make or change the schema."""


class DatabaseUnavailable(ContactCenterError):
    """No database answered; the command ends with exit code 3."""
