"""`contactcenter mail-parse`: a line for each mail, whatever the mail is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contactcenter.cli import main

MAIL = """From: Päivi <paivi@citizen.example>
To: Palaute <palaute@kaupunki.example>
Reply-To: toinen@citizen.example
Subject: Re: Asia
Message-ID: <2@citizen.example>
References: <0@kaupunki.example> <1@kaupunki.example>
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Kiitos!

ke 27. lokak. 2021 klo 9.31 Palaute (palaute@kaupunki.example) kirjoitti:
> Hei
--b
Content-Type: application/octet-stream; name=kuva.png
Content-ID: <kuva>

\x89PNG
--b--
"""


def test_a_line_for_each(
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contactcenter.kernel.log.configure", lambda level: None)  # not of this run
    (tmp_path / "b.eml").write_text(MAIL, encoding="utf-8")
    (tmp_path / "a.eml").mkdir()
    (tmp_path / "c.eml").write_bytes(b"\0" * 1_000)
    (tmp_path / "no mail.txt").write_text("x")
    assert main(["mail-parse", str(tmp_path)]) == 0
    bad, mail, nonsense = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert bad["name"] == "a"
    assert bad["error"].startswith("IsADirectoryError")
    assert nonsense["name"] == "c"
    assert nonsense["unreadable"] == "no header of a mail"
    assert mail.pop("seconds") >= 0
    assert mail["text_reply"] == "Kiitos!"
    assert mail["rest"].endswith("> Hei")
    assert (mail["from_addr"], mail["from_name"]) == ("paivi@citizen.example", "Päivi")
    assert mail["to"] == [mail["to_first"]] == ["palaute@kaupunki.example"]
    assert mail["reply_to_addr"] == "toinen@citizen.example"
    assert mail["in_reply_to"] == "<1@kaupunki.example>"
    assert mail["references"] == ["<0@kaupunki.example>", "<1@kaupunki.example>"]
    (file,) = mail["attachments"]
    assert (file["filename"], file["content_type"]) == ("kuva.png", "application/octet-stream")
    assert not any(
        mail[key] for key in ("is_bounce", "is_auto_reply", "is_forward", "is_complaint")
    )
