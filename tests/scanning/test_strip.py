"""The strip: batches are listed and counted, and a clerk puts their pages in order."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from archive import batches, categories, covers, documents
from archive.base import web
from archive.base.files import Kept
from archive.base.ledger import HOUSE
from archive.documents import Original, Page, PageRole, Part
from tests import stock
from tests.counting import counting
from tests.pages import Browser
from tests.people import NOON, Cast, Visitor
from tests.scanning.papers import printed_pdf

DOUBT: dict[str, Any] = {"text": "This page looks like the first of a paper.", "params": {}}
CONTENT = PageRole.CONTENT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def stack(house: web.House, pages: int, parts: tuple[Part, ...] = (), name: str = "a.pdf") -> int:
    """A batch of one file, read and divided, its pictures drawn; its number."""
    with house.database.writing() as session:
        document = stock.open_pages(session, stock.receive(session, name), pages)
        for page in session.query(Page).where(Page.document_id == document.id):
            page.state, page.text = documents.PageState.READ, "x"
            page.reading = stock.reading("x")
        document.pages_done = pages
        session.flush()
        whole = parts or tuple(Part(CONTENT, 0) for _ in range(pages))
        documents.divide(session, document.original, whole, at=NOON)
        session.flush()
        while waiting := documents.unfinished(session):
            documents.finish_reading(session, waiting[0], "contract", {}, at=NOON)
            session.flush()
        _draw(house, document.original, pages)
        return document.original.batch_id


def _draw(house: web.House, original: Original, pages: int) -> None:
    for leaf in range(1, pages + 1):
        path = house.files.made(original.sha256, f"page-{leaf}.webp")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (600, 800), "white").save(path, "WEBP")


def ids(house: web.House, number: int) -> list[int]:
    with house.database.reading() as session:
        batch = batches.by_id(session, number)
        return [page.id for page in documents.pages_of(session, batch)]


def papers(told: dict[str, Any]) -> list[list[int]]:
    """The places of each document's own pages."""
    return [
        [page["place"] for page in paper["pages"] if page["role"] == "content"]
        for paper in told["papers"]
        if paper["document"]
    ]


@pytest.fixture
def clerk(app: Flask, staffed: Cast) -> Visitor:
    return Visitor(app, staffed.clerk)


@pytest.fixture
def browser(app: Flask, staffed: Cast) -> Browser:
    return Browser(app, staffed.clerk)


def test_files_that_are_sent_together_are_one_batch(
    browser: Browser, clerk: Visitor, tmp_path: Path
) -> None:
    files = [(BytesIO(printed_pdf(tmp_path / f"{n}.pdf", n).read_bytes()), f"{n}.pdf")
             for n in (1, 2)]  # fmt: skip
    answer = browser.post("/documents", files=files, name="早上的信", sheets="3", two_sided="y")
    assert answer.status_code == 303
    assert re.search(r"/batches/\d+$", answer.location)
    told = clerk.get("/batches").data["batches"]
    assert [(one["name"], one["sheets"], one["files"], one["two_sided"], one["source"])
            for one in told] == [("早上的信", 3, 2, True, "upload")]  # fmt: skip
    assert told[0]["clerk"] == "陈静"


def test_one_file_alone_is_a_batch_of_its_own(clerk: Visitor, tmp_path: Path) -> None:
    for n in (1, 2):
        body = BytesIO(printed_pdf(tmp_path / f"{n}.pdf", n).read_bytes())
        assert clerk.send("/documents", files=(body, f"{n}.pdf")).status == 201
    assert len(clerk.get("/batches").data["batches"]) == 2


def test_a_batch_is_opened_first_and_files_come_into_it(clerk: Visitor, tmp_path: Path) -> None:
    opened = clerk.post("/batches", name="A", sheets=2, blank_parts=True, two_sided=False)
    assert opened.status == 201
    assert clerk.get("/batches").data["batches"] == []
    for n in (1, 2):
        body = BytesIO(printed_pdf(tmp_path / f"{n}.pdf", n).read_bytes())
        told = clerk.send("/documents", files=(body, f"{n}.pdf"), batch=str(opened.data["id"]))
        assert told.data["documents"][0]["batch"] == opened.data["id"]
    (one,) = clerk.get("/batches").data["batches"]
    assert (one["id"], one["files"], one["busy"]) == (opened.data["id"], 2, True)
    assert (one["blank_parts"], one["two_sided"]) == (True, False)


