"""Gaps: whether numbers of volumes and of their papers run 1, 2, 3 …, and no code is there twice.

A number is issued once and never again, also when its paper was moved or its volume destroyed: each
number up to the last one stands for a volume, a paper, or the tombstone of one. What a catalogue of
old brought along may have gaps of its own; they are told like any other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from archive import volumes
from archive.categories import Category
from archive.documents.records import Document, FormerCode
from archive.numbers import RunningNumber
from archive.volumes import Volume

MOST = 200  # of each kind that are told one by one
CHUNK = 1000  # codes that are in memory at once


@dataclass(frozen=True)
class Gap:
    """A series of which numbers lack: `missing` as "3" or "7-9"; `last` is the last one issued.

    `behind` where the next number that is given would be one that is there.
    """

    name: str
    last: int
    missing: tuple[str, ...]
    behind: bool = False


@dataclass(frozen=True)
class Verdict:
    """What was found; `more` where there is more than is told."""

    volumes: int
    papers: int
    gaps: tuple[Gap, ...]
    item_gaps: tuple[Gap, ...]
    doubles: tuple[str, ...]
    more: bool

    @property
    def ok(self) -> bool:
        return not (self.gaps or self.item_gaps or self.doubles)


def check(session: Session) -> Verdict:
    """Look through all numbers and codes. It only reads."""
    gaps, item_gaps = list(_volume_gaps(session)), list(_item_gaps(session))
    doubles = list(dict.fromkeys(_doubles(session)))
    return Verdict(
        session.scalar(select(func.count(Volume.id))) or 0,
        session.scalar(select(func.count(Document.item))) or 0,
        tuple(gaps[:MOST]),
        tuple(item_gaps[:MOST]),
        tuple(doubles[:MOST]),
        more=max(len(gaps), len(item_gaps), len(doubles)) > MOST,
    )


def missing(numbers: Iterable[int], last: int) -> tuple[str, ...]:
    """What lacks among ascending numbers from 1 to the last one, as "3" or "7-9"."""
    bounded = (0, *numbers, last + 1)
    return tuple(
        str(one + 1) if other - one == 2 else f"{one + 1}-{other - 1}"
        for one, other in pairwise(bounded)
        if other - one > 1
    )


def _volume_gaps(session: Session) -> Iterator[Gap]:
    found = session.execute(
        select(
            Volume.category_id, Volume.year, Volume.retention,
            func.count(Volume.id), func.max(Volume.number),
        )
        .group_by(Volume.category_id, Volume.year, Volume.retention)
        .order_by(Volume.category_id, Volume.year, Volume.retention)
    )  # fmt: skip
    given = _given(session)
    for category_id, year, retention, count, highest in found.all():
        key = category_id, year, retention
        running = given.pop(key, 0)
        last = max(running, highest)
        if count != last or running != last:
            lacking = missing(_numbers(session, *key), last)
            yield Gap(_name(session, *key), last, lacking, behind=running < highest)
    # Numbers were given here, and not one of the volumes is left.
    for key, last in sorted(given.items()):
        yield Gap(_name(session, *key), last, missing((), last))


def _given(session: Session) -> dict[tuple[int, int, str], int]:
    """The last number that was given, by what `volumes.series` is made of."""
    query = select(RunningNumber).where(
        RunningNumber.series.startswith("volume/"), RunningNumber.last > 0
    )
    given = {}
    for one in session.scalars(query):
        _, category_id, year, retention = one.series.split("/")
        given[int(category_id), int(year), retention] = one.last
    return given


def _name(session: Session, category_id: int, year: int, retention: str) -> str:
    category = session.get_one(Category, category_id)
    return f"{category.fonds.code} {category.number} {year} {retention}"


def _numbers(session: Session, category_id: int, year: int, retention: str) -> list[int]:
    same = (
        Volume.category_id == category_id, Volume.year == year, Volume.retention == retention,
    )  # fmt: skip
    return list(session.scalars(select(Volume.number).where(*same).order_by(Volume.number)))


def _item_gaps(session: Session) -> Iterator[Gap]:
    """Volumes of which an item number stands for no paper and no tombstone."""
    issued = union_all(
        select(Document.volume_id.label("volume"), Document.item.label("item")).where(
            Document.volume_id.is_not(None)
        ),
        select(FormerCode.volume_id, FormerCode.item),
    ).subquery()
    counted = (
        select(issued.c.volume, func.count(issued.c.item.distinct()).label("count"),
               func.max(issued.c.item).label("highest"))
        .group_by(issued.c.volume).subquery()
    )  # fmt: skip
    uneven = (
        select(Volume.id, Volume.code, Volume.last_item, func.coalesce(counted.c.highest, 0))
        .outerjoin(counted, counted.c.volume == Volume.id)
        .where(
            (Volume.last_item != func.coalesce(counted.c.count, 0))
            | (Volume.last_item < counted.c.highest)
        )
        .order_by(Volume.id)
        .limit(MOST + 1)
    )
    for number, code, last_item, highest in session.execute(uneven).all():
        there = session.scalars(
            select(issued.c.item).where(issued.c.volume == number).distinct().order_by("item")
        )
        last = max(last_item, highest)
        yield Gap(code, last, missing(there, last), behind=last_item < highest)


def _doubles(session: Session) -> Iterator[str]:
    """Codes that stand for two things, however they are spelled."""
    every = union_all(
        select(Volume.code.label("code")),
        select(Document.archival_code).where(Document.archival_code.is_not(None)),
        select(FormerCode.code),
    ).subquery()
    twice = select(every.c.code).group_by(every.c.code).having(func.count() > 1)
    yield from session.scalars(twice.order_by(every.c.code).limit(MOST + 1))
    # Databases know of no full-width letters: only codes that are spelled otherwise are looked up.
    seen = set()
    for code in session.scalars(select(every.c.code).execution_options(yield_per=CHUNK)):
        kept = volumes.spell(code)
        if kept == code:
            continue
        if kept in seen or session.scalar(
            select(every.c.code).where(every.c.code == kept).limit(1)
        ):
            yield kept
        seen.add(kept)
