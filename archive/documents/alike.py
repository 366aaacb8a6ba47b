"""Alike: papers whose first page looks like another's, so that one scanned twice is seen.

A page's picture is 64 bits (`Page.likeness`). Kept besides in four bands of 16 bits each: pages
that differ in at most 11 bits agree in one band to within two, and those are looked up by name.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import BigInteger, ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Invalid
from archive.base.ledger import Actor
from archive.documents.records import Document, Page, State

ALIKE_BITS = 11  # of 64 may differ
BANDS, BAND_BITS = 4, 16
NEAR = 2  # bits of a band
MOST = 20  # papers looked at more closely


class NotWithItself(Invalid):
    text = N_("This is one and the same paper. Compare it with another one.")


class PageBand(Record):
    """One of the four bands of a page's likeness; `key` is the band's number and its bits."""

    __tablename__ = "page_band"
    __table_args__ = (Index("ix_page_band_page", "page_id"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)


class KeptBoth(Record):
    """Two papers that look alike and are two: a clerk said so. `one_id` is the lower number."""

    __tablename__ = "kept_both"
    __table_args__ = (Index("ix_kept_both_other", "other_id"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)


def note_likeness(session: Session, page: Page, likeness: int | None) -> None:
    """Keep what a page's picture is like; None where it is bare."""
    page.likeness = likeness
    session.execute(delete(PageBand).where(PageBand.page_id == page.id))
    if likeness is not None:
        session.add_all(PageBand(key=key, page_id=page.id) for key in _keys(likeness))


def lookalikes(session: Session, document: Document) -> Sequence[Page]:
    """The first pages of papers that look like a paper's first page, with their texts, the most
    alike first; without those of which a clerk said that both are to be kept."""
    mine = _first_page(session, document)
    if mine is None or mine.likeness is None:
        return []
    likeness = mine.likeness
    near = [near for key in _keys(likeness) for near in _near(key)]
    query = select(Page.id, Page.likeness).join(PageBand, PageBand.page_id == Page.id)
    query = query.where(PageBand.key.in_(near), Page.number == 1, Page.id != mine.id).distinct()
    differing = {page: _apart(likeness, other or 0) for page, other in session.execute(query)}
    nearest = sorted((n, page) for page, n in differing.items() if n <= ALIKE_BITS)[:MOST]
    shown = select(Page).join(Page.document).where(
        Page.id.in_([page for _, page in nearest]),
        Document.state.not_in((State.JOINED, State.AWAY)),
        Document.id.not_in(_kept(session, document)),
    )  # fmt: skip
    pages = session.scalars(shown.options(undefer(Page.text))).all()
    return sorted(pages, key=lambda page: differing[page.id])


def first_text(session: Session, document: Document) -> str:
    """What was read on a paper's first page."""
    page = _first_page(session, document)
    return page.text if page else ""


def keep_both(
    session: Session, document: Document, other: Document, *, by: Actor, at: datetime
) -> None:
    """Remember that two papers which look alike are two; said twice it is said once.

    Raises:
        NotWithItself: it is one paper.
    """
    if document.id == other.id:
        raise NotWithItself
    one, two = sorted((document.id, other.id))
    if session.get(KeptBoth, (one, two)) is None:
        session.add(KeptBoth(one_id=one, other_id=two))
        ledger.record(
            session, "document.kept_both", document.subject, other.subject,
            by=by, at=at, name=document.shown_title, other=other.shown_title,
        )  # fmt: skip


def _first_page(session: Session, document: Document) -> Page | None:
    query = select(Page).where(Page.document_id == document.id, Page.number == 1)
    return session.scalar(query.options(undefer(Page.text)))


def _kept(session: Session, document: Document) -> list[int]:
    query = select(KeptBoth).where(
        (KeptBoth.one_id == document.id) | (KeptBoth.other_id == document.id)
    )
    pairs = session.scalars(query)
    return [pair.other_id if pair.one_id == document.id else pair.one_id for pair in pairs]


def _apart(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def _keys(likeness: int) -> list[int]:
    bits = likeness & (2**64 - 1)
    return [
        (band << BAND_BITS) | (bits >> (band * BAND_BITS) & (2**BAND_BITS - 1))
        for band in range(BANDS)
    ]


def _near(key: int) -> Iterator[int]:
    """The keys of this band that differ in at most NEAR bits."""
    for differing in range(NEAR + 1):
        for places in combinations(range(BAND_BITS), differing):
            yield key ^ sum(1 << place for place in places)
