"""The product as the flows run it."""

from __future__ import annotations

from tests.flows.conftest import product, relay

__all__ = ["product", "relay"]
