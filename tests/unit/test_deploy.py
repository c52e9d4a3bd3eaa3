"""What lies in deploy/: each file is read by the program that it is for, where that is installed,
and says nothing that the product does not know."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from contactcenter.config import Settings
from contactcenter.web.account import sign_in_pages
from contactcenter.web.citizen import (
    callback_link,
    case_link,
    chat_pages,
    feedback_page,
    transcript_page,
)
from tests.certificate import make_certificate

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
PROGRAM = "/opt/contactcenter/.venv/bin/contactcenter"
# Those whose paths hold what nobody else may know.
SECRET = ("callback", "case", "feedback", "transcript", "file", "set-password", "chat/files")


def program(name: str, package: str) -> str:
    """A program, else the test is skipped, which the run says."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not there ({package})")
    return found


def agrees(*command: str | Path) -> None:
    """The program finds no fault."""
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(DEPLOY)))
def test_every_setting_named_there_is_one(path: Path) -> None:
    known = {field.name.upper() for field in fields(Settings)} | {"CONFIG"}
    named = set(re.findall(r"\bCONTACTCENTER_([A-Z_]+[A-Z])", path.read_text(encoding="utf-8")))
    assert named <= known


@pytest.mark.parametrize("path", ["nginx/contactcenter.conf", "caddy/Caddyfile"])
def test_a_proxy_lets_files_through_and_writes_no_secret_down(path: str) -> None:
    text = (DEPLOY / path).read_text(encoding="utf-8")
    size = re.search(r"(?:client_max_body_size|max_size) (\d+)M?m?B?", text)
    assert size is not None
    assert int(size[1]) * 1_000_000 > Settings().chat_file_bytes
    kinds = re.search(r"\^/\((?:\?<kind>)?([a-z|/-]+)\)/", text)
    assert kinds is not None
    assert set(kinds[1].split("|")) == set(SECRET)


def test_every_page_with_a_secret_in_its_path_is_among_them() -> None:
    doors = (callback_link, case_link, chat_pages, feedback_page, transcript_page, sign_in_pages)
    paths = {str(getattr(route, "path", "")) for door in doors for route in door.routes}
    secret = {path for path in paths if "{" in path}
    assert len(secret) > 4
    assert all(path.strip("/").startswith(SECRET) for path in secret), secret


def test_nginx_takes_it(tmp_path: Path) -> None:
    nginx = program("nginx", "Debian: nginx-light")
    make_certificate(tmp_path)
    site = (DEPLOY / "nginx" / "contactcenter.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/ssl/contactcenter/fullchain.pem", f"{tmp_path}/cert.pem")
    site = site.replace("/etc/ssl/contactcenter/privkey.pem", f"{tmp_path}/key.pem")
    (tmp_path / "site.conf").write_text(site.replace("/var/log/nginx", str(tmp_path)))
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"events {{}}\npid {tmp_path}/pid;\nhttp {{\n{places}include {tmp_path}/site.conf;\n}}\n"
    )
    (tmp_path / "nginx.conf").write_text(whole)
    command = (nginx, "-t", "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf")
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert "syntax is ok" in said, said  # what follows is about places that only root may write


def test_caddy_takes_it() -> None:
    caddy = program("caddy", "Debian: caddy")
    file = DEPLOY / "caddy" / "Caddyfile"
    agrees(caddy, "validate", "--adapter", "caddyfile", "--config", file)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = program("systemd-analyze", "Debian: systemd")
    units = []
    for unit in (DEPLOY / "systemd").iterdir():
        copy = tmp_path / unit.name
        copy.write_text(unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true"))
        units.append(copy)
    agrees(analyze, "verify", "--man=no", *sorted(units))


def test_compose_takes_it(tmp_path: Path) -> None:
    docker = program("docker", "the client, with compose")
    if subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker has no compose here")
    (tmp_path / "env").write_text("SITE=contact.city.example\nDATABASE_PASSWORD=x\n")
    file = DEPLOY / "compose.yaml"
    agrees(docker, "compose", "--env-file", tmp_path / "env", "-f", file, "config", "--quiet")


def test_compose_trusts_its_containers_and_not_who_comes_by_the_gateway() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found = dict(re.findall(r"(TRUSTED_PROXIES|ip_range|gateway): ([0-9./]+)", text))
    trusted = ip_network(found["TRUSTED_PROXIES"])
    assert trusted == ip_network(found["ip_range"])
    assert ip_address(found["gateway"]) not in trusted


def test_helm_takes_the_chart() -> None:
    helm = program("helm", "not in Debian")
    chart = DEPLOY / "helm" / "contactcenter"
    agrees(helm, "lint", "--strict", chart)
    agrees(helm, "template", "city", chart)


def test_a_chart_s_braces_are_even_and_its_values_are_there() -> None:
    """As far as it goes without helm."""
    values = (DEPLOY / "helm" / "contactcenter" / "values.yaml").read_text(encoding="utf-8")
    for path in (DEPLOY / "helm" / "contactcenter" / "templates").iterdir():
        text = path.read_text(encoding="utf-8")
        opens = len(re.findall(r"\{\{-? *(?:if|range|with|define)\b", text))
        assert opens == len(re.findall(r"\{\{-? *end\b", text)), path.name
        assert text.count("{{") == len(re.findall(r"\{\{.*?\}\}", text)), path.name
        for name in re.findall(r"\.Values\.([A-Za-z.]+)", text):
            for part in name.split("."):
                assert re.search(rf"^ *{part}:", values, re.MULTILINE), name
