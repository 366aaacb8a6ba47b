"""Alike: papers whose first page looks like another's, so that one scanned twice is seen.

A page's picture is 64 bits (`Page.likeness`). Those of a document's first page are kept in four
bands of 16 bits each: pages that differ in at most 11 bits agree in one band to within two. Its
longest numbers are kept beside them: of a thousand papers of one form only these tell which, and a
page that was cropped or stamped until its picture is another is found by them.

However large the archive is, a look-up reads at most so many rows of that one table, by its key.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    ForeignKey,
    Index,
    bindparam,
    delete,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, undefer

from archive.base.db import Record
from archive.documents.records import Document, Page

ALIKE_BITS = 11  # of 64 may differ
ALIKE_MARKS = 2  # numbers that are the same: then more bits may
BANDS, BAND_BITS = 4, 16
NEAR = 2  # bits of a band
MARKED = 1 << 62  # Keys from here on are numbers that stand on the page.
AT_ONCE = 64  # keys looked up with one question
NO_KEY = -1
MOST_EXACT, MOST_NEAR = 200, 30  # rows read of one key, the newest: of its own, of one near it
MOST = 20  # papers looked at more closely


class Look(Record):
    """What a document can be found by that looks like it: `key` is a band's number and bits, or a
    number that stands on its first page. `likeness` is that of the page, to be told at once."""

    __tablename__ = "look"
    __table_args__ = (Index("ix_look_document", "document_id"), {"sqlite_with_rowid": False})

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    likeness: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Near:
    """A document that may be alike: how many bits differ, how many numbers are the same."""

    document: int
    apart: int
    same: int


def keep_looks(session: Session, document: Document, numbers: Iterable[str]) -> None:
    """Keep what a document's first page looks like, and the numbers that stand there."""
    session.execute(delete(Look).where(Look.document_id == document.id))
    page = _first_page(session, document)
    if page is None or page.likeness is None:
        return
    keys = {*_keys(page.likeness), *map(_marked, numbers)}
    session.add_all(
        Look(key=key, document_id=document.id, likeness=page.likeness) for key in sorted(keys)
    )


def exchange_looks(session: Session, one: Document, other: Document) -> None:
    """What two documents look like when each has the other's pages."""
    kept = {document.id: _looks(session, document) for document in (one, other)}
    session.execute(delete(Look).where(Look.document_id.in_(kept)))
    for document, looks in ((one, kept[other.id]), (other, kept[one.id])):
        session.add_all(
            Look(key=key, document_id=document.id, likeness=likeness) for key, likeness in looks
        )


def lookalikes(session: Session, document: Document) -> list[tuple[Near, Page]]:
    """The first pages of papers that look like a paper's first page, with their texts; those with
    the same numbers first, then the most alike."""
    mine = _first_page(session, document)
    if mine is None or mine.likeness is None:
        return []
    nearest = _nearest(session, document, mine)
    shown = select(Page).where(
        Page.document_id.in_([near.document for near in nearest]), Page.number == 1
    )
    pages = {page.document_id: page for page in session.scalars(shown.options(undefer(Page.text)))}
    return [(near, pages[near.document]) for near in nearest if near.document in pages]


def first_text(session: Session, document: Document) -> str:
    """What was read on a paper's first page."""
    page = _first_page(session, document)
    return page.text if page else ""


def _first_page(session: Session, document: Document) -> Page | None:
    query = select(Page).where(Page.document_id == document.id, Page.number == 1)
    return session.scalar(query.options(undefer(Page.text)))


def _nearest(session: Session, document: Document, page: Page) -> list[Near]:
    """The documents that are worth a closer look, the most likely first."""
    likeness = page.likeness or 0
    bands = _keys(likeness)
    marks = [key for key, _ in _looks(session, document) if key >= MARKED]
    around = [one for key in bands for one in _near(key)]
    rows = [*_newest(session, [*bands, *marks], MOST_EXACT), *_newest(session, around, MOST_NEAR)]
    same = Counter(other for key, other, _ in rows if key >= MARKED)
    found = {other: _apart(likeness, looks) for _, other, looks in rows if other != document.id}
    near = [Near(one, apart, same[one]) for one, apart in found.items()]
    alike = [one for one in near if one.apart <= ALIKE_BITS or one.same >= ALIKE_MARKS]
    return sorted(alike, key=lambda one: (-one.same, one.apart, -one.document))[:MOST]


def _question() -> CompoundSelect[tuple[int, int, int]]:
    """Key, document and likeness of the newest documents with each of AT_ONCE keys.

    Each key has a limit of its own: else a key that half the archive has would be read to its end,
    and a database that expects as much would not look it up at all, but read the whole table.
    """
    looks = select(Look.key, Look.document_id, Look.likeness)
    newest = (
        looks.where(Look.key == bindparam(f"key_{at}"))
        .order_by(Look.document_id.desc())
        .limit(bindparam("most"))
        .subquery()
        for at in range(AT_ONCE)
    )
    return union_all(*map(select, newest))


_QUESTION = _question()


def _newest(session: Session, keys: Sequence[int], most: int) -> Iterator[tuple[int, int, int]]:
    """Key, document and likeness of the newest documents with these keys, at most `most` each."""
    for start in range(0, len(keys), AT_ONCE):
        asked = dict.fromkeys((f"key_{at}" for at in range(AT_ONCE)), NO_KEY)
        asked |= {f"key_{at}": key for at, key in enumerate(keys[start : start + AT_ONCE])}
        rows = session.execute(_QUESTION, asked | {"most": most})
        yield from ((row.key, row.document_id, row.likeness) for row in rows)


def _looks(session: Session, document: Document) -> list[tuple[int, int]]:
    query = select(Look.key, Look.likeness).where(Look.document_id == document.id)
    return [(key, likeness) for key, likeness in session.execute(query)]


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
    """The keys of this band that differ in one bit to NEAR of them."""
    for bits in range(1, NEAR + 1):
        for places in combinations(range(BAND_BITS), bits):
            yield key ^ sum(1 << place for place in places)


def _marked(number: str) -> int:
    """The key of a number on a page."""
    return MARKED | int.from_bytes(blake2b(number.encode(), digest_size=7).digest())
