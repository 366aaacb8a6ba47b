"""The given scans: kept beside the repository, or where JUANZONG_SHARED says."""

import json
import os
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("JUANZONG_SHARED", Path(__file__).parents[2] / "shared"))
SCANS = SHARED / "data" / "scans"


def listed() -> list[dict[str, Any]]:
    """Each scan's `file` in SCANS, `gt` (its true text's file, or none) and what else is known.

    Raises:
        FileNotFoundError: there are no given scans on this machine.
    """
    told: list[dict[str, Any]] = json.loads((SCANS / "manifest.json").read_text())
    return told


def are_here() -> bool:
    return (SCANS / "manifest.json").exists()
