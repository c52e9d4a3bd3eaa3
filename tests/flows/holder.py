"""A process that holds embedded servers until its standard input ends.

Arguments: the home, then any of `lasting`, `only-redis`. It prints one JSON object when they run.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from contactcenter.kernel.embedded import embedded_servers

if __name__ == "__main__":
    words = sys.argv[2:]
    with embedded_servers(
        Path(sys.argv[1]), need_postgres="only-redis" not in words, lasting="lasting" in words
    ) as servers:
        found = {
            "database_url": servers.database_url,
            "redis_url": servers.redis_url,
            "attached": servers.attached,
        }
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
