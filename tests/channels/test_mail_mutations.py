"""10,000 broken mails: no crash, no script, nothing that can't be stored."""

from __future__ import annotations

from random import Random

import pytest

from tests.channels.mail_mutations import judge, mutated, seeds
from tests.plugins.system_packages import shared_of

LARGEST = 20_000


def test_the_seeds_themselves() -> None:
    read = [judge(mail) for mail in seeds()]
    assert all(inbound.unreadable is None for inbound in read)
    assert sum(len(inbound.attachments) for inbound in read) >= 9


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_broken_mails(seed: int) -> None:
    read = [judge(mail) for mail in mutated(seeds(), Random(seed), 1_000)]
    # They are broken, and not beyond reading: else nothing was tried.
    assert sum(bool(one.text) for one in read) > 500
    assert len({one.fingerprint for one in read}) > 900


@pytest.mark.needs_shared
def test_broken_mails_of_others(request: pytest.FixtureRequest) -> None:
    folder = shared_of(request.config) / "mail" / "open"
    mails = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    for mail in mutated([one for one in mails if 0 < len(one) < LARGEST], Random(1), 1_500):
        judge(mail)
