"""Mail that no person wrote."""

from __future__ import annotations

from channels.email.head import Head

_PRECEDENCE = frozenset(("bulk", "junk", "auto_reply"))


def is_automatic(head: Head, mail_from: str | None) -> bool:
    """Whether a machine sent it (RFC 3834 sections 2 and 5): it says so, or nobody is to answer
    it (the null return path). Forwarded by a rule is still a person's mail, and so may be what
    comes over a list: shared mailboxes are often lists."""
    submitted = head.first("auto-submitted").partition(";")[0].partition(" ")[0].lower()
    if submitted not in ("", "no", "auto-forwarded"):
        return True
    if mail_from == "" or head.first("return-path").replace(" ", "") == "<>":
        return True
    return head.first("precedence").lower() in _PRECEDENCE
