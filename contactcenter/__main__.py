"""`python -m contactcenter`: the same as the command `contactcenter`."""

from __future__ import annotations

import sys

from contactcenter.cli import main

if __name__ == "__main__":
    sys.exit(main())
