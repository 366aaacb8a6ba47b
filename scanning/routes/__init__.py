"""The pages and JSON of scanning: inbox and uploads, review and filing, pictures and PDF."""

from scanning.routes import inbox, pictures, review
from scanning.routes.door import door

__all__ = ["door", "inbox", "pictures", "review"]
