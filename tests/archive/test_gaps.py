"""Gaps and duplicates: that numbers run without one, and what is said where they do not."""

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from archive import documents, volumes
from archive.base.ledger import HOUSE
from archive.documents import Document, gaps
from archive.numbers import RunningNumber
from archive.volumes import Volume
from tests import stock
from tests.people import NOON


@pytest.mark.parametrize(
    ("numbers", "last", "told"),
    [
        ([1, 2, 3], 3, ()),
        ([], 0, ()),
        ([], 2, ("1-2",)),
        ([2, 3, 7], 9, ("1", "4-6", "8-9")),
        ([1, 2], 3, ("3",)),
    ],
)
def test_what_lacks_is_told_as_numbers_and_ranges(
    numbers: list[int], last: int, told: tuple[str, ...]
) -> None:
    assert gaps.missing(numbers, last) == told


@pytest.fixture
def filed(session: Session) -> list[Document]:
    """Three papers of one party and one of each of two others: volumes 1 to 3."""
    names = (stock.HENGYUE, stock.HENGYUE, stock.HENGYUE, "甲公司", "乙公司")
    return [
        stock.file(session, stock.read(session, f"{n}.pdf"), name) for n, name in enumerate(names)
    ]


def test_an_archive_that_only_filed_and_moved_is_whole(
    session: Session, filed: list[Document]
) -> None:
    assert filed[3].volume
    documents.refile(session, filed[1], filed[3].volume, "放错", by=HOUSE, at=NOON)
    verdict = gaps.check(session)
    assert (verdict.ok, verdict.volumes, verdict.papers) == (True, 3, 5)


def test_a_number_of_a_paper_that_is_gone_is_told(session: Session, filed: list[Document]) -> None:
    assert filed[0].volume
    session.execute(update(Document).where(Document.id == filed[1].id).values(item=9))
    (gap,) = gaps.check(session).item_gaps
    assert (gap.name, gap.last, gap.missing) == (filed[0].volume.code, 9, ("2", "4-8"))
    assert gap.behind


def test_a_volume_that_is_gone_and_a_series_that_went_back_are_told(
    session: Session, filed: list[Document]
) -> None:
    volume = filed[3].volume
    assert volume
    session.execute(update(Volume).where(Volume.id == volume.id).values(number=8))
    (gap,) = gaps.check(session).gaps
    assert (gap.name, gap.missing, gap.behind) == ("Q001 2 2024 D10", ("2", "4-7"), True)
    session.execute(update(Volume).where(Volume.id == volume.id).values(number=2))
    session.execute(delete(RunningNumber).where(RunningNumber.series.startswith("volume/")))
    (gap,) = gaps.check(session).gaps
    assert (gap.missing, gap.behind) == ((), True)


def test_a_code_that_stands_for_two_things_is_told_however_it_is_spelled(
    session: Session, filed: list[Document]
) -> None:
    code = filed[0].code
    session.execute(
        update(Document).where(Document.id == filed[1].id).values(archival_code=code.lower())
    )
    assert gaps.check(session).doubles == (code,)


def test_a_series_of_which_every_volume_is_gone_is_told(
    session: Session, filed: list[Document]
) -> None:
    volume = filed[0].volume
    assert volume
    there = volumes.series(volume.category, 2025, "D10")
    session.execute(update(Volume).values(year=2025))
    session.execute(insert(RunningNumber).values(series=there, last=3))
    (gap,) = gaps.check(session).gaps
    assert (gap.name, gap.last, gap.missing) == ("Q001 2 2024 D10", 3, ("1-3",))


@pytest.mark.parametrize("told", ["ＯＬＤ·客2026-1", "old‧客2026-1"])
def test_a_code_in_signs_of_another_width_is_the_same_code(
    session: Session, filed: list[Document], told: str
) -> None:
    for paper, code in zip(filed, ("OLD·客2026-1", told), strict=False):
        session.execute(update(Document).where(Document.id == paper.id).values(archival_code=code))
    assert gaps.check(session).doubles == ("OLD·客2026-1",)


def test_a_number_is_not_given_again_after_its_paper_left(
    session: Session, filed: list[Document]
) -> None:
    first, target = filed[0].volume, filed[3].volume
    assert first
    assert target
    left = filed[2].code
    documents.refile(session, filed[2], target, "放错", by=HOUSE, at=NOON)
    again = stock.file(session, stock.read(session, "late.pdf"))
    assert again.volume == first
    assert again.code != left
    assert gaps.check(session).ok
