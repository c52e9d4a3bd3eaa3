"""Files of the front-end packages: those that pages need, by name, and nothing else of them."""

from __future__ import annotations

import base64
import hashlib
import json

MODULES = {
    "preact": "preact/dist/preact.module.js",
    "preact/hooks": "preact/hooks/dist/hooks.module.js",
    "htm": "htm/dist/htm.module.js",
    "htm/preact": "htm/preact/index.module.js",
    "@preact/signals": "@preact/signals/dist/signals.module.js",
    "@preact/signals-core": "@preact/signals-core/dist/signals-core.module.js",
    "uplot": "uplot/dist/uPlot.esm.js",
}
STYLES = frozenset(
    {
        "hds-core/lib/base.css",
        "hds-design-tokens/lib/all.css",
        "uplot/dist/uPlot.min.css",
    }
)
STYLE_FOLDERS = ("hds-core/lib/components/", "hds-core/lib/utils/", "hds-design-tokens/lib/")

# Stands inline in a page (no browser reads it from a file), so the CSP lets pass its hash.
IMPORT_MAP = json.dumps({"imports": {name: f"/vendor/{path}" for name, path in MODULES.items()}})
IMPORT_MAP_HASH = (
    "sha256-" + base64.b64encode(hashlib.sha256(IMPORT_MAP.encode()).digest()).decode()
)


def is_served(path: str) -> bool:
    """Whether a file below node_modules may be asked for."""
    if path in MODULES.values() or path in STYLES:
        return True
    return path.startswith(STYLE_FOLDERS) and path.endswith(".css") and ".." not in path
