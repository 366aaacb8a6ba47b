"""Twins: the list tells which papers look like one that is here, and asks once for all of them."""

from flask import Flask
from sqlalchemy.orm import Session

from archive import documents
from archive.base import web
from archive.base.ledger import HOUSE
from archive.documents import Document
from tests import stock
from tests.counting import counting
from tests.looks import FORM, look_like, paper
from tests.pages import Browser
from tests.people import NOON, Cast, Visitor

TEXT = "设备采购合同 HT-2026-0031"
OTHERWISE = FORM ^ 0xFFFFF
MOST_QUESTIONS = 12


def twins(session: Session, name: str = "") -> tuple[Document, Document]:
    """Two scans of one paper."""
    texts = [paper(session, f"{name}{n}.pdf", FORM ^ n, text=f"{TEXT} {name}") for n in (1, 2)]
    return texts[0], texts[1]


def told(session: Session, *shown: Document) -> dict[int, list[int]]:
    found = documents.twins_of(session, shown)
    return {number: [twin.id for twin in others] for number, others in found.items()}


def test_each_of_two_that_look_alike_and_say_the_same_is_the_others_twin(session: Session) -> None:
    one, other = twins(session)
    third = paper(session, "3.pdf", FORM, text="又一份合同")
    assert told(session, one, other, third) == {one.id: [other.id], other.id: [one.id]}


def test_the_most_alike_comes_first(session: Session) -> None:
    asked, far, near = (
        paper(session, f"{bits}.pdf", FORM ^ bits, text=TEXT) for bits in (0, 0b111, 0b1)
    )
    assert told(session, asked)[asked.id] == [near.id, far.id]
    numbered = paper(session, "n.pdf", FORM ^ 0b1111, "20240417003", text=TEXT)
    look_like(session, asked, FORM, "20240417003")
    assert told(session, asked)[asked.id] == [numbered.id, near.id, far.id]


def test_of_what_was_kept_both_put_away_or_read_as_another_nothing_is_told(
    session: Session,
) -> None:
    one, other = twins(session)
    documents.keep_both(session, other, one, by=HOUSE, at=NOON)
    assert told(session, one, other) == {}
    one, other = twins(session, "away")
    documents.put_away(session, one, by=HOUSE, at=NOON)
    assert told(session, one, other) == {}
    documents.bring_back(session, one, by=HOUSE, at=NOON)
    assert told(session, one) == {one.id: [other.id]}
    look_like(session, other, OTHERWISE)
    assert told(session, one, other) == {}


def test_with_the_pages_of_a_better_scan_its_twins_come_too(session: Session) -> None:
    known = paper(session, "known.pdf", OTHERWISE, text="旧扫描")
    scan, third = twins(session)
    documents.attach_better_scan(session, known, scan, by=HOUSE, at=NOON)
    assert told(session, known, scan, third) == {known.id: [third.id], third.id: [known.id]}
    documents.undo_better_scan(session, known, by=HOUSE, at=NOON)
    assert told(session, known, scan, third) == {scan.id: [third.id], third.id: [scan.id]}


def test_the_inbox_marks_twins_with_as_many_questions_however_many_there_are(
    app: Flask, house: web.House, cast: Cast
) -> None:
    clerk, asked = Browser(app, cast.clerk), []
    for pairs in (1, 12):
        with house.database.writing() as session:
            for n in range(pairs):
                one, other = twins(session, f"{pairs}-{n}-")
            numbers = one.id, other.id, stock.read(session, f"{pairs}.pdf", "别的").id
        with counting(house) as questions:
            page = clerk.get("/inbox").text
        asked.append(len(questions))
        assert f"/documents/{numbers[1]}/alike/{numbers[0]}" in page
    assert page.count("Looks like") == 2 * (1 + 12)
    assert asked[0] == asked[1] <= MOST_QUESTIONS
    told = {
        one["id"]: one["alike"] for one in Visitor(app, cast.clerk).get("/inbox").data["documents"]
    }
    assert [told[number] for number in numbers] == [[numbers[1]], [numbers[0]], []]
