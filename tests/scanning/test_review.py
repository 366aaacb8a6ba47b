"""The review's doors: lines, pages, papers in hand, as page and as JSON."""

import re
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from archive import documents
from archive.base.db import now
from archive.documents import Document, Page, PageState, State
from scanning import quality
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor

SEEN = "设备采购合同"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


@pytest.fixture
def other(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.archivist)


@pytest.fixture
def paper(furnished: Furnished) -> str:
    return f"/documents/{furnished.places['documents']}"


def page_of(session: Session, furnished: Furnished) -> Page:
    document = documents.by_id(session, int(furnished.places["documents"]))
    return documents.page_of(session, document, 1)


def test_a_line_that_was_corrected_is_found_by_its_new_text_alone(
    furnished: Furnished, clerk: Visitor, paper: str
) -> None:
    line = f"{paper}/pages/1/lines/1"
    told = clerk.post(line, saw=SEEN, text="压缩机采购合同")
    assert told.status == 200
    assert told.data["page"]["text"] == "压缩机采购合同"
    furnished.follow()
    hits = clerk.get("/search", q="压缩机采购合同").data
    assert [hit["document"] for hit in hits["hits"]] == [furnished.places["documents"]]
    old = clerk.get("/search", q=SEEN).data["hits"]
    assert furnished.places["documents"] not in [hit["document"] for hit in old]
    late = clerk.post(line, saw=SEEN, text="别的")
    assert late.status == 409
    assert "says “压缩机采购合同”" in late.data["error"]


def test_a_page_without_script_shows_what_was_typed_and_what_the_line_says_now(
    furnished: Furnished, clerk: Visitor, paper: str
) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    line = f"{paper}/pages/1/lines/1"
    assert 'value="设备采购合同"' in browser.get(line).text
    clerk.post(line, saw=SEEN, text="压缩机采购合同")
    refused = browser.post(line, saw=SEEN, text="空压机采购合同")
    assert refused.status_code == 409
    assert 'value="空压机采购合同"' in refused.text
    assert 'name="saw" value="压缩机采购合同"' in refused.text
    done = browser.post(line, saw="压缩机采购合同", text="空压机采购合同")
    assert (done.status_code, done.location) == (303, f"{paper}/file?page=1#line-1")


def test_lines_are_added_removed_and_undone(clerk: Visitor, paper: str) -> None:
    page = f"{paper}/pages/1"
    added = clerk.post(f"{page}/lines", below=1, text="甲方：某公司")
    assert added.data["page"]["text"] == f"{SEEN}\n甲方：某公司"
    gone = clerk.post(f"{page}/lines/1", saw=SEEN, text="")
    assert gone.data["page"]["text"] == "甲方：某公司"
    assert clerk.post(f"{page}/undo").data["page"]["text"] == f"{SEEN}\n甲方：某公司"
    assert clerk.post(f"{page}/undo").data["page"]["text"] == SEEN
    assert clerk.post(f"{page}/undo").status == 409
    assert clerk.post(f"{page}/lines/7", saw="x", text="y").status == 404


def test_what_another_has_in_hand_is_neither_filed_nor_corrected(
    clerk: Visitor, other: Visitor, paper: str
) -> None:
    assert other.post(f"{paper}/take").data["taken_by"] == "王芳"
    for answer in (
        clerk.post(f"{paper}/take"),
        clerk.post(f"{paper}/pages/1/turn"),
        clerk.post(f"{paper}/pages/1/retry"),
        clerk.post(f"{paper}/pages/1/lines/1", saw=SEEN, text="x"),
        clerk.post(f"{paper}/file", party_name=stock.HENGYUE, year=2024),
    ):
        assert answer.status == 409
        assert answer.data["error"].startswith("王芳 has this paper in hand")
    inbox = clerk.get("/inbox").data["documents"]
    assert [one["taken_by"] for one in inbox] == ["王芳"]
    assert clerk.post("/inbox/next").data == {"document": None}
    clerk.post(f"{paper}/let-go")
    assert clerk.get("/inbox").data["documents"][0]["taken_by"] == "王芳"
    other.post(f"{paper}/let-go")
    assert clerk.post("/inbox/next").data["document"]["taken_by"] == "陈静"


def test_what_is_put_away_leaves_inbox_and_search_until_it_is_brought_back(
    furnished: Furnished, clerk: Visitor, paper: str
) -> None:
    number = furnished.places["documents"]

    def is_found() -> bool:
        furnished.follow()
        return number in [hit["document"] for hit in clerk.get("/search", q=SEEN).data["hits"]]

    assert is_found()
    assert clerk.post(f"{paper}/put-away").data["state"] == State.AWAY
    assert (is_found(), clerk.get("/inbox").data["documents"]) == (False, [])
    away = clerk.get("/inbox", state="away").data["documents"]
    assert [one["state"] for one in away] == [State.AWAY]
    refused = clerk.post(f"{paper}/file", party_name=stock.HENGYUE, year=2024)
    assert (refused.status, refused.data["error"]) == (
        409, "This paper is put away. Bring it back into the inbox first.",
    )  # fmt: skip
    browser = Browser(furnished.app, furnished.cast.clerk)
    assert "/bring-back" in browser.get(f"{paper}/file").text
    assert clerk.post(f"{paper}/bring-back").data["state"] == State.READ
    assert is_found()


