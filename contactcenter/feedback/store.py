"""Feedback's rows."""

from __future__ import annotations

from contactcenter.kernel.sql import load_sql

SQL = load_sql(__file__)
