"""A file of named SQL, read into queries."""

from __future__ import annotations

import pytest

from contactcenter.kernel.sql import parse

TEXT = """
-- part: open
-- Not closed.
k.closed_at IS NULL AND k.at < :before

-- name: cases
SELECT id FROM cases k WHERE
{open}
AND k.id = :id;

-- name: count
SELECT count(*) FROM cases k WHERE
{open}
;
"""


def test_a_part_stands_in_every_query_that_names_it() -> None:
    queries = parse(TEXT)
    assert list(queries) == ["cases", "count"]
    assert queries["cases"].parameters == ["before", "id"]
    assert "k.at < $1\nAND k.id = $2" in queries["cases"].text
    assert queries["count"].text.rstrip().endswith("k.at < $1")


def test_a_part_that_is_not_there_and_a_name_given_twice_are_no_file() -> None:
    with pytest.raises(KeyError):
        parse("-- name: cases\nSELECT\n{nothing}\n;")
    with pytest.raises(ValueError, match="cases"):
        parse("-- name: cases\nSELECT 1;\n-- name: cases\nSELECT 2;")
