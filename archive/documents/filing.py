"""Filing: a document that was read gets its number in the volume that takes such papers."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from archive import categories, volumes
from archive.base import ledger
from archive.base.errors import N_, Conflict, Invalid
from archive.base.ledger import Actor
from archive.documents import ordering, taking
from archive.documents.describing import Description, values_of, write
from archive.documents.records import Document, State
from archive.parties import Party
from archive.volumes import Deed, Volume

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


class NotOfThisVolume(Invalid):
    text = N_(
        "Volume %(code)s holds other papers: those of one party, category, year and period lie "
        "together. Leave the volume empty, or choose the one that fits."
    )


@dataclass(frozen=True, kw_only=True)
class Filing(Description):
    """Where and as what a clerk files a document.

    `volume` is the one it must come into, perhaps a closed one, whose last paper it follows then;
    None: the open one that takes such papers.
    """

    party: Party
    year: int
    retention: str
    paper_pages: int | None = None
    volume: Volume | None = None


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
        WhereIsTheOriginal: it is a copy, and nothing is said of the original.
        NotOfThisVolume: the volume that is named takes other papers.
        Retired: the plan does not offer such a type any more.
    """
    categories.check_offered(filing.type)
    values = values_of(filing)
    session.refresh(document, with_for_update={"of": Document})
    check_filing(session, document, by=by, at=at)
    volume = _volume_for(session, filing, by=by, at=at)
    write(document, filing.type, values)
    document.party, document.paper_pages = filing.party, filing.paper_pages or document.paper_pages
    _renew(session, document, filing, at.date())
    ordering.enter(session, document, volume)
    document.state, document.filed_at = State.FILED, at
    document.taken_by_id = None
    ledger.record(
        session, FILED, document.subject, volume.subject, filing.party.subject,
        by=by, at=at, code=document.code, title=document.title,
    )  # fmt: skip
    return document


def _volume_for(session: Session, filing: Filing, *, by: Actor, at: datetime) -> Volume:
    category, volume = filing.type.category, filing.volume
    if volume is None:
        return volumes.taking(
            session, category, filing.party, filing.year, filing.retention, by=by, at=at
        )
    holds = (volume.category_id, volume.party_id, volume.year, volume.retention)
    if holds != (category.id, filing.party.id, filing.year, filing.retention):
        raise NotOfThisVolume(code=volume.code)
    volumes.do(session, volume, Deed.APPEND)
    return volume


def _renew(session: Session, document: Document, filing: Filing, today: date) -> None:
    """Note until when a paper counts; one that is renewed again and again ends the older ones."""
    months = filing.type.validity_months
    if not months:
        return
    if document.lapses_on is None:
        # A licence of long ago is checked as of the day on which it was seen here.
        ahead = today.month - 1 + months
        year, month = today.year + ahead // 12, ahead % 12 + 1
        document.lapses_on = date(year, month, min(today.day, monthrange(year, month)[1]))
    older = update(Document).where(
        Document.party_id == filing.party.id, Document.type_id == filing.type.id,
        Document.id != document.id,
    )  # fmt: skip
    session.execute(older.values(lapses_on=None))
