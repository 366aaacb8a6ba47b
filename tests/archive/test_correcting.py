"""Correcting pages, and taking papers in hand: by the rules, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from archive import documents
from archive.base import ledger, web
from archive.base.db import Database
from archive.base.ledger import Actor
from archive.documents import (
    BeingRead,
    Document,
    InOtherHands,
    LineChanged,
    NoSuchLine,
    NoTextYet,
    NothingCorrected,
    Page,
    PageState,
    Sought,
    State,
)
from scanning.making import searchable_path
from tests import stock
from tests.people import NOON, Cast, hire

LATER = NOON + timedelta(hours=1)
PAPER = "设备采购合同\n总价 1000 元"


@pytest.fixture
def paper(session: Session) -> Document:
    return stock.read(session, "contract.pdf", PAPER)


def only_page(session: Session, document: Document) -> Page:
    return documents.page_of(session, document, 1)


def correct(session: Session, document: Document, text: str, saw: str, by: Actor) -> None:
    page = only_page(session, document)
    documents.correct(session, document, page, 2, text, saw=saw, by=by, at=LATER)
    session.flush()


def test_a_correction_changes_text_and_lines_and_stands_in_the_ledger(
    session: Session, cast: Cast, paper: Document
) -> None:
    correct(session, paper, " 总价  1800 元 ", "总价 1000 元", cast.clerk.actor)
    page = only_page(session, paper)
    assert page.text == "设备采购合同\n总价 1800 元"
    assert page.reading is not None
    assert page.reading["lines"][1]["text"] == "总价 1800 元"
    row = ledger.history(session, paper.subject)[0]
    assert (row.action, row.actor) == ("document.corrected", "陈静")
    assert row.data == {"page": 1, "line": 2, "before": "总价 1000 元", "after": "总价 1800 元"}
    assert paper.text_from == LATER


def test_of_two_who_correct_one_line_the_second_is_told_what_it_says_now(
    session: Session, cast: Cast, paper: Document
) -> None:
    correct(session, paper, "总价 1800 元", "总价 1000 元", cast.clerk.actor)
    with pytest.raises(LineChanged) as refused:
        correct(session, paper, "总价 1300 元", "总价 1000 元", cast.archivist.actor)
    assert refused.value.params == {"now": "总价 1800 元"}
    assert only_page(session, paper).text.endswith("1800 元")


def test_of_many_who_correct_one_line_at_once_one_wins(
    database: Database, session: Session, cast: Cast, paper: Document
) -> None:
    session.commit()

    def try_it(number: int) -> bool:
        with database.writing() as own:
            known = own.get_one(Document, paper.id)
            try:
                correct(own, known, f"总价 {number} 元", "总价 1000 元", cast.clerk.actor)
            except LineChanged:
                return False
        return True

    with ThreadPoolExecutor(6) as crowd:
        assert sum(crowd.map(try_it, range(6))) == 1


def test_corrections_are_undone_one_after_another(
    session: Session, cast: Cast, paper: Document
) -> None:
    by, page = cast.clerk.actor, only_page(session, paper)
    correct(session, paper, "", "总价 1000 元", by)
    assert page.text == "设备采购合同"
    documents.add_line(session, paper, page, 0, "副本", by=by, at=LATER)
    session.flush()
    assert page.text == "副本\n设备采购合同"
    for text in ("设备采购合同", PAPER):
        documents.undo_correction(session, paper, page, by=by, at=LATER)
        session.flush()
        assert page.text == text
    with pytest.raises(NothingCorrected):
        documents.undo_correction(session, paper, page, by=by, at=LATER)


def test_a_doubtful_line_that_was_compared_is_none_any_more(
    session: Session, cast: Cast, paper: Document
) -> None:
    page = only_page(session, paper)
    told = stock.reading(PAPER)
    told["lines"][1]["confidence"] = 0.4
    page.reading, page.doubtful = told, 1
    session.flush()
    assert documents.doubtful_pages(session, paper) == [1]
    correct(session, paper, "总价 1000 元", "总价 1000 元", cast.clerk.actor)
    assert documents.doubtful_pages(session, paper) == []
    assert ledger.history(session, paper.subject)[0].action == "document.compared"


def test_what_was_corrected_outlives_another_reading_of_its_page(
    session: Session, cast: Cast, paper: Document
) -> None:
    correct(session, paper, "总价 1800 元", "总价 1000 元", cast.clerk.actor)
    page = only_page(session, paper)
    documents.read_page_again(session, paper, page, by=cast.clerk.actor, at=LATER)
    session.flush()
    assert (paper.state, page.state) == (State.READING, PageState.WAITING)
    with pytest.raises(BeingRead):
        documents.read_page_again(session, paper, page, by=cast.clerk.actor, at=LATER)
    with pytest.raises(NoTextYet):
        correct(session, paper, "x", "总价 1800 元", cast.clerk.actor)
    claimed = stock.claim(session)
    assert claimed is page
    worse = stock.reading("设备采购合同\n总价 IOOO 元")
    documents.attach_reading(session, page, stock.READER, "gone", worse)
    session.flush()
    stock.finish(session, paper)
    assert page.text == "设备采购合同\n总价 1800 元"
    assert (paper.state, paper.pages_done) == (State.READ, 1)


def test_lines_that_are_not_there_cannot_be_corrected(
    session: Session, cast: Cast, paper: Document
) -> None:
    page, by = only_page(session, paper), cast.clerk.actor
    for line in (0, 3):
        with pytest.raises(NoSuchLine):
            documents.correct(session, paper, page, line, "x", saw="", by=by, at=LATER)
    with pytest.raises(NoSuchLine):
        documents.add_line(session, paper, page, 3, "x", by=by, at=LATER)


def test_what_another_has_in_hand_is_not_corrected(
    session: Session, cast: Cast, paper: Document
) -> None:
    documents.take(session, paper, by=cast.archivist.actor, at=LATER)
    session.flush()
    with pytest.raises(InOtherHands) as refused:
        correct(session, paper, "x", "总价 1000 元", cast.clerk.actor)
    assert refused.value.params == {"name": "王芳"}


def test_a_filed_paper_is_corrected_too(session: Session, cast: Cast, paper: Document) -> None:
    stock.file(session, paper)
    correct(session, paper, "总价 1800 元", "总价 1000 元", cast.clerk.actor)
    assert paper.state == State.FILED


def test_the_searchable_pdf_is_another_after_a_correction(
    session: Session, cast: Cast, house: web.House, paper: Document
) -> None:
    before = searchable_path(house.files, paper)
    correct(session, paper, "总价 1800 元", "总价 1000 元", cast.clerk.actor)
    assert searchable_path(house.files, paper) != before


def test_two_clerks_never_get_the_same_paper_from_next(
    database: Database, session: Session
) -> None:
    for number in range(24):
        stock.read(session, f"{number}.pdf", f"设备 {number}")
    cast = hire(session)
    clerks = [cast.administrator.actor, cast.archivist.actor, cast.clerk.actor, cast.reader.actor]
    session.commit()

    def take_six(by: Actor) -> list[int]:
        taken: list[int] = []
        for _ in range(6):
            with database.writing() as own:
                paper = documents.take_next(own, after=max(taken, default=0), by=by, at=NOON)
            assert paper is not None
            taken.append(paper.id)
        return taken

    with ThreadPoolExecutor(4) as crowd:
        taken = [number for numbers in crowd.map(take_six, clerks) for number in numbers]
    assert len(set(taken)) == 24


def test_a_paper_taken_long_ago_is_free_again(session: Session, cast: Cast) -> None:
    paper = stock.read(session)
    mine, other = cast.clerk.actor, cast.archivist.actor
    assert documents.take_next(session, after=0, by=mine, at=NOON) is paper
    session.flush()
    soon = NOON + timedelta(minutes=29)
    assert documents.take_next(session, after=0, by=other, at=soon) is None
    assert documents.take_next(session, after=0, by=other, at=LATER) is paper


def test_the_inbox_is_narrowed_by_each_of_its_filters(session: Session, cast: Cast) -> None:
    first = stock.read(session, "a.pdf", "甲", kind="contract")
    second = stock.read(session, "b.pdf", "乙", kind="invoice")
    mine = stock.receive(session, "c.pdf", by=cast.clerk.actor)
    only_page(session, second).doubtful = 2
    session.flush()

    def found(**narrowed: Any) -> list[int]:
        sought = Sought(**narrowed)
        return [d.id for d in documents.inbox(session, before=None, limit=9, sought=sought)]

    assert found() == [mine.id, second.id, first.id]
    assert found(state="received") == [mine.id]
    assert found(kind="contract") == [first.id]
    assert found(clerk=cast.clerk.id) == [mine.id]
    assert found(batch=first.original.batch_id) == [first.id]
    assert found(doubts=True) == [second.id]
    assert found(source="upload", kind="invoice") == [second.id]
    assert found(source="mail") == []
    assert [one.name for one in documents.bringers(session)] == ["陈静"]
    assert documents.sources(session) == ["upload"]