def test_whoever_comes_to_a_page_in_doubt_is_shown_the_way_to_the_strip(
    furnished: Furnished, paper: str
) -> None:
    with furnished.house.database.writing() as session:
        document = documents.by_id(session, int(furnished.places["documents"]))
        page = documents.page_of(session, document, 1)
        page.doubt = {"text": "This page is nearly blank.", "params": {}}
        strip = f"/batches/{page.original.batch_id}?page={page.id}#page-{page.id}"
    shown = Browser(furnished.app, furnished.cast.clerk).get(f"{paper}/file").text
    assert "This page is nearly blank." in shown
    assert strip in shown


def test_a_file_without_a_page_is_not_offered_for_filing(
    furnished: Furnished, clerk: Visitor
) -> None:
    with furnished.house.database.writing() as session:
        document = stock.receive(session, "empty.pdf")
        problem = {"text": "The file is empty.", "params": {}}
        documents.refuse(session, document, problem, at=NOON)
        empty = f"/documents/{document.id}"
        kind = stock.filing(session).type.id
    page = Browser(furnished.app, furnished.cast.clerk).get(f"{empty}/file").text
    assert 'id="filing"' not in page
    assert f"{empty}/put-away" in page
    refused = clerk.post(
        f"{empty}/file", party_name=stock.HENGYUE, year=2024, type=kind, title="x", retention="D10"
    )
    assert refused.status == 409
    assert refused.data["error"].startswith("This file has no page that could be filed.")
    assert clerk.post(f"{empty}/put-away").data["state"] == State.AWAY
    assert clerk.post(f"{empty}/bring-back").data["state"] == State.FAILED


def test_a_page_is_read_again_or_turned(furnished: Furnished, clerk: Visitor, paper: str) -> None:
    assert clerk.post(f"{paper}/pages/1/retry").data["page"]["state"] == "waiting"
    assert clerk.post(f"{paper}/pages/1/retry").status == 409
    with furnished.house.database.writing() as session:
        page = stock.claim(session)
        assert page is not None
        documents.attach_reading(session, page, stock.READER, SEEN, stock.reading(SEEN))
        session.flush()
        document = session.get_one(Document, page.document_id)
        documents.finish_reading(session, document, "contract", {}, at=NOON)
    assert clerk.post(f"{paper}/pages/1/turn").data["document"]["state"] == State.READING
    with furnished.house.database.reading() as session:
        page = page_of(session, furnished)
        assert (page.turned, page.state) == (90, PageState.WAITING)
        batch = page.original.batch_id
    # The strip of its batch names the step and undoes it.
    assert clerk.get(f"/batches/{batch}").data["undo"] == "turn"


def test_a_paper_with_a_page_in_doubt_does_not_look_ready_in_the_inbox(
    furnished: Furnished, clerk: Visitor
) -> None:
    with furnished.house.database.writing() as session:
        document = stock.read(session, "stack.pdf", "购销合同", "营业执照")
        second = documents.page_of(session, document, 2)
        second.doubt = {"text": "This page looks like the first of a paper.", "params": {}}
        number, batch = document.id, document.original.batch_id
    inbox = {one["id"]: one["doubts"] for one in clerk.get("/inbox").data["documents"]}
    assert inbox == {number: 1, furnished.places["documents"]: 0}
    browser = Browser(furnished.app, furnished.cast.clerk)
    to_the_strip = f'href="/batches/{batch}">1 page in doubt: look at it in the strip'
    assert browser.get("/inbox").text.count(to_the_strip) == 1
    assert to_the_strip in browser.get(f"/documents/{number}/file").text


def test_each_suggested_value_says_whether_it_is_certain_and_where_it_stands(
    furnished: Furnished,
) -> None:
    certain = {"text": "The check digit is right.", "params": {}}
    doubtful = {"text": "The paper also says %(other)s.", "params": {"other": "¥8"}}
    fields = {
        "amount": {"value": "7", "page": 1, "box": [1, 2, 3, 4], "reason": doubtful},
        "credit_code": {"value": "X", "page": 1, "box": [5, 6, 7, 8], "certain": True,
                        "reason": certain},
        "vessel": {"value": "<b>海</b>", "page": 1, "box": [9, 9, 10, 10]},
    }  # fmt: skip
    with furnished.house.database.writing() as session:
        number = stock.read(session, "b.pdf", "提单", fields=fields).id
    browser = Browser(furnished.app, furnished.cast.clerk)
    shown = browser.get(f"/documents/{number}/file", field="amount").text
    assert "The paper also says ¥8." in shown
    assert "The check digit is right." in shown
    assert "&lt;b&gt;海&lt;/b&gt;" in shown
    assert '<rect class="sought" x="1" y="2" width="2" height="2"/>' in shown
    assert 'data-box="5 6 7 8"' in shown


