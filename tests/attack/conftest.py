"""The product as the flows run it."""

from __future__ import annotations

from tests.flows.conftest import product, relay, standing

__all__ = ["product", "relay", "standing"]
