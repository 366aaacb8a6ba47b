"""The pages and JSON of scanning: inbox and uploads, review and filing, pictures and PDF."""

from scanning.routes import batches, correcting, inbox, pictures, review, strip, taking
from scanning.routes.door import door

__all__ = ["batches", "correcting", "door", "inbox", "pictures", "review", "strip", "taking"]
