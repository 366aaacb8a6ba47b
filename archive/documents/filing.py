"""Filing: a document that was read gets its number in the volume that takes such papers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from archive import volumes
from archive.base import ledger
from archive.base.errors import N_, Conflict
from archive.base.ledger import Actor
from archive.base.typed import partial_date, plain_amount
from archive.categories import DocumentType
from archive.documents import taking
from archive.documents.records import Document, State
from archive.parties import Party

FILED = "document.filed"


class NotYetRead(Conflict):
    text = N_("This document is still being read. Wait until its text is there, then file it.")


class FiledAlready(Conflict):
    """`at` is the moment of its filing, `name` whoever did it."""

    text = N_(
        "This document is already filed as %(code)s, by %(name)s at %(at)s: nothing was changed "
        "now. Search for that code to open it."
    )


class NothingToFile(Conflict):
    text = N_(
        "This file has no page that could be filed. Put it away, and scan the paper once more."
    )


@dataclass(frozen=True)
class Filing:
    """Where and as what a clerk files a document."""

    party: Party
    type: DocumentType
    year: int
    retention: str
    title: str
    number: str = ""
    dated: str = ""
    amount: str = ""
    # The last day on which it counts, where the paper says one.
    lapses_on: date | None = None


def check_filing(session: Session, document: Document, *, by: Actor, at: datetime) -> None:
    """Raises what keeps a document from being filed now, whatever it is to be filed as:
    NotYetRead, FiledAlready, OlderScan, PutAway, NothingToFile, InOtherHands; see `file`."""
    document.refuse_kept_aside()
    if document.volume:
        raise filed_already(session, document)
    if document.state not in (State.READ, State.FAILED):
        raise NotYetRead
    if not document.pages_total:
        raise NothingToFile
    taking.check(session, document, by, at)


def filed_already(session: Session, document: Document) -> FiledAlready:
    """The refusal of a document that has its place: where, since when, and who gave it that."""
    row = ledger.last_of(session, document.subject, FILED)
    return FiledAlready(code=document.code, name=row.actor, at=row.at)


def file(
    session: Session, document: Document, filing: Filing, *, by: Actor, at: datetime
) -> Document:
    """Put a document into the volume that takes such papers; it gets the next number there.

    Raises:
        NotYetRead: its reading is not done.
        FiledAlready: it has its place.
        OlderScan: it is an older scan of another document.
        PutAway: it is out of the inbox.
        NothingToFile: its file has no page.
        InOtherHands: another clerk has it in hand.
        NotAnAmount: the amount is no plain number.
        NotADate: the date has none of the forms 2024, 2024-05, 2024-05-31.
    """
    dated, amount = partial_date(filing.dated), plain_amount(filing.amount)
    session.refresh(document, with_for_update={"of": Document})
    check_filing(session, document, by=by, at=at)
    document.party, document.type = filing.party, filing.type
    document.title, document.number = filing.title.strip()[:300], filing.number.strip()[:100]
    document.dated, document.amount, document.lapses_on = dated, amount, filing.lapses_on
    category = filing.type.category
    volume = volumes.taking(
        session, category, filing.party, filing.year, filing.retention, by=by, at=at
    )
    document.item = volumes.add_item(session, volume, document.pages_total)
    document.volume, document.state, document.filed_at = volume, State.FILED, at
    document.taken_by_id = None
    ledger.record(
        session, FILED, document.subject, volume.subject, filing.party.subject,
        by=by, at=at, code=document.code, title=document.title,
    )  # fmt: skip
    return document
