"""Every table of the archive in one place: what migrations and checks compare a database with."""

from archive import (
    categories,
    circulation,
    codes,
    documents,
    locations,
    numbers,
    parties,
    users,
    volumes,
)
from archive.base import ledger
from archive.base.db import Record

MODULES = (
    categories, circulation, codes, documents, ledger, locations, numbers, parties, users, volumes
)  # fmt: skip
METADATA = Record.metadata
