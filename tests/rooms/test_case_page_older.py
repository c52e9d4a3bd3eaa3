"""What was said long ago, on the page of a case."""

from __future__ import annotations

import re

from tests.house import House
from tests.rooms.case_pages import link, room
from tests.rooms.test_chat_files import open_doors


async def test_older_messages_are_a_page_further(house: House) -> None:
    contact = await house.arrives()
    token = await link(house, contact)
    await house.rows(
        "INSERT INTO message (id, case_id, contact_id, organisation_id, seq, direction, author,"
        " text) SELECT 9000000000 + n, m.case_id, m.contact_id, m.organisation_id, n + 1,"
        " 'inbound', '', n::text"
        " FROM message m, generate_series(1, 449) AS n RETURNING 1"
    )
    await house.rows("UPDATE cases SET last_seq = 450, last_shown = 450 RETURNING 1")
    pages = room(house)
    view = await pages.look(token)
    assert (view.messages[0].seq, view.messages[-1].seq, view.more) == (251, 450, True)
    first = await pages.older(token, view.messages[0].seq)
    await pages.write(token, "w1", "Uusi")  # what is new moves nothing
    again = await pages.older(token, view.messages[0].seq)
    assert (again.messages, first.newer, again.newer) == (first.messages, None, 451)
    assert (first.messages[0].seq, first.messages[-1].seq, first.more) == (51, 250, True)
    last = await pages.older(token, first.messages[0].seq)
    assert ([one.seq for one in last.messages], last.more) == ([*range(1, 51)], False)
    assert last.newer == first.messages[-1].seq + 1  # back by the page that one came from
    async with open_doors(house) as doors:
        page = (await doors.get(f"/case/{token}"))[2].decode()
        at = re.search(rf'href="(/case/{token}/messages\?before=\d+)"', page)
        assert at is not None
        status, headers, body = await doors.get(at[1])
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert f'href="/case/{token}/messages?before=52"' in body.decode()
        assert "Uudemmat viestit" not in body.decode()
        body = (await doors.get(f"/case/{token}/messages?before=52"))[2]
        assert f'href="/case/{token}/messages?before=252"' in body.decode()
        for before, status in (("", 400), ("x", 400), ("-1", 400), ("9" * 18, 200), ("0", 200)):
            assert (await doors.get(f"/case/{token}/messages?before={before}"))[0] == status
        wrong = "b" * 43
        assert (await doors.get(f"/case/{wrong}/messages?before=5"))[0] == 404
