"""Counting: how many pages a paper has by hand, against how many were scanned."""

from datetime import datetime

from sqlalchemy.orm import Session

from archive import volumes
from archive.base import ledger
from archive.base.ledger import Actor
from archive.documents.records import Document


def count_paper(
    session: Session, document: Document, pages: int, *, by: Actor, at: datetime
) -> None:
    """Note how many pages a paper has, filed or not; its volume counts them.

    Raises:
        OlderScan, PutAway: nobody works at it.
    """
    document.refuse_kept_aside()
    if document.volume:
        volumes.lock(session, document.volume)
    session.refresh(document, with_for_update={"of": Document})
    before, was = document.paper_pages, document.pages_on_paper
    if before == pages:
        return
    document.paper_pages = pages
    if document.volume:
        document.volume.pages += pages - was
    subjects = [document.volume.subject] if document.volume else []
    ledger.record(
        session, "document.counted", document.subject, *subjects, by=by, at=at,
        name=document.shown_title, before=before, pages=pages, scanned=document.pages_total,
    )  # fmt: skip
