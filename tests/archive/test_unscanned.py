"""A paper that stands in the catalogue and was never scanned: shown, found, scanned later."""

import pytest
from sqlalchemy.orm import Session

from archive import documents, volumes
from archive.base import ledger
from archive.base.ledger import HOUSE
from archive.documents import Document, State
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor

TITLE = "二〇〇三年设备采购合同"


def catalogued(session: Session) -> Document:
    """A paper of the old catalogue."""
    told = stock.filing(session)
    volume = volumes.taking(session, told.type.category, told.party, 2003, "D10", by=HOUSE, at=NOON)
    paper = Document(
        state=State.FILED, title=TITLE, party=told.party, type=told.type, filed_at=NOON
    )
    session.add(paper)
    documents.enter(session, paper, volume)
    session.flush()
    ledger.record(
        session, "document.filed", paper.subject, volume.subject, by=HOUSE, at=NOON,
        code=paper.code, title=TITLE,
    )  # fmt: skip
    return paper


@pytest.fixture
def paper(furnished: Furnished) -> int:
    with furnished.house.database.writing() as session:
        number = catalogued(session).id
    furnished.follow()
    return number


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


def test_its_pages_say_that_there_is_no_scan(furnished: Furnished, paper: int) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    for address in (f"/documents/{paper}", f"/documents/{paper}/file"):
        page = browser.get(address)
        assert page.status_code == 200
        assert TITLE in page.text
        assert f"/documents/{paper}/original" not in page.text
        assert f"/documents/{paper}/searchable.pdf" not in page.text


@pytest.mark.parametrize("wanted", ["original", "searchable.pdf", "pages/1/picture"])
def test_nothing_can_be_fetched_of_a_scan_that_is_not_there(
    clerk: Visitor, paper: int, wanted: str
) -> None:
    reply = clerk.get(f"/documents/{paper}/{wanted}")
    assert reply.status == 404
    assert reply.data["error"]


def test_as_json_it_has_no_file(clerk: Visitor, paper: int) -> None:
    told = clerk.get(f"/documents/{paper}").data
    assert (told["title"], told["pages"], told["state"]) == (TITLE, 0, "filed")
    assert told["sha256"] is told["batch"] is told["received_at"] is None


def test_it_is_found_by_its_title(clerk: Visitor, furnished: Furnished, paper: int) -> None:
    found = clerk.get("/search", q="二〇〇三年设备采购").data
    assert [hit["document"] for hit in found["hits"]] == [paper]
    page = Browser(furnished.app, furnished.cast.clerk).get("/search?q=二〇〇三年设备采购")
    assert page.status_code == 200
    assert f"/documents/{paper}" in page.text


def test_a_scan_finds_its_paper_by_the_archival_code(furnished: Furnished, paper: int) -> None:
    with furnished.house.database.writing() as session:
        scan = stock.read(session, "2003.pdf", "设备采购合同").id
        code = session.get_one(Document, paper).code
    browser = Browser(furnished.app, furnished.cast.clerk)
    assert f"/documents/{scan}/scan-of" in browser.get(f"/documents/{scan}/file").text
    page = browser.get(f"/documents/{scan}/scan-of?code={code.lower()}")
    assert page.status_code == 200
    assert f"/documents/{scan}/alike/{paper}/attach" in page.text
    clerk = Visitor(furnished.app, furnished.cast.clerk)
    assert clerk.get(f"/documents/{scan}/scan-of", code="Q001-ZY-9").status == 404
    assert clerk.post(f"/documents/{scan}/alike/{paper}/attach").status == 200
    told = clerk.get(f"/documents/{paper}").data
    assert (told["pages"], told["code"], told["file_name"]) == (1, code, "2003.pdf")


def test_a_scan_that_comes_later_becomes_its_own(session: Session) -> None:
    paper = catalogued(session)
    code, scan = paper.code, stock.read(session, "2003.pdf", "设备采购合同", "第二页")
    documents.attach_better_scan(session, paper, scan, by=HOUSE, at=NOON)
    assert documents.page_texts(session, paper) == ["设备采购合同", "第二页"]
    assert (paper.state, paper.code, paper.title) == (State.FILED, code, TITLE)
    assert paper.original.file_name == "2003.pdf"
    documents.undo_better_scan(session, paper, by=HOUSE, at=NOON)
    assert paper.scanned is None
    assert documents.page_texts(session, scan) == ["设备采购合同", "第二页"]
    assert scan.state == State.READ
