"""Twins: pairs of papers that look alike and say the same, perhaps one paper scanned twice; and
those of which a clerk said that they are two.

The pairs are kept when a paper has been read, so that a list of papers tells of all its twins with
one question.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, exists, or_, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive import numbers
from archive.base import ledger
from archive.base.db import Record
from archive.base.errors import N_, Invalid
from archive.base.ledger import Actor
from archive.documents import alike
from archive.documents.records import Document, State

LEFT_OUT = (State.JOINED, State.OLDER, State.AWAY)
SERIES = "twins"


class NotWithItself(Invalid):
    text = N_("This is one and the same paper. Compare it with another one.")


class Twin(Record):
    """Two papers that look alike and say the same. `one_id` is the lower number.

    `same` numbers stand on both first pages, whose pictures differ in `apart` of 64 bits.
    """

    __tablename__ = "twin"
    __table_args__ = (Index("ix_twin_other", "other_id"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    same: Mapped[int]
    apart: Mapped[int]


class KeptBoth(Record):
    """Two papers that look alike and are two: a clerk said so. `one_id` is the lower number."""

    __tablename__ = "kept_both"
    __table_args__ = (Index("ix_kept_both_other", "other_id"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)


def note_looks(
    session: Session,
    document: Document,
    marks: Iterable[str],
    is_same: Callable[[str, str], bool],
) -> None:
    """Keep what a document's first page looks like, the numbers that stand there, and which papers
    are its twins: those that look like it and whose text `is_same`."""
    # Of two that are read at once the later one finds the other.
    numbers.lock(session, SERIES)
    alike.keep_looks(session, document, marks)
    session.execute(delete(Twin).where(_has(document.id)))
    session.flush()
    text = alike.first_text(session, document)
    for near, page in alike.lookalikes(session, document):
        if is_same(text, page.text):
            one, other = sorted((document.id, near.document))
            session.add(Twin(one_id=one, other_id=other, same=near.same, apart=near.apart))


def exchange_looks(session: Session, one: Document, other: Document) -> None:
    """What two documents look like, and what looks like them, when each has the other's pages."""
    alike.exchange_looks(session, one, other)
    pairs = session.scalars(select(Twin).where(_has(one.id) | _has(other.id))).all()
    now = {one.id: other.id, other.id: one.id}
    exchanged = [
        (sorted(now.get(number, number) for number in (pair.one_id, pair.other_id)), pair)
        for pair in pairs
    ]
    session.execute(delete(Twin).where(_has(one.id) | _has(other.id)))
    session.add_all(
        Twin(one_id=first, other_id=second, same=pair.same, apart=pair.apart)
        for (first, second), pair in exchanged
    )


def twins_of(session: Session, shown: Sequence[Document]) -> dict[int, list[Document]]:
    """The twins of each of these documents, by its id: those with the same numbers first, then the
    most alike; without those of which a clerk said that both are to be kept.

    A document without any is left out.
    """
    asked = [document.id for document in shown if document.state not in LEFT_OUT]
    ways = ((Twin.one_id, Twin.other_id), (Twin.other_id, Twin.one_id))
    pairs = union_all(
        *(
            select(mine.label("mine"), theirs.label("theirs"), *Twin.__table__.columns)
            .where(mine.in_(asked))
            for mine, theirs in ways
        )
    ).subquery()  # fmt: skip
    kept = exists().where(KeptBoth.one_id == pairs.c.one_id, KeptBoth.other_id == pairs.c.other_id)
    query = (
        select(pairs.c.mine, Document)
        .join(Document, Document.id == pairs.c.theirs)
        .where(Document.state.not_in(LEFT_OUT), ~kept)
        .order_by(pairs.c.same.desc(), pairs.c.apart, Document.id.desc())
    )
    found = defaultdict(list)
    for number, twin in session.execute(query):
        found[number].append(twin)
    return dict(found)


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


def _has(number: int) -> ColumnElement[bool]:
    return or_(Twin.one_id == number, Twin.other_id == number)
