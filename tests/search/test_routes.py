"""Finding at the doors: hits with the words marked, filters, the page with its boxes."""

import html
import time
from typing import Any

import pytest
from sqlalchemy import insert

from archive import circulation
from archive.base.db import now
from archive.base.ledger import HOUSE
from archive.documents import Page, PageState
from archive.users import User
from archive.volumes import folder_by_code
from search.entry import Entry
from search.follow import the_index
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import Visitor

EVIL = '<script>alert(1)</script> 采购 & "合同"'


@pytest.fixture
def reader(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.reader)


def add(furnished: Furnished, name: str, *texts: str) -> int:
    with furnished.house.database.writing() as session:
        number = stock.read(session, name, *texts).id
    furnished.follow()
    return number


def test_a_sentence_is_found_and_marked(reader: Visitor, furnished: Furnished) -> None:
    reply = reader.get("/search", q="总价 1000")
    assert reply.status == 200
    assert reply.data["total"] == 1
    hit = reply.data["hits"][0]
    assert "<mark>总价</mark>" in hit["snippet"]
    assert hit["page"] == 1
    assert hit["code"].endswith("-0001-001")


def test_a_hit_by_a_name_alone_shows_the_name_with_its_mark(
    reader: Visitor, furnished: Furnished
) -> None:
    with furnished.house.database.writing() as session:
        fields = {"carrier": {"value": "远东运输行"}, "parties": {"value": [{"name": "乙方公司"}]}}
        scan = stock.read(session, "扫描件_0042.pdf", "无题", "第二页", fields=fields)
        blank = stock.read(session, "<b>空白.pdf", " \n")
        stock.file(session, scan, title="机床买卖", number="MM-2024-7", amount="1286500.00")
        code, unnamed = scan.code, blank.id
    furnished.follow()
    for typed, marked in (
        ("机床买卖", "机床买卖"), ("MM20247", "MM-2024-7"), (code, code), ("扫描件", "扫描件"),
        ("恒岳精密", "恒岳精密"), ("1286500", "1286500.00"), ("远东运输", "远东运输"),
        ("乙方公司", "乙方公司"),
    ):  # fmt: skip
        shown = [h["snippet"] for h in reader.get("/search", q=typed).data["hits"]]
        assert any(f"<mark>{marked}</mark>" in snippet for snippet in shown), typed
    together = reader.get("/search", q="MM-2024 远东运输行").data["hits"][0]["snippet"]
    assert together == "<mark>MM-2024</mark>-7 · <mark>远东运输行</mark>"
    assert reader.get("/search", q="空白").data["hits"][0]["snippet"] == (
        "&lt;b&gt;<mark>空白</mark>.pdf"
    )
    listed = {
        h["document"]: h["snippet"] for h in reader.get("/search", kind="contract").data["hits"]
    }
    assert listed[unnamed] == "&lt;b&gt;空白.pdf"
    assert all(listed.values())


def test_nothing_asked_is_nothing_found(reader: Visitor, furnished: Furnished) -> None:
    assert reader.get("/search").data == {"total": 0, "hits": [], "next": None}
    assert reader.get("/search", q="  ").data["total"] == 0


def test_filters_narrow_and_alone_list_everything(reader: Visitor, furnished: Furnished) -> None:
    party = furnished.places["parties"]
    for query, total in (
        ({"kind": "contract"}, 2),
        ({"kind": "waybill"}, 0),
        ({"category": "2"}, 1),
        ({"party": party}, 1),
        ({"party_name": stock.HENGYUE}, 1),
        ({"since": "2024-06"}, 0),
        ({"since": "2024", "until": "2024年5月"}, 1),
        ({"q": "设备", "category": "2"}, 1),
    ):
        assert reader.get("/search", **query).data["total"] == total, query


def test_a_filter_that_cannot_be_used_is_refused_in_words(
    reader: Visitor, furnished: Furnished
) -> None:
    browser = Browser(furnished.app, furnished.cast.reader)
    for name, typed in (
        ("since", "2024-99"), ("until", "2024年2月30日"), ("party_name", "无此公司"),
        ("kind", "zzz"), ("category", "zz"), ("category", "99"), ("party", "zzz"),
        ("party", "999"), ("party", "9" * 12), ("q", "长" * 501), ("q", "a" * 5_000),
    ):  # fmt: skip
        query = {"q": "设备采购", name: typed}
        reply, page = reader.get("/search", **query), browser.get("/search", **query)
        assert (reply.status, page.status_code) == (422, 422), query
        shown = html.unescape(page.text)
        assert reply.data["error"] in shown
        assert typed in shown
        assert query["q"] in shown
        assert "No paper contains this" not in shown
    assert reader.get("/search", q="长" * 500).status == 200
    number = furnished.places["documents"]
    assert reader.get(f"/search/documents/{number}", q="长" * 501).status == 422


def test_a_party_that_was_chosen_once_may_be_taken_out_of_its_field(
    reader: Visitor, furnished: Furnished
) -> None:
    party = furnished.places["parties"]
    assert reader.get("/search", party=party).data["total"] == 1
    assert reader.get("/search", party=party, party_name="").status == 200
    assert reader.get("/search", q="合同", party=party, party_name="").data["total"] == 2
    assert reader.get("/search", party="gone", party_name=stock.HENGYUE).data["total"] == 1


