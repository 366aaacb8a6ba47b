"""The pages and JSON of scanning: inbox and uploads, scanners, review and filing, pictures, PDF."""

from scanning.routes import (
    alike,
    batches,
    correcting,
    inbox,
    pictures,
    review,
    scans,
    strip,
    taking,
    together,
)
from scanning.routes.door import door

__all__ = ["alike",
    "batches", "correcting", "door", "inbox", "pictures", "review", "scans", "strip", "taking",
    "together",
]  # fmt: skip
