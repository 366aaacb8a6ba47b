"""The pages and JSON of scanning: inbox and uploads, scanners, review and filing, pictures, PDF."""

from scanning.routes import inbox, pictures, review, scans
from scanning.routes.door import door

__all__ = ["door", "inbox", "pictures", "review", "scans"]