@pytest.mark.parametrize("sheets", [0, -1, "many", 10**9])
def test_a_count_that_is_none_is_refused(clerk: Visitor, sheets: Any) -> None:
    assert clerk.post("/batches", sheets=sheets).status == 422
    assert clerk.get("/batches").data["batches"] == []


def test_a_batch_that_is_none_gets_no_files(clerk: Visitor, tmp_path: Path) -> None:
    body = BytesIO(printed_pdf(tmp_path / "a.pdf").read_bytes())
    told = clerk.send("/documents", files=(body, "a.pdf"), batch="77")
    assert told.status == 404
    assert "no batch with this number" in told.data["error"]


def test_pages_are_compared_with_the_sheets_in_the_hand(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    parts = (Part(PageRole.SEPARATOR, -1), Part(CONTENT, 0), Part(CONTENT, 0))
    number = stack(house, 3, parts)
    for sheets, agrees in ((2, True), (3, True), (5, False)):
        assert clerk.post(f"/batches/{number}/count", sheets=sheets).status == 200
        assert (clerk.get(f"/batches/{number}").data["count_doubt"] == "") is agrees
    assert "but only 3 came" in browser.get("/batches").text
    assert "but only 3 came" in browser.get(f"/batches/{number}").text


def test_a_stack_is_put_in_order_step_by_step(house: web.House, clerk: Visitor) -> None:
    number = stack(house, 4)
    first, second, third, fourth = ids(house, number)
    path = f"/batches/{number}/steps"
    for told, then in (
        ({"step": "split", "page": third}, [[1, 2], [3, 4]]),
        ({"step": "move", "page": fourth, "before": second}, [[1, 2, 3], [4]]),
        ({"step": "later", "page": first}, [[1, 2, 3], [4]]),
        ({"step": "to-next", "page": second}, [[1, 2], [3, 4]]),
        ({"step": "to-before", "page": second}, [[1, 2, 3], [4]]),
        ({"step": "move", "page": third, "place": 1}, [[1, 2, 3, 4]]),
        ({"step": "set-aside", "page": second}, [[1, 2, 3]]),
        ({"step": "restore", "page": second}, [[1, 2, 3, 4]]),
        ({"step": "separator", "page": second}, [[1, 2, 3]]),
    ):
        reply = clerk.post(path, **told)
        assert reply.status == 200, (told, reply.data)
        assert papers(clerk.get(f"/batches/{number}").data) == then, told
    for _ in range(9):
        assert clerk.post(path, step="undo").status == 200
    assert papers(clerk.get(f"/batches/{number}").data) == [[1, 2, 3, 4]]
    reply = clerk.post(path, step="undo")
    assert (reply.status, reply.data["error"].split(".")[0]) == (
        409, "There is no step to undo in this batch",
    )  # fmt: skip


def test_the_ledger_says_what_was_done_to_which_page_of_which_batch(
    app: Flask, house: web.House, clerk: Visitor, staffed: Cast
) -> None:
    number = stack(house, 3)
    _, second, third = ids(house, number)
    with house.database.writing() as session:
        batches.by_id(session, number).name = "早上的信"
        code = covers.make(session, covers.COVER, by=HOUSE, at=NOON).code
    for step in ({"step": "split", "page": third}, {"step": "turn", "page": third},
                 {"step": "cover", "page": second, "code": code}, {"step": "undo"}):  # fmt: skip
        assert clerk.post(f"/batches/{number}/steps", **step).status == 200
    told = Browser(app, staffed.archivist).get("/ledger", kind="batch", ref=number).text
    for sentence in (
        f"split batch {number} 早上的信 at page 3",
        f"turned page 3 of batch {number} 早上的信",
        f"took page 2 of batch {number} 早上的信 for the cover sheet {code}",
        f"undid a step in batch {number} 早上的信, at page 2",
    ):
        assert sentence in told


def test_a_doubt_is_answered_with_one_click(house: web.House, browser: Browser) -> None:
    number = stack(house, 3, (Part(CONTENT, 0), Part(CONTENT, 0, DOUBT), Part(CONTENT, 0)))
    page = browser.get(f"/batches/{number}").text
    assert DOUBT["text"] in page
    assert "Split here" in page
    second = ids(house, number)[1]
    answer = browser.post(f"/batches/{number}/steps", step="split", page=second)
    assert answer.location.endswith(f"/batches/{number}?page={second}#page-{second}")
    page = browser.get(f"/batches/{number}").text
    assert DOUBT["text"] not in page
    assert "Undo: Split" in page


def test_who_comes_second_is_told_on_the_page_and_to_programs(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    number = stack(house, 3)
    _, second, third = ids(house, number)
    seen = clerk.get(f"/batches/{number}").data["version"]
    reply = clerk.post(f"/batches/{number}/steps", step="split", page=second, seen=seen)
    assert reply.data["version"] != seen
    refused = clerk.post(f"/batches/{number}/steps", step="split", page=third, seen=seen)
    answer = browser.post(f"/batches/{number}/steps", step="split", page=third, seen=seen)
    assert (refused.status, answer.status_code) == (409, 409)
    assert refused.data["error"] in answer.text
    assert f'id="page-{third}"' in answer.text


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"step": "split"}, 422),
        ({"step": "fold", "page": 1}, 422),
        ({"step": "split", "page": 10**6}, 409),
        ({"step": "turn", "page": 10**6}, 404),
        ({"step": "move", "page": 1, "place": 99}, 422),
        ({"step": "collate"}, 409),
        ({"step": "cover", "page": 1, "code": "nothing"}, 422),
    ],
)
def test_a_step_that_cannot_be_done_says_why(
    house: web.House, clerk: Visitor, told: dict[str, Any], status: int
) -> None:
    number = stack(house, 2)
    if told.get("page") == 1:
        told = told | {"page": ids(house, number)[0]}
    reply = clerk.post(f"/batches/{number}/steps", **told)
    assert (reply.status, bool(reply.data["error"])) == (status, True)
    assert papers(clerk.get(f"/batches/{number}").data) == [[1, 2]]


