"""Covers: what a code that was read from a page of a stack stands for."""

from sqlalchemy.orm import Session

from archive import codes, covers
from archive.base.ledger import HOUSE
from tests import stock
from tests.people import NOON

HOME = "http://archive.example"


def test_a_sheet_of_ours_is_known_by_its_address_and_by_its_letters(session: Session) -> None:
    sheet = covers.make(session, covers.COVER, by=HOUSE, at=NOON, note="一月的合同")
    session.flush()
    meaning = covers.meaning_in(session, address=HOME)
    for text in (codes.url(sheet.code, address=HOME), sheet.code, sheet.code.lower()):
        assert meaning(text) == sheet, text
    # The archive may have moved since the sheet was printed.
    assert meaning(codes.url(sheet.code, address="http://old.example")) == sheet


def test_an_address_of_ours_that_leads_nowhere_is_told_from_a_foreign_one(session: Session) -> None:
    meaning = covers.meaning_in(session, address=HOME)
    unknown = codes.draw()
    wrong = unknown[:-1] + ("2" if unknown[-1] != "2" else "3")
    assert meaning(codes.url(unknown, address=HOME)) is False
    assert meaning(codes.url(wrong, address=HOME)) is False
    assert meaning(codes.url(unknown, address="http://elsewhere.example")) is None
    assert meaning(unknown) is None
    assert meaning(wrong) is None


def test_what_stands_on_other_papers_means_nothing(session: Session) -> None:
    folder = stock.folder(session)
    meaning = covers.meaning_in(session, address=HOME)
    assert meaning(codes.url(folder.code, address=HOME)) is None
    for text in (
        "6901234567892",
        "01,04,3200171130,35879426,1200.00,20240506",
        "http://[",
        "",
        "合同",
    ):
        assert meaning(text) is None, text
