"""The door of intake: what comes in is kept, and is a document, before anyone is told."""

from dataclasses import dataclass
from typing import BinaryIO

from archive import batches, documents
from archive.base import web
from archive.base.db import now
from archive.base.ledger import Actor
from archive.documents import Document


@dataclass(frozen=True)
class Received:
    """A file that came in: its document, and whether the same bytes were here before."""

    document: Document
    is_new: bool


def receive(
    source: BinaryIO,
    name: str,
    *,
    engine: str,
    by: Actor,
    origin: str,
    batch: int | None = None,
) -> Received:
    """Keep a file and make its document, in one commit; both are safe when this returns.

    `origin` says how it came ("upload", "command line", …), `batch` what it came in with.
    """
    house = web.house()
    kept = house.files.keep(source)
    with house.database.writing() as session:
        document, is_new = documents.receive(
            session, kept, name, engine=engine, by=by, at=now(), source=origin,
            batch=batches.by_id(session, batch) if batch else None,
        )  # fmt: skip
    if is_new:
        house.queue.nudge("open")
    return Received(document, is_new)
