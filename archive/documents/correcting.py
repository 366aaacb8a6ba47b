"""Correcting: what a clerk puts right on a page that was read, and undoes again.

A correction changes the page's text and lines at once, stands in the ledger, and is kept with the
page, so that another reading of it does not lose what a person knew better.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from archive.base import ledger
from archive.base.errors import N_, Conflict, NotFound
from archive.base.ledger import Actor
from archive.documents import arriving, lines, taking
from archive.documents.lines import Reading
from archive.documents.records import Document, Page, PageState

LONGEST_LINE = 2000


class NoTextYet(Conflict):
    text = N_("This page has no text that could be corrected. Let it be read first.")


class NoSuchLine(NotFound):
    text = N_("There is no line %(line)s on this page. Look at the page again.")


class LineChanged(Conflict):
    text = N_(
        "This line was changed meanwhile and says “%(now)s”. "
        "Compare it with the paper, then correct it once more."
    )


class NothingCorrected(Conflict):
    text = N_("No correction of this page is left to undo. Correct the line itself.")


def correct(
    session: Session,
    document: Document,
    page: Page,
    line: int,
    text: str,
    *,
    saw: str,
    by: Actor,
    at: datetime,
) -> None:
    """Line number `line`, from 1, says `text`; where that is empty the line goes. The same text
    again says that a person compared it.

    `saw` is the text that the clerk had before them.

    Raises:
        NoTextYet: the page was not read.
        NoSuchLine: it has fewer lines.
        LineChanged: another clerk was quicker.
        InOtherHands: another clerk has the paper in hand.
        OlderScan, PutAway: a better scan took the paper's place, or it is out of the inbox.
    """
    reading = _reading(session, document, page, by, at)
    if not 1 <= line <= len(reading["lines"]):
        raise NoSuchLine(line=line)
    before = reading["lines"][line - 1]["text"]
    if before != plain(saw):
        raise LineChanged(now=before[:200])
    after = plain(text)
    changed, done = lines.corrected(reading, line - 1, after)
    _keep(page, changed, [*page.corrections, done])
    action = "document.compared" if after == before else "document.corrected"
    _note(session, document, page, action, by, at, line=line, before=before, after=after)


def add_line(
    session: Session,
    document: Document,
    page: Page,
    below: int,
    text: str,
    *,
    by: Actor,
    at: datetime,
) -> int:
    """Add a line that the reader missed, below line number `below` (0: above all); its number.

    Raises:
        NoTextYet, NoSuchLine, InOtherHands, OlderScan, PutAway: as in `correct`.
    """
    reading = _reading(session, document, page, by, at)
    if not 0 <= below <= len(reading["lines"]):
        raise NoSuchLine(line=below)
    after = plain(text)
    changed, done = lines.added(reading, below, after)
    _keep(page, changed, [*page.corrections, done])
    _note(
        session, document, page, "document.corrected", by, at,
        line=below + 1, before="", after=after,
    )  # fmt: skip
    return below + 1


def undo_correction(
    session: Session, document: Document, page: Page, *, by: Actor, at: datetime
) -> None:
    """Take a page's newest correction back.

    Raises:
        NothingCorrected: there is none.
        NoTextYet, InOtherHands, OlderScan, PutAway: as in `correct`.
    """
    reading = _reading(session, document, page, by, at)
    if not page.corrections:
        raise NothingCorrected
    *others, last = page.corrections
    _keep(page, lines.undone(reading, last), others)
    _note(
        session, document, page, "document.corrected", by, at,
        line=last["place"] + 1, before=last["after"], after=last["before"], undone=True,
    )  # fmt: skip


def read_page_again(
    session: Session, document: Document, page: Page, *, by: Actor, at: datetime
) -> None:
    """Read one page once more, also one that was read, though badly.

    Raises:
        OlderScan: a better scan took its place.
        BeingRead: it is being read, or waits for it.
        PutAway: the paper is out of the inbox.
        InOtherHands: another clerk has the paper in hand.
    """
    _lock(session, document, page)
    document.refuse_kept_aside()
    if page.state not in (PageState.READ, PageState.FAILED) or document.state in arriving.UNDER_WAY:
        raise arriving.BeingRead
    taking.check(session, document, by, at)
    arriving.read_again(document, [page])
    ledger.record(
        session, "document.page_retried", document.subject, by=by, at=at,
        name=document.file_name, page=page.number,
    )  # fmt: skip


def plain(text: str) -> str:
    """A line as it is kept: one line, no blanks around it."""
    return " ".join(text.split())[:LONGEST_LINE]


def _reading(session: Session, document: Document, page: Page, by: Actor, at: datetime) -> Reading:
    """The reading of a page that this clerk may correct now, held until the commit."""
    _lock(session, document, page)
    document.refuse_kept_aside()
    taking.check(session, document, by, at)
    if page.state != PageState.READ or page.reading is None:
        raise NoTextYet
    return page.reading


def _lock(session: Session, document: Document, page: Page) -> None:
    # First the page, then its document, as whoever reads it does: else two wait for each other.
    session.refresh(page, with_for_update={"of": Page})
    session.refresh(document, with_for_update={"of": Document})


def _keep(page: Page, reading: Reading, corrections: list[dict[str, Any]]) -> None:
    page.reading, page.corrections = reading, corrections
    page.text, page.doubtful = lines.text_of(reading), lines.doubts(reading)


def _note(
    session: Session,
    document: Document,
    page: Page,
    action: str,
    by: Actor,
    at: datetime,
    **told: Any,
) -> None:
    document.revised_at = at
    ledger.record(session, action, document.subject, by=by, at=at, page=page.number, **told)
