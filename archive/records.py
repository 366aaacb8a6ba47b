"""Every table of the archive in one place: what migrations and checks compare a database with."""

from archive import (
    batches,
    categories,
    circulation,
    codes,
    covers,
    documents,
    locations,
    numbers,
    parties,
    scans,
    shelving,
    sources,
    users,
    volumes,
)
from archive.base import ledger
from archive.base.db import Record
from archive.exchange import runs as imports

MODULES = (
    batches, categories, circulation, codes, covers, documents, imports, ledger, locations, numbers,
    parties, scans, shelving, sources, users, volumes,
)  # fmt: skip
METADATA = Record.metadata
