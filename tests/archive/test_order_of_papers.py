"""Papers in a volume: in the order of their dates, moved by hand, carried to other volumes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import categories, documents, volumes
from archive.base import ledger
from archive.base.errors import Refusal
from archive.base.ledger import HOUSE
from archive.documents import Document
from archive.volumes import Volume, VolumeState
from tests import stock
from tests.people import NOON

TODAY = date(2026, 3, 2)
PER_MM = 10


def filed(session: Session, name: str, dated: str = "", pages: int = 1, **told: Any) -> Document:
    paper = stock.read(session, f"{name}.pdf", *(f"{name} {n}" for n in range(pages)))
    return stock.file(session, paper, title=name, dated=dated, **told)


def three(session: Session) -> Volume:
    """A volume with papers of May, January and March, which came in this order."""
    for name, dated in (("五", "2024-05-31"), ("一", "2024-01-02"), ("三", "2024-03")):
        last = filed(session, name, dated)
    assert last.volume is not None
    return last.volume


def lying(session: Session, volume: Volume) -> str:
    """The titles in their order; the places are counted without a gap."""
    papers = documents.of_volume(session, volume)
    assert [paper.position for paper in papers] == list(range(1, len(papers) + 1))
    return "".join(paper.title for paper in papers)


def close(session: Session, volume: Volume) -> None:
    volumes.close(session, volume, today=TODAY, by=HOUSE, at=NOON)


def test_papers_lie_by_their_dates_whatever_order_they_came_in(session: Session) -> None:
    volume = three(session)
    assert lying(session, volume) == "一三五"
    filed(session, "无", "")
    filed(session, "年", "2024")
    assert lying(session, volume) == "年一三五无"


def test_papers_of_one_day_lie_in_the_order_of_their_types(session: Session) -> None:
    types = categories.plan(session)[1].types
    for name, kind in (("单", types[3]), ("册", types[0]), ("约", types[1]), ("二", types[1])):
        paper = filed(session, name, "2024-05-31", type=kind)
    assert paper.volume is not None
    assert lying(session, paper.volume) == "册约二单"


def test_an_order_never_changes_a_code(session: Session) -> None:
    volume = three(session)
    before = {paper.title: paper.code for paper in documents.of_volume(session, volume)}
    assert [before[title][-3:] for title in "五一三"] == ["001", "002", "003"]
    paper = documents.of_volume(session, volume)[0]
    documents.put_at(session, paper, 3, by=HOUSE, at=NOON)
    assert lying(session, volume) == "三五一"
    documents.put_in_order(session, volume, PER_MM, by=HOUSE, at=NOON)
    assert lying(session, volume) == "一三五"
    assert before == {paper.title: paper.code for paper in documents.of_volume(session, volume)}


@pytest.mark.parametrize(("place", "wanted"), [(1, "三一五"), (2, "一三五"), (3, "一五三")])
def test_a_clerk_lays_a_paper_where_it_belongs(session: Session, place: int, wanted: str) -> None:
    volume = three(session)
    paper = documents.of_volume(session, volume)[1]
    documents.put_at(session, paper, place, saw=2, by=HOUSE, at=NOON)
    assert lying(session, volume) == wanted


def test_whoever_looks_at_an_old_order_moves_nothing(session: Session) -> None:
    volume = three(session)
    first, second, _ = documents.of_volume(session, volume)
    documents.put_at(session, first, 3, saw=1, by=HOUSE, at=NOON)
    with pytest.raises(documents.OrderChanged):
        documents.put_at(session, second, 3, saw=2, by=HOUSE, at=NOON)
    assert lying(session, volume) == "三五一"


@pytest.mark.parametrize("place", [0, -1, 4, 2**40])
def test_there_is_no_place_beyond_the_last_paper(session: Session, place: int) -> None:
    volume = three(session)
    paper = documents.of_volume(session, volume)[0]
    with pytest.raises(documents.NoSuchPosition):
        documents.put_at(session, paper, place, by=HOUSE, at=NOON)


def test_closing_fixes_the_order_and_what_comes_late_follows_the_last(session: Session) -> None:
    volume = three(session)
    close(session, volume)
    paper = documents.of_volume(session, volume)[0]
    for state in (VolumeState.CLOSED, VolumeState.REOPENED):
        assert volume.state == state
        with pytest.raises(volumes.OrderFixed):
            documents.put_at(session, paper, 2, by=HOUSE, at=NOON)
        with pytest.raises(volumes.OrderFixed):
            documents.put_in_order(session, volume, PER_MM, by=HOUSE, at=NOON)
        if state == VolumeState.CLOSED:
            late = filed(session, "迟", "2024-01-01", volume=volume)
            assert late.code == f"{volume.code}-004"
            volumes.reopen(session, volume, "缺页", by=HOUSE, at=NOON)
    assert lying(session, volume) == "一三五迟"


def test_after_closing_a_supplementary_volume_takes_what_comes(session: Session) -> None:
    volume = three(session)
    close(session, volume)
    late = filed(session, "迟", "2024-01-01").volume
    assert late is not None
    assert (late.supplement_to_id, late.number) == (volume.id, 2)
    # Reopened, it takes nothing by itself: of two, one would be chosen by chance.
    volumes.reopen(session, volume, "缺页", by=HOUSE, at=NOON)
    assert filed(session, "再").volume == late
    close(session, late)
    third = filed(session, "三补").volume
    assert third is not None
    assert third.supplement_to_id == volume.id


def test_what_is_moved_leaves_a_code_that_leads_to_it_and_is_never_issued_again(
    session: Session,
) -> None:
    volume = three(session)
    paper = documents.of_volume(session, volume)[2]
    other = filed(session, "别", year=2023).volume
    assert other is not None
    before = paper.code
    documents.refile(session, paper, other, " 归错 年度 ", by=HOUSE, at=NOON)
    assert (paper.code, paper.volume) == (f"{other.code}-002", other)
    assert lying(session, volume) == "一三"
    assert (volume.items, volume.pages, other.items, other.pages) == (2, 2, 2, 2)
    assert documents.formerly(session, before) == paper
    assert filed(session, "新").code == f"{volume.code}-004"
    (tombstone,) = documents.moved_out(session, volume, limit=10)
    assert (tombstone.code, tombstone.why) == (before, "归错 年度")
    for subject in (paper.subject, volume.subject, other.subject):
        row = next(r for r in ledger.history(session, subject) if r.action == "document.moved")
        assert (row.data["before"], row.data["after"]) == (before, paper.code)
    # And back again: its old number is not given to it either.
    documents.refile(session, paper, volume, "原处", by=HOUSE, at=NOON)
    assert paper.code == f"{volume.code}-005"
    assert [one.code for one in documents.former_codes(session, paper)] == [
        f"{other.code}-002", before,
    ]  # fmt: skip


def test_a_paper_is_not_moved_to_where_it_lies(session: Session) -> None:
    volume = three(session)
    with pytest.raises(documents.SameVolume):
        move_nowhere(session, volume, documents.of_volume(session, volume)[0])


def test_a_paper_that_leaves_a_reopened_volume_leaves_its_place_empty(session: Session) -> None:
    volume = three(session)
    close(session, volume)
    volumes.reopen(session, volume, "抽出", by=HOUSE, at=NOON)
    other = filed(session, "别", year=2023).volume
    assert other is not None
    documents.refile(
        session, documents.of_volume(session, volume)[1], other, "归错", by=HOUSE, at=NOON
    )
    left = documents.of_volume(session, volume)
    assert [(paper.title, paper.position) for paper in left] == [("一", 1), ("五", 3)]
    assert filed(session, "迟", volume=volume).position == 4


def test_a_paper_that_moves_to_another_party_and_category_is_theirs(session: Session) -> None:
    volume = three(session)
    paper = documents.of_volume(session, volume)[0]
    licence = categories.plan(session)[0].types[0]
    other = filed(
        session, "照", party=stock.party(session, "上海远东国际贸易有限公司"), type=licence
    ).volume
    assert other is not None
    with pytest.raises(documents.OtherCategory):
        documents.refile(session, paper, other, "归错", by=HOUSE, at=NOON)
    assert paper.volume == volume
    documents.refile(session, paper, other, "归错", type=licence, by=HOUSE, at=NOON)
    assert (paper.party, paper.type) == (other.party, licence)


Attempt = Callable[[Session, Volume, Document], object]


def describe(session: Session, volume: Volume, _: Document) -> None:
    volumes.describe(
        session, volume, title="新", keeper_note="", compiled_by="", checked_by="",
        compiled_on=None, by=HOUSE, at=NOON,
    )  # fmt: skip


def move_out(session: Session, volume: Volume, paper: Document) -> None:
    documents.refile(session, paper, other_of(session), "错", by=HOUSE, at=NOON)


def move_nowhere(session: Session, volume: Volume, paper: Document) -> None:
    documents.refile(session, paper, volume, "错", by=HOUSE, at=NOON)


REFUSED: dict[str, tuple[type[Refusal], Attempt]] = {
    "closed twice": (volumes.ClosedAlready, lambda s, v, _: close(s, v)),
    "moved out": (volumes.VolumeClosed, move_out),
    "moved nowhere": (volumes.VolumeClosed, move_nowhere),
    "described": (volumes.VolumeClosed, describe),
    "reopened for nothing": (
        volumes.NoReason,
        lambda s, v, _: volumes.reopen(s, v, " \n", by=HOUSE, at=NOON),
    ),
    "filed into as another's": (
        documents.NotOfThisVolume,
        lambda s, v, _: filed(s, "别", year=2023, volume=v),
    ),
}


def other_of(session: Session) -> Volume:
    found = filed(session, "别", year=2023).volume
    assert found is not None
    return found


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_table_does_not_allow_is_refused_and_nothing_changes(
    session: Session, what: str
) -> None:
    kind, attempt = REFUSED[what]
    volume = three(session)
    close(session, volume)
    paper = documents.of_volume(session, volume)[0]
    session.commit()
    with pytest.raises(kind):
        attempt(session, volume, paper)
    session.rollback()
    assert lying(session, volume) == "一三五"


def test_an_empty_volume_and_an_open_one_are_not_closed_and_not_reopened(session: Session) -> None:
    told = stock.filing(session)
    given = (told.type.category, told.party, 2024, "D10")
    volume = volumes.open_by_hand(session, *given, thickness=50, by=HOUSE, at=NOON)
    assert volumes.folders_of(session, volume)[0].thickness_mm == 50
    with pytest.raises(volumes.OpenAlready):
        volumes.open_by_hand(session, *given, by=HOUSE, at=NOON)
    with pytest.raises(volumes.NothingInVolume), session.begin_nested():
        close(session, volume)
    assert volume.state == VolumeState.OPEN
    with pytest.raises(volumes.NotClosed):
        volumes.reopen(session, volume, "错", by=HOUSE, at=NOON)
    assert filed(session, "一").volume == volume


def test_whoever_closes_a_volume_compiled_it_unless_the_note_sheet_says_otherwise(
    session: Session,
) -> None:
    volume = three(session)
    volumes.describe(
        session, volume, title="", keeper_note="缺第3页\n已催", compiled_by="王芳", checked_by="",
        compiled_on=None, by=HOUSE, at=NOON,
    )  # fmt: skip
    close(session, volume)
    assert (volume.compiled_by, volume.compiled_on) == ("王芳", TODAY)
    assert volume.keeper_note == "缺第3页\n已催"


@pytest.mark.parametrize(
    ("papers", "holds", "further", "wanted"),
    [
        ([], [100], 100, []),
        ([(60, 1), (40, 1), (1, 1)], [100], 100, [1, 1, 2]),
        # One that is thicker than a folder has it alone.
        ([(300, 1), (1, 1), (300, 1)], [100], 100, [1, 2, 3]),
        # Nothing comes back into a folder before, and what is pushed on pushes on.
        ([(10, 1), (10, 2)], [100, 100], 100, [1, 2]),
        ([(90, 1), (20, 1), (90, 2)], [100, 100], 100, [1, 2, 3]),
        # Without a further folder, the last one holds what is left.
        ([(90, 1), (20, 1), (90, 1)], [100, 100], None, [1, 2, 2]),
    ],
)
def test_papers_are_dealt_to_folders_by_what_these_hold(
    papers: list[tuple[int, int]], holds: list[int], further: int | None, wanted: list[int]
) -> None:
    assert volumes.dealt(papers, holds, further) == wanted


def test_a_volume_whose_folder_is_too_full_is_split_into_parts(session: Session) -> None:
    volume = three(session)
    for paper in documents.of_volume(session, volume):
        documents.count_paper(session, paper, 90, by=HOUSE, at=NOON)
    assert volume.pages == 270
    (made,) = documents.spread(session, volume, 20, PER_MM, by=HOUSE, at=NOON)
    first, second = volumes.folders_of(session, volume)
    assert (second, made.part, made.code != first.code) == (made, 2, True)
    assert documents.fill_of(session, [first, second]) == {first.id: (2, 180), second.id: (1, 90)}
    with pytest.raises(documents.NothingToSplit):
        documents.spread(session, volume, 20, PER_MM, by=HOUSE, at=NOON)
    # What is laid elsewhere comes into the folder of the paper before it.
    paper = documents.of_volume(session, volume)[0]
    documents.put_at(session, paper, 3, by=HOUSE, at=NOON)
    assert paper.folder == second
    documents.put_at(session, paper, 1, by=HOUSE, at=NOON)
    assert paper.folder == first


def test_pages_counted_on_paper_show_where_scans_differ(session: Session) -> None:
    volume = three(session)
    paper = documents.of_volume(session, volume)[0]
    assert not paper.pages_differ
    documents.count_paper(session, paper, 3, by=HOUSE, at=NOON)
    assert paper.pages_differ
    assert (volume.pages, documents.differing(session, volume)) == (5, 1)
    assert ledger.history(session, volume.subject)[0].data["scanned"] == 1


def test_a_copy_says_where_its_original_is(session: Session) -> None:
    with pytest.raises(documents.WhereIsTheOriginal):
        filed(session, "副", is_copy=True, original_at=" ")
    copy = filed(session, "副本", is_copy=True, original_at="财务部", responsible="王芳",
                 order_number="PO-1", paper_pages=2, secrecy="core", remark="复印")  # fmt: skip
    assert (copy.is_copy, copy.original_at, copy.responsible) == (True, "财务部", "王芳")
    assert (copy.order_number, copy.secrecy, copy.remark) == ("PO-1", "core", "复印")
    original = filed(session, "正本", original_at="财务部")
    assert (original.original_at, original.secrecy) == ("", "secret")
    assert original.volume is not None
    assert original.volume.pages == 3
