"""Covers and separators at the doors: made, printed, printed again, and scanned."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from archive.base import ledger
from labels import print as printing
from labels import routes
from labels.decode import decode
from labels.draw import Drawn
from labels.fonts import FontMissing
from labels.print import draw_sheets
from tests.furnished import Furnished
from tests.labels.papers import as_file, pictures
from tests.pages import Browser
from tests.people import Visitor
from tests.stock import HENGYUE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


@pytest.fixture
def browser(furnished: Furnished) -> Browser:
    return Browser(furnished.app, furnished.cast.clerk)


def test_a_cover_says_what_was_chosen_and_its_codes_lead_back(
    furnished: Furnished, clerk: Visitor, browser: Browser
) -> None:
    answer = browser.post(
        "/labels/covers", kind="cover", party_name=HENGYUE, type="8", year="2024", note="一月",
        copies="2",
    )  # fmt: skip
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pages = PdfReader(BytesIO(answer.data)).pages
    assert len(pages) == 2
    words = pages[0].extract_text()
    assert all(word in words for word in (HENGYUE, "2024", "一月", "Cover sheet"))
    cover = clerk.get("/covers").data["covers"][0]
    seen = {code.text for code in decode(as_file(next(iter(pictures(answer.data, 150)))))}
    assert cover["url"] in seen
    assert (cover["party_name"], cover["type"], cover["year"]) == (HENGYUE, 8, 2024)
    reply = clerk.get(f"/c/{cover['code']}")
    assert (reply.status, reply.data["code"], reply.data["kind"]) == (200, cover["code"], "cover")
    led = browser.get("/scan", code=cover["url"])
    assert led.location == f"/covers/{cover['id']}"
    page = browser.get(led.location).text
    assert HENGYUE in page
    assert f"made the sheet {cover['code']}" in page


def test_a_sheet_number_that_no_record_has_is_told_beside_its_field(browser: Browser) -> None:
    answer = browser.post("/labels/covers", kind="cover", copies="1", again=str(1 << 63))
    assert answer.status_code == 422
    assert "Number must be between 1 and" in answer.text


def test_separators_share_a_code_or_have_one_each(clerk: Visitor) -> None:
    shared = clerk.post("/labels/covers", kind="separator", copies=5).data
    assert (len(shared["covers"]), shared["pages"]) == (1, 5)
    apart = clerk.post("/labels/covers", kind="separator", copies=5, each=True).data
    assert (len({one["code"] for one in apart["covers"]}), apart["pages"]) == (5, 5)
    assert clerk.post("/labels/covers", kind="separator", copies=2, each=False).data["pages"] == 2


def test_nobody_who_writes_waits_while_sheets_are_drawn(
    furnished: Furnished, clerk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawing(*told: Any, **how: Any) -> Drawn:
        with furnished.house.database.session(write=True) as session:
            session.execute(text("SELECT 1"))
        return draw_sheets(*told, **how)

    monkeypatch.setattr(routes, "draw_sheets", drawing)
    assert clerk.post("/labels/covers", kind="cover", copies=1).status == 200


def test_what_cannot_be_drawn_is_refused_before_a_sheet_is_made(
    furnished: Furnished, clerk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "draw_stack_sheets", no_font)
    before = clerk.get("/covers").data["covers"]
    assert clerk.post("/labels/covers", kind="cover", copies=1).status == 422
    assert clerk.get("/covers").data["covers"] == before


def no_font(*_told: object) -> Drawn:
    raise FontMissing(package="fonts")


def test_a_sheet_is_printed_again_with_its_own_code(clerk: Visitor, browser: Browser) -> None:
    (made,) = clerk.post("/labels/covers", kind="cover", year=2020, copies=1).data["covers"]
    assert made["code"] in browser.get("/labels/covers", again=made["id"]).text
    again = clerk.post("/labels/covers", again=made["id"], copies=3).data
    assert (again["covers"], again["pages"]) == ([made], 3)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"copies": 0}, 422),
        ({"copies": 201}, 422),
        ({"copies": 1, "kind": "label"}, 422),
        ({"copies": 1, "type": 999}, 422),
        ({"copies": 1, "year": 12}, 422),
        ({"copies": 1, "party": 999}, 404),
        ({"copies": 1, "party_name": "没有这家公司"}, 422),
        ({"copies": 1, "again": 999}, 404),
    ],
)
def test_what_cannot_be_printed_is_refused_and_nothing_is_made(
    furnished: Furnished, clerk: Visitor, told: dict[str, object], status: int
) -> None:
    before = clerk.get("/covers").data["covers"]
    reply = clerk.post("/labels/covers", **told)
    assert (reply.status, bool(reply.data["error"])) == (status, True)
    assert clerk.get("/covers").data["covers"] == before
    with furnished.house.database.reading() as session:
        assert len([r for r in ledger.newest(session, before=None, limit=50)
                    if r.action == "cover.made"]) == len(before)  # fmt: skip