def test_what_a_paper_says_is_never_taken_for_html(reader: Visitor, furnished: Furnished) -> None:
    number = add(furnished, "evil.pdf", EVIL)
    browser = Browser(furnished.app, furnished.cast.reader)
    snippet = reader.get("/search", q="alert").data["hits"][0]["snippet"]
    assert "<script>" not in snippet
    assert "&lt;script&gt;" in snippet
    for path in ("/search", f"/search/documents/{number}", f"/documents/{number}"):
        page = browser.get(path, q="alert").text
        assert "<script>alert" not in page, path
        assert "alert" in page, path
    assert "<script>x" not in browser.get("/search", q="<script>x").text


def test_the_words_are_marked_on_the_page_and_in_its_text(
    reader: Visitor, furnished: Furnished
) -> None:
    number = add(furnished, "two.pdf", "第一页没有", "设备清单\n付款条款：月结\n其他")
    data = reader.get(f"/search/documents/{number}", q="付款条款", page=2).data
    assert data["pages"] == [2]
    start, end = data["marks"][0]
    assert data["text"][start:end] == "付款条款"
    left, top, right, bottom = data["boxes"][0]
    assert (left, top, bottom) == (100, 200, 240)
    assert 100 < right < 900
    assert (data["width"], data["height"]) == (1240, 1754)
    page = Browser(furnished.app, furnished.cast.reader).get(
        f"/search/documents/{number}", q="付款条款", page=2
    )
    assert "<mark>付款条款</mark>" in page.text


def test_a_paper_of_five_thousand_pages_is_opened_as_soon_as_any(
    reader: Visitor, furnished: Furnished
) -> None:
    number = thick(furnished, 5_000)
    browser = Browser(furnished.app, furnished.cast.reader)
    for asked, pages in (("违约责任", 5_000), ("第7号附件", 1), ("责", 5_000), ("无此内容", 0)):
        began = time.thread_time()
        reply = reader.get(f"/search/documents/{number}", q=asked, page=2_500)
        # Measured at 10 to 80 ms; reading every page's text took seconds.
        assert time.thread_time() - began < 0.4, asked
        assert len(reply.data["pages"]) == pages
    page = browser.get(f"/search/documents/{number}", q="违约责任", page=2_500).text
    assert "page=2499" in page
    assert "page=2501" in page
    assert page.count("<a ") < 80


def thick(furnished: Furnished, pages: int) -> int:
    """A paper of so many pages, each of some 900 characters, in the archive and in the index."""
    texts = [
        f"第{n}号附件。" + "违约责任由违约方承担，另行约定。\n" * 60 for n in range(1, pages + 1)
    ]
    with furnished.house.database.writing() as session:
        document = stock.read(session, "thick.pdf", texts[0])
        document.pages_total = pages
        told: dict[str, Any] = {
            "document_id": document.id, "original_id": document.original_id,
            "state": PageState.READ, "reading": {"lines": []},
        }  # fmt: skip
        rows = [
            {**told, "number": n, "leaf": n, "place": n, "text": text}
            for n, text in enumerate(texts[1:], 2)
        ]
        session.execute(insert(Page), rows)
        number = document.id
    furnished.follow()
    return number


def test_a_page_that_is_not_there_is_refused(reader: Visitor, furnished: Furnished) -> None:
    number = furnished.places["documents"]
    reply = reader.get(f"/search/documents/{number}", q="x", page=9999)
    assert reply.status == 404
    assert reply.data["error"] == (
        "There is no page 9999: this document ends at page 1. Open an earlier one."
    )
    assert reader.get("/search/documents/999", q="x").status == 404


def test_a_hit_says_that_its_paper_is_out(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.reader)
    assert "李雷" not in browser.get("/search", q="总价").text.partition("<main")[2]
    with furnished.house.database.writing() as session:
        folder = folder_by_code(session, str(furnished.places["code"]))
        borrower = session.get_one(User, furnished.cast.reader.id)
        circulation.check_out(
            session, folder, borrower, purpose="核对", due_on=now().date(), today=now().date(),
            by=HOUSE, at=now(),
        )  # fmt: skip
    assert "李雷" in browser.get("/search", q="总价").text.partition("<main")[2]


def test_an_index_that_is_behind_shows_nothing_that_is_no_more(
    reader: Visitor, furnished: Furnished
) -> None:
    with furnished.app.app_context():
        index = the_index()
        index.write([Entry(9999, title="幽灵", pages=("幽灵合同",))], [], index.bookmark())
    reply = reader.get("/search", q="幽灵合同")
    assert (reply.status, reply.data["hits"]) == (200, [])


def test_a_torn_index_is_said_and_everything_else_goes_on(
    reader: Visitor, furnished: Furnished
) -> None:
    folder = furnished.house.settings.data / "index"
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn" * 20)
    reply = reader.get("/search", q="总价")
    assert reply.status in (200, 503)
    if reply.status == 503:
        assert reply.data["error"]
    assert reader.get("/folders").status == 200
    furnished.follow()
    assert reader.get("/search", q="总价").data["total"] == 1


def test_far_pages_of_hits_are_empty(reader: Visitor, furnished: Furnished) -> None:
    assert reader.get("/search", q="总价", offset=999_999_999).data["hits"] == []
    assert reader.get("/search", q="总价", offset=-1).data["total"] == 1


def test_a_long_question_is_answered_and_its_next_page_asks_the_same(
    reader: Visitor, furnished: Furnished
) -> None:
    for number in range(21):
        add(furnished, f"many-{number}.pdf", f"同样的话 {number}")
    browser = Browser(furnished.app, furnished.cast.reader)
    text = "同样的话"
    page = browser.get("/search", q=text, kind="contract").text
    assert "offset=20" in page
    assert "kind=contract" in page
    assert len(reader.get("/search", q=text, offset=20).data["hits"]) == 1