def test_what_is_wrong_with_a_pages_picture_is_said_to_the_clerk(
    furnished: Furnished, paper: str
) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    assert quality.BLURRED not in browser.get(f"{paper}/file").text
    with furnished.house.database.writing() as session:
        page = page_of(session, furnished)
        told = {"text": quality.BLURRED, "params": {}}
        page.reading = stock.reading(SEEN) | {"quality": [told]}
    assert quality.BLURRED in browser.get(f"{paper}/file").text


def test_a_picture_is_kept_for_long_only_under_the_address_that_names_it(
    furnished: Furnished, clerk: Visitor, paper: str
) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    bare = browser.get(f"{paper}/pages/1/picture")
    assert bare.headers["Cache-Control"] == "private, no-cache"
    named = browser.get(f"{paper}/pages/1/picture", of="1-0")
    assert "immutable" in named.headers["Cache-Control"]


def test_the_inbox_keeps_its_filters_when_it_is_paged(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        for number in range(55):
            stock.read(session, f"{number}.pdf", f"发票 {number}", kind="invoice")
    browser = Browser(furnished.app, furnished.cast.clerk)
    first = browser.get("/inbox", kind="invoice", state="read")
    assert "kind=invoice&amp;before=" in first.text.replace("state=read&amp;", "")
    assert "No paper here is of this sort." in browser.get("/inbox", kind="waybill").text


def test_a_form_that_comes_too_late_is_told_who_filed_the_paper_when_and_where(
    furnished: Furnished, clerk: Visitor, other: Visitor, paper: str
) -> None:
    filed = other.post(f"{paper}/file", party_name=stock.HENGYUE, year=2024).data
    told = f"already filed as {filed['code']}, by 王芳 at {now().astimezone(SHANGHAI):%Y-%m-%d}"
    sent = {"party_name": stock.HENGYUE, "year": 2024, "type": 1, "title": "x", "retention": "Y"}
    refused = clerk.post(f"{paper}/file", **sent)
    assert refused.status == 409
    assert told in refused.data["error"]
    # Also where the values are not even complete.
    assert clerk.post(f"{paper}/file", year="soon").status == 409
    page = Browser(furnished.app, furnished.cast.clerk).post(f"{paper}/file", **sent)
    assert page.status_code == 409
    assert re.search(rf'class="flash refused" role="alert">[^<]*{told}', page.text)
    assert "flash done" not in page.text


def test_a_paper_put_away_meanwhile_says_so_to_the_form_that_comes_too_late(
    furnished: Furnished, clerk: Visitor, paper: str
) -> None:
    clerk.post(f"{paper}/put-away")
    page = Browser(furnished.app, furnished.cast.clerk).post(f"{paper}/file", year="2024")
    assert page.status_code == 409
    assert "This paper is put away." in page.text


def test_filing_leads_to_the_folder_and_to_its_label(
    furnished: Furnished, clerk: Visitor, paper: str
) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    shown = browser.get(f"{paper}/file").text
    values = dict(re.findall(r'name="(title|year)"[^>]* value="([^"]*)"', shown))
    sent = {"party_name": stock.HENGYUE, "type": "1", "retention": "D10", **values}
    after = browser.get(browser.post(f"{paper}/file", **sent).location)
    [folder] = re.findall(r'"flash done".*?href="/folders/(\w+)"', after.text, re.DOTALL)
    assert f'href="/labels/folders?code={folder}">Print its label' in after.text
    assert folder in browser.get(f"{paper}/file").text


def test_what_was_done_to_the_picture_stands_below_it(
    session: Session, furnished: Furnished, paper: str
) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    assert "note cleaning" not in browser.get(f"{paper}/file").text
    page = page_of(session, furnished)
    steps = ["shade evened: 0.47", "border covered: 3.4 %", "punch holes covered: 2"]
    page.reading = (page.reading or {}) | {"rotation": 90, "skew": -1.2, "steps": steps}
    session.commit()
    shown = browser.get(f"{paper}/file").text
    for sentence in (
        "Turned by 90°.", "Straightened by -1.2°.", "it took 0.47 of the light.",
        "Black border covered on the picture: 3.4 % of it.",
        "Punch holes covered on the picture: 2.",
    ):  # fmt: skip
        assert sentence in shown
