"""The pages and JSON of scanning: inbox and uploads, review and filing, pictures and PDF."""

from scanning.routes import batches, inbox, pictures, review, strip
from scanning.routes.door import door

__all__ = ["batches", "door", "inbox", "pictures", "review", "strip"]
