"""`make mail-score`: how well the real mail in ../shared/mail is understood, where it lies."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

MAIL = Path(__file__).parents[2] / "shared" / "mail"


def main() -> int:
    """Read the open mails as the product does, and print what the scorer says of it."""
    folder, scorer = MAIL / "open", MAIL / "score.py"
    if not scorer.is_file() or not folder.is_dir():
        print(f"mail-score: skipped, {MAIL} is not there")
        return 0
    parse = [sys.executable, "-m", "contactcenter", "mail-parse", str(folder)]
    with tempfile.NamedTemporaryFile("w+b", suffix=".jsonl") as file:
        subprocess.run(parse, stdout=file, check=True)
        file.seek(0)
        took = sorted((line["seconds"], line["name"]) for line in map(msgspec.json.decode, file))
        score = [sys.executable, str(scorer), file.name, str(folder), "--fails", "0"]
        code = subprocess.run(score, check=False).returncode
    print(f"  slowest: {', '.join(f'{name} {seconds:.2f} s' for seconds, name in took[-3:][::-1])}")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
