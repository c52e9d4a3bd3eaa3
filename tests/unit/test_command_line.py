"""What the command line says to a wrong value."""

from __future__ import annotations

import io
import subprocess
import sys

import aiohttp
import pytest
from aiohttp import web

from contactcenter import cli
from contactcenter.cli import main
from contactcenter.traffic import plan
from contactcenter.traffic.play import Play


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("serve --port web", "'web' is no whole number from 1 to 65535"),
        ("serve --port 70000", "'70000' is no whole number from 1 to 65535"),
        ("serve --processes 0", "'0' is no whole number from 1 to 64"),
        ("run --history-days month", "'month' is no whole number from 0 to 366"),
        ("export contacts --since noon", "'noon' is no time: write it like 2026-11-26"),
        ("traffic --agents ten", "'ten' is no whole number from 0 to 150"),
        ("traffic --agents 151", "'151' is no whole number from 0 to 150"),
        ("traffic --rate fast", "'fast' is no number from 0.01 to 200"),
        ("traffic --rate nan", "'nan' is no number from 0.01 to 200"),
    ],
)
def test_a_wrong_value_is_told_in_words(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert said in _only_line(capsys)


def _only_line(capsys: pytest.CaptureFixture[str]) -> str:
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    return line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["replay"], "--from"),
        (["replay", "--from", ""], "'' is no time"),
        (["replay", "--from", "\udcff"], "is no time"),
        (["replay", "--from", "2026-11-25T08:00"], "has no time zone"),
        (["replay", "--from", "0001-01-01"], "is no time"),
        (["replay", "--from", "2026-11-25", "--to", "2026-02-30"], "is no time"),
        (["replay", "--from", "2026-11-25", "a\nb"], "unrecognized"),
        (["whatif", "--agents", "٣"], "is no whole number"),
        (["whatif", "--agents", "9999999999"], "is no whole number"),
        (["whatif", "--seeds", "1e3"], "is no whole number"),
        (["whatif", "--day", "0001-01-01"], "choose a day of this century"),
        (["whatif", "--day", "\udcff"], "is no day"),
        (["whatif", "--target", "80"], "write it like 80/20"),
        (["whatif", "--channel", "\udcff"], "invalid choice"),
        (["staffing"], "--contacts"),
        (["staffing", "--contacts", "nan", "--aht", "180"], "write it like 100"),
        (["staffing", "--contacts", "100", "--aht", "180", "--agents", "٣"], "is no whole number"),
        (["staffing", "--contacts", "100", "--aht", "180", "--per", "30"], "with its unit"),
    ],
)
def test_what_makes_no_sense_is_told_in_one_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert said in _only_line(capsys)


@pytest.mark.parametrize(
    "more",
    [
        "--agents 999999999",
        "--agents -1",
        "--shrinkage 100",
        "--max-occupancy 0",
        "--patience 0",
        "--per 0min",
        "--target 100/20",
        "--target 80/999999999",
        "--abandonment 5",
    ],
)
def test_absurd_staffing_is_told_in_one_line(
    more: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactcenter.kernel.log.configure", lambda level: None)  # not of this run
    assert main(["staffing", "--contacts", "100", "--aht", "180", *more.split()]) == 2
    assert _only_line(capsys)


def test_a_command_loads_what_it_needs_and_no_more() -> None:
    code = """
import sys
from contactcenter import command_line
for words in (["verify"], ["export", "contacts"]):
    command_line.parser().parse_args(words)
print({"aiohttp", "contactcenter.app", "contactcenter.commands", "holidays"} & set(sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_watching_what_is_no_url_is_told_plainly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", "x")
    monkeypatch.setattr("contactcenter.kernel.log.configure", lambda level: None)  # not of this run
    assert main(["watch", "nonsense", "aino@mikkeli.example"]) == 1
    assert capsys.readouterr().err.startswith("nonsense: ")


async def _server(smtp: object) -> tuple[web.AppRunner, str]:
    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "checks": {"smtp": smtp}})

    app = web.Application()
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def test_no_mail_goes_to_another_server_than_the_one_played_at() -> None:
    runner, url = await _server({"ok": True, "since": "", "detail": "port 2526"})
    options = plan.Options(
        url=url, rate=1, minutes=1, contacts=0, agents=0, mix={}, seed=1, profile=False
    )
    try:
        async with aiohttp.ClientSession() as http:
            await Play(options, {"smtp": {"port": 2526}}, {})._reach(http)
            with pytest.raises(OSError, match="takes mail at port 2526, not at 2525"):
                await Play(options, {"smtp": {"port": 2525}}, {})._reach(http)
    finally:
        await runner.cleanup()


def test_an_output_of_few_letters_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    cli._write_what_can_be_written()
    sys.stdout.write("Björn Åsa")
    sys.stdout.flush()
    assert written.getvalue() == b"Bj?rn ?sa"
