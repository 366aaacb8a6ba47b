"""The pages and JSON of scanning: inbox and uploads, scanners, review and filing, pictures, PDF."""

from scanning.routes import correcting, inbox, pictures, review, scans, taking
from scanning.routes.door import door

__all__ = ["correcting", "door", "inbox", "pictures", "review", "scans", "taking"]
