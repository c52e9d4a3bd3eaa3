"""Files of the front-end packages: those that pages need, by name, and nothing else of them."""

from __future__ import annotations

import base64
import hashlib
import json

MODULES = {
    "preact": "preact/dist/preact.mjs",
    "preact/hooks": "preact/hooks/dist/hooks.mjs",
    "htm": "htm/dist/htm.mjs",
    "htm/preact": "htm/preact/index.mjs",
    "@preact/signals": "@preact/signals/dist/signals.mjs",
    "@preact/signals-core": "@preact/signals-core/dist/signals-core.mjs",
    "uplot": "uplot/dist/uPlot.esm.js",
}
STYLE_FOLDERS = ("hds-core/lib/", "hds-design-tokens/lib/", "uplot/dist/")

# Stands inline in a page (no browser reads it from a file), so the CSP lets pass its hash.
IMPORT_MAP = json.dumps({"imports": {name: f"/vendor/{path}" for name, path in MODULES.items()}})
IMPORT_MAP_HASH = (
    "sha256-" + base64.b64encode(hashlib.sha256(IMPORT_MAP.encode()).digest()).decode()
)


def is_served(path: str) -> bool:
    """Whether a file below node_modules may be asked for."""
    if path in MODULES.values():
        return True
    return path.startswith(STYLE_FOLDERS) and path.endswith(".css") and ".." not in path
