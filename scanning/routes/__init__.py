"""The pages and JSON of scanning: inbox and uploads, review and filing, pictures and PDF."""

from scanning.routes import correcting, inbox, pictures, review, taking
from scanning.routes.door import door

__all__ = ["correcting", "door", "inbox", "pictures", "review", "taking"]
