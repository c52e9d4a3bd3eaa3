"""`python -m contactcenter`: the same as the command `contactcenter`."""

from __future__ import annotations

import os
import sys

from contactcenter.cli import main
from contactcenter.kernel.child import end_with_parent

if __name__ == "__main__":
    # `make run` sets it, so that killing make leaves nothing behind.
    if os.environ.pop("CONTACTCENTER_ENDS_WITH_PARENT", None):
        end_with_parent()
    sys.exit(main())