def test_a_page_is_turned_by_quarters_and_read_again(house: web.House, clerk: Visitor) -> None:
    number = stack(house, 2)
    first = ids(house, number)[0]
    for turned in (90, 180, 270, 0):
        clerk.post(f"/batches/{number}/steps", step="turn", page=first)
        shown = clerk.get(f"/batches/{number}").data["papers"][0]["pages"][0]
        assert (shown["turned"], shown["state"]) == (turned, "waiting")


def test_a_sheet_is_told_to_be_a_cover_and_its_paper_is_suggested_so(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    number = stack(house, 3)
    first = ids(house, number)[0]
    with house.database.writing() as session:
        kind = stock.filing(session).type
        sheet = covers.make(
            session, covers.COVER, by=HOUSE, at=NOON, party=stock.party(session), type=kind,
            year=2019,
        )  # fmt: skip
        code, party, type_ = sheet.code, sheet.party_id, kind.id
    told = clerk.post(f"/batches/{number}/steps", step="cover", page=first, code=code)
    assert told.status == 200
    paper = clerk.get(f"/batches/{number}").data["papers"][0]
    assert paper["pages"][0]["role"] == "cover"
    with house.database.writing() as session:
        for document in documents.unfinished(session):
            documents.finish_reading(session, document, "invoice", {}, at=NOON)
    form = browser.get(f"/documents/{paper['document']}/file").text
    assert f'name="party" value="{party}"' in form
    assert f'<option value="{type_}" selected>' in form
    assert 'value="2019"' in form
    filed = clerk.post(f"/documents/{paper['document']}/file")
    assert (filed.status, filed.data["party"], filed.data["type"]) == (200, party, type_)


def test_two_passes_are_put_together(house: web.House, clerk: Visitor) -> None:
    with house.database.writing() as session:
        batch = batches.open_batch(session, source="upload", by=HOUSE, at=NOON, sheets=2)
        number = batch.id
        for name in ("fronts.pdf", "backs.pdf"):
            document, _ = documents.receive(
                session, kept(name), name, engine="rapidocr", by=HOUSE, at=NOON,
                source="upload", batch=batch,
            )  # fmt: skip
            stock.open_pages(session, document, 2)
            for page in document.pages:
                page.state, page.reading = documents.PageState.READ, stock.reading("x")
            document.pages_done = 2
            session.flush()
            documents.divide(
                session, document.original, [Part(CONTENT, 0), Part(CONTENT, 1)], at=NOON
            )
            session.flush()
        suggest(session)
    front, second, back, last = ids(house, number)
    assert "both sides, it seems" in clerk.get(f"/batches/{number}").data["count_doubt"]
    assert clerk.post(f"/batches/{number}/steps", step="collate").status == 200
    assert ids(house, number) == [front, last, second, back]
    with house.database.writing() as session:
        suggest(session)
    told = clerk.get(f"/batches/{number}").data
    assert (papers(told), told["count_doubt"]) == ([[1, 2], [3, 4]], "")
    counted = {sheets: clerk.post(f"/batches/{number}/count", sheets=sheets) for sheets in (3, 2)}
    assert "but only 4 came" in counted[3].data["count_doubt"]
    assert (counted[2].data["sheets"], counted[2].data["count_doubt"]) == (2, "")
    clerk.post(f"/batches/{number}/steps", step="undo")
    assert ids(house, number) == [front, second, back, last]


def suggest(session: Session) -> None:
    """What the reading room does with papers all of whose pages are done."""
    while waiting := documents.unfinished(session):
        documents.finish_reading(session, waiting[0], "other", {}, at=NOON)
        session.flush()


def kept(name: str) -> Kept:
    """A file whose bytes are not there, only their name."""
    return Kept(name.encode().hex().ljust(64, "0")[:64], 100)


def test_every_page_has_a_picture_small_and_large(house: web.House, browser: Browser) -> None:
    number = stack(house, 2, (Part(CONTENT, 0), Part(PageRole.BLANK, -1)))
    other = stack(house, 1, name="b.pdf")
    for page in ids(house, number):
        path = f"/batches/{number}/pages/{page}/picture"
        large, small = browser.get(path, v=-1), browser.get(path, v=-1, width=240)
        assert Image.open(BytesIO(large.data)).width == 600
        assert Image.open(BytesIO(small.data)).size == (240, 320)
        assert "immutable" in small.headers["Cache-Control"]
        assert "no-cache" in browser.get(path).headers["Cache-Control"]
        assert browser.get(f"/batches/{other}/pages/{page}/picture").status_code == 404


def test_a_long_strip_is_shown_part_by_part_with_few_questions(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    short = stack(house, 4, tuple(Part(CONTENT, n // 2) for n in range(4)))
    parts = tuple(Part(CONTENT, n // 4, DOUBT if n == 350 else None) for n in range(420))
    long = stack(house, 420, parts, "long.pdf")
    asked = []
    for number in (short, long):
        with counting(house) as questions:
            assert browser.get(f"/batches/{number}").status_code == 200
        asked.append(len(questions))
    assert asked[0] == asked[1] <= 12
    told = clerk.get(f"/batches/{long}").data
    assert sum(len(paper["pages"]) for paper in told["papers"]) == 300
    assert (told["before"], told["doubts"]) == (None, 1)
    rest = clerk.get(f"/batches/{long}", page=told["after"]).data
    assert sum(len(paper["pages"]) for paper in rest["papers"]) == 120
    assert (rest["before"], rest["after"]) == (told["papers"][0]["pages"][0]["page"], None)
    assert browser.get(f"/batches/{long}").text.count("<img") == 300 + 1


def test_what_a_stack_became_is_told_with_one_question_however_many_papers(
    house: web.House,
) -> None:
    parting = Part(PageRole.SEPARATOR, -1)
    for pages in (6, 90):
        parts = tuple(parting if n % 3 == 0 else Part(CONTENT, n // 3) for n in range(pages))
        stack(house, pages, parts, f"{pages}.pdf")
        with house.database.reading() as session:
            first = session.query(documents.Document).order_by(documents.Document.id.desc()).first()
            assert first
            with counting(house) as questions:
                held = documents.leaves_held(session, [first.id])
                aside = documents.left_aside(session, [first.id])
            assert len(questions) == 2
        assert sorted(held.values()) == [[n + 2, n + 3] for n in range(0, pages, 3)]
        assert [page.leaf for page in aside] == list(range(1, pages, 3))
        assert {page.role for page in aside} == {PageRole.SEPARATOR}


def test_batches_are_listed_page_after_page_with_few_questions(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    made = [stack(house, 1, name=f"{n}.pdf") for n in range(52)]
    with counting(house) as questions:
        first = clerk.get("/batches").data
    assert len(questions) <= 9
    second = clerk.get("/batches", before=first["next"]).data
    assert [one["id"] for one in first["batches"] + second["batches"]] == made[::-1]
    assert second["next"] is None
    assert browser.get("/batches").status_code == 200


def test_a_page_does_not_leave_its_paper_unsaid(house: web.House, clerk: Visitor) -> None:
    number = stack(house, 4, tuple(Part(CONTENT, n // 2) for n in range(4)))
    pages, path = ids(house, number), f"/batches/{number}/steps"
    later = clerk.post(path, step="later", page=pages[1])
    earlier = clerk.post(path, step="earlier", page=pages[2])
    assert (later.status, earlier.status) == (422, 422)
    assert "to the next paper is a step" in later.data["error"]
    assert "to the paper before is a step" in earlier.data["error"]
    assert papers(clerk.get(f"/batches/{number}").data) == [[1, 2], [3, 4]]


def test_at_a_filed_paper_nothing_is_offered_that_would_be_refused(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    parts = (Part(CONTENT, 0), Part(CONTENT, 0, DOUBT), Part(CONTENT, 1, DOUBT))
    number = stack(house, 3, parts)
    first, second = clerk.get(f"/batches/{number}").data["papers"]
    assert [page["answers"] for page in (first["pages"][1], second["pages"][0])] == [
        ["split", "settle", "set-aside", "separator"], ["settle", "join", "set-aside"],
    ]  # fmt: skip
    with house.database.writing() as session:
        stock.file(session, documents.by_id(session, first["document"]))
    first, second = clerk.get(f"/batches/{number}").data["papers"]
    assert first["pages"][1]["answers"] == ["settle"]
    assert second["pages"][0]["answers"] == ["settle", "set-aside"]
    assert "its pages stay as they are" in browser.get(f"/batches/{number}").text
    for page in (first["pages"][1], second["pages"][0]):
        for step in page["answers"]:
            reply = clerk.post(f"/batches/{number}/steps", step=step, page=page["page"])
            assert reply.status == 200, (step, reply.data)


def joined_by(session: Session, batch: batches.Batch, name: str) -> documents.Document:
    """Another file of the batch, as it comes in."""
    document, _ = documents.receive(
        session, kept(name), name, engine="rapidocr", by=HOUSE, at=NOON,
        source="upload", batch=batch,
    )  # fmt: skip
    return document


def test_while_a_file_is_read_a_doubt_waits(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    number = stack(house, 2, (Part(CONTENT, 0), Part(CONTENT, 0, DOUBT)))
    with house.database.writing() as session:
        batch = batches.by_id(session, number)
        document = joined_by(session, batch, "b.pdf")
        stock.open_pages(session, document, 1)
    assert clerk.get(f"/batches/{number}").data["papers"][0]["pages"][1]["answers"] == []
    assert "Wait until all files" in browser.get(f"/batches/{number}").text


def test_what_could_not_be_read_is_in_the_strip_with_its_reason(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    number = stack(house, 2)
    spoilt: dict[str, Any] = {
        "text": "This file is damaged. Scan the paper once more.",
        "params": {},
    }
    torn: dict[str, Any] = {"text": "This page took too long.", "params": {}}
    with house.database.writing() as session:
        batch = batches.by_id(session, number)
        document = joined_by(session, batch, "spoilt.pdf")
        documents.refuse(session, document, spoilt, at=NOON)
        page = documents.pages_of(session, batch)[1]
        page.state, page.problem = documents.PageState.FAILED, torn
        unopened = document.id
    told = clerk.get(f"/batches/{number}").data
    assert told["unopened"] == [
        {"document": unopened, "file": "spoilt.pdf", "state": "failed", "problem": spoilt["text"]}
    ]
    assert [page["problem"] for page in told["papers"][0]["pages"]] == ["", torn["text"]]
    shown = browser.get(f"/batches/{number}").text
    assert f'href="/documents/{unopened}/file"' in shown
    assert spoilt["text"] in shown and torn["text"] in shown
    with house.database.writing() as session:
        documents.put_away(session, documents.by_id(session, unopened), by=HOUSE, at=NOON)
    assert clerk.get(f"/batches/{number}").data["unopened"][0]["state"] == "away"


def test_a_batch_of_one_file_that_cannot_be_opened_says_so(
    house: web.House, browser: Browser
) -> None:
    with house.database.writing() as session:
        batch = batches.open_batch(session, source="upload", by=HOUSE, at=NOON)
        document = joined_by(session, batch, "spoilt.pdf")
        documents.refuse(session, document, {"text": "Damaged.", "params": {}}, at=NOON)
        number = batch.id
    shown = browser.get(f"/batches/{number}").text
    assert "Damaged." in shown
    assert "Nothing came into this batch" not in shown


def test_where_the_cover_says_otherwise_than_the_page_a_clerk_takes_one(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    number = stack(house, 2)
    with house.database.writing() as session:
        kind = categories.suggest_type(session, "invoice")
        wrong = stock.filing(session).type
        assert kind and kind.id != wrong.id
        sheet = covers.make(session, covers.COVER, by=HOUSE, at=NOON, type=wrong, year=2019)
        code, said, read = sheet.code, wrong.id, kind.id
    clerk.post(f"/batches/{number}/steps", step="cover", page=ids(house, number)[0], code=code)
    fields = {"issued_on": {"value": "2024-05-06"}, "title": {"value": "A"}}
    with house.database.writing() as session:
        (document,) = documents.unfinished(session)
        documents.finish_reading(session, document, "invoice", fields, at=NOON)
        paper = f"/documents/{document.id}/file"
    page = browser.get(paper).text
    assert "The cover sheet says “2019”, the page “2024”" in page
    assert f'<option value="{said}" selected>' in page
    assert re.findall(r'name="instead" value="([a-z:]+)"', page) == ["type:page", "year:page"]
    typed = {"title": "手写", "party_name": "恒岳", "type": said, "year": 2019, "retention": "D10"}
    page = browser.post(paper, **typed, instead="type:page").text
    assert f'<option value="{read}" selected>' in page
    assert 'value="手写"' in page and 'value="2019"' in page
    assert re.findall(r'name="instead" value="([a-z:]+)"', page) == ["type:cover", "year:page"]
    page = browser.post(paper, **typed | {"type": read}, instead="year:page").text
    assert 'value="2024"' in page
    filed = clerk.post(paper, party_name="恒岳", type=read, year=2024)
    assert (filed.status, filed.data["type"]) == (200, read)


def test_where_cover_and_page_agree_nothing_is_asked(
    house: web.House, clerk: Visitor, browser: Browser
) -> None:
    number = stack(house, 2)
    with house.database.writing() as session:
        code = covers.make(session, covers.COVER, by=HOUSE, at=NOON, year=2024).code
    clerk.post(f"/batches/{number}/steps", step="cover", page=ids(house, number)[0], code=code)
    with house.database.writing() as session:
        (document,) = documents.unfinished(session)
        fields = {"issued_on": {"value": "2024-05-06"}}
        documents.finish_reading(session, document, "invoice", fields, at=NOON)
        paper = f"/documents/{document.id}/file"
    assert 'name="instead"' not in browser.get(paper).text
