"""A certificate for `localhost`, made anew."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

_COMMAND = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    " -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    " -keyout key.pem -out cert.pem"
)


def make_certificate(folder: Path) -> Path:
    """Put cert.pem and key.pem into the folder."""
    subprocess.run(_COMMAND.split(), cwd=folder, check=True, capture_output=True)
    return folder


def trusting(folder: Path) -> ssl.SSLContext:
    """A client's context that trusts it."""
    return ssl.create_default_context(cafile=folder / "cert.pem")
