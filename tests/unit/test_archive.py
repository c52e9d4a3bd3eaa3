"""The backup's file: what is not whole is never taken for a backup."""

from __future__ import annotations

import gzip
import io
import tarfile

import msgspec
import pytest

from contactcenter.backup import archive
from contactcenter.backup.archive import Damaged, Header, Reader, Table, Writer, check

HEADER = Header(
    made_at="2026-11-27T08:00:00+00:00",
    schema=6,
    postgres="18.4",
    tables=(Table("contact", ("id", "state"), "text", 2),),
    months=("2026-11-01",),
)


def written(header: Header = HEADER) -> bytes:
    """A small backup."""
    out = io.BytesIO()
    writer = Writer(out)
    writer.add("header.json", msgspec.json.encode(header))
    writer.add("schema.sql", b"CREATE TABLE contact ();" * 50)
    writer.add("tables/contact", b"1\tqueued\n" * 200, 1)
    writer.add("tables/contact", b"2\tclosed\n" * 200, 2)
    writer.end()
    return out.getvalue()


def test_parts_come_back_as_they_went_in() -> None:
    reader = Reader(io.BytesIO(written()))
    parts = {name: b"".join(pieces) for name, pieces in reader.parts()}
    assert list(parts) == ["header.json", "schema.sql", "tables/contact", "end.json"]
    assert parts["tables/contact"] == b"1\tqueued\n" * 200 + b"2\tclosed\n" * 200
    assert check(io.BytesIO(written())) == HEADER


def test_any_tar_can_take_it_apart() -> None:
    with tarfile.open(fileobj=io.BytesIO(written()), mode="r:gz") as tar:
        assert tar.getnames()[-2:] == ["tables/contact/000002", "end.json"]


def test_a_file_that_is_cut_off_is_refused_wherever_it_ends() -> None:
    whole = written()
    for length in range(0, len(whole), 7):
        with pytest.raises(Damaged):
            check(io.BytesIO(whole[:length]))


def test_a_file_with_one_wrong_byte_is_refused() -> None:
    """But for bits that the compression does not use: then it holds what was written."""
    whole = written()
    for at in range(10, len(whole), 3):
        wrong = bytearray(whole)
        wrong[at] ^= 0x10
        try:
            check(io.BytesIO(bytes(wrong)))
        except Damaged:
            continue
        assert gzip.decompress(bytes(wrong)) == gzip.decompress(whole)


def test_a_part_that_was_changed_with_care_is_refused() -> None:
    """As a whole archive with right sums of its own, but not those that were written."""
    plain = gzip.decompress(written())
    changed = plain.replace(b"2\tclosed", b"2\tqueued")
    assert changed != plain
    with pytest.raises(Damaged, match="tables/contact"):
        check(io.BytesIO(gzip.compress(changed)))


@pytest.mark.parametrize("left_out", ["header.json", "schema.sql", "tables/contact", "end.json"])
def test_a_part_that_is_missing_is_missed(left_out: str) -> None:
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(written()), mode="r:gz") as tar,
        tarfile.open(fileobj=out, mode="w:gz") as other,
    ):
        for member in tar:
            if not member.name.startswith(left_out):
                other.addfile(member, tar.extractfile(member))
    with pytest.raises(Damaged):
        check(io.BytesIO(out.getvalue()))


def test_what_is_none_is_refused() -> None:
    other = io.BytesIO()
    with tarfile.open(fileobj=other, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("etc/passwd"))
    for data in (b"", b"hello", gzip.compress(b"hello"), other.getvalue()):
        with pytest.raises(Damaged):
            check(io.BytesIO(data))
    with pytest.raises(Damaged, match="newer release"):
        check(io.BytesIO(written(msgspec.structs.replace(HEADER, contactcenter_backup=2))))


def test_a_link_or_a_huge_piece_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    other = io.BytesIO()
    with tarfile.open(fileobj=other, mode="w:gz") as tar:
        link = tarfile.TarInfo("header.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(Damaged, match="holds what no backup holds"):
        check(io.BytesIO(other.getvalue()))
    monkeypatch.setattr(archive, "_MOST_PIECE", 100)
    with pytest.raises(Damaged, match="holds what no backup holds"):
        check(io.BytesIO(written()))
