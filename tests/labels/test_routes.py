"""Labels at the doors: the PDF, the code on the screen, the photo of a label."""

import html
from io import BytesIO
from xml.etree import ElementTree

import pytest
import qrcode
from PIL import Image
from pypdf import PdfReader

from archive.base import ledger
from archive.base.web import API
from archive.volumes import folder_by_code
from labels import routes
from labels.print import DEFAULT_SHEET
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import Visitor


@pytest.fixture
def code(furnished: Furnished) -> str:
    return str(furnished.places["code"])


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


@pytest.fixture
def browser(furnished: Furnished) -> Browser:
    return Browser(furnished.app, furnished.cast.clerk)


def photo_of(*texts: str) -> BytesIO:
    """A picture with these codes side by side."""
    picture = Image.new("L", (500 * max(1, len(texts)), 500), 255)
    for place, text in enumerate(texts):
        made = BytesIO()
        qrcode.make(text).save(made)
        picture.paste(Image.open(made).convert("L").resize((400, 400)), (500 * place + 50, 50))
    taken = BytesIO()
    picture.save(taken, "JPEG")
    taken.seek(0)
    return taken


def test_people_get_the_pdf_and_programs_what_stands_on_it(
    furnished: Furnished, browser: Browser, clerk: Visitor, code: str
) -> None:
    answer = browser.post("/labels/folders", codes=code, sheet=DEFAULT_SHEET, start="1")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert code in PdfReader(BytesIO(answer.data)).pages[0].extract_text().replace(" ", "")
    reply = clerk.post("/labels/folders", codes=f"{code}\n{code.lower()}\n", start=1)
    assert reply.status == 200
    assert reply.data["pages"] == 1
    assert [one["code"] for one in reply.data["labels"]] == [code, code]
    assert reply.data["labels"][0]["url"] == f"http://127.0.0.1:8000/c/{code}"
    with furnished.house.database.reading() as session:
        folder = folder_by_code(session, code)
        rows = ledger.history(session, folder.subject)
    assert [row.action for row in rows[:2]] == ["labels.printed"] * 2


def test_who_prints_is_warned_of_an_address_that_phones_cannot_open(
    browser: Browser, clerk: Visitor, code: str
) -> None:
    for path in ("/labels/folders", "/labels/covers"):
        assert "Phones cannot open http://127.0.0.1:8000" in browser.get(path).text
    warned = clerk.post("/labels/folders", codes=code, start=1).data["warning"]
    assert "JUANZONG_BASE_URL" in warned


def test_the_codes_may_stand_in_the_address(browser: Browser, code: str) -> None:
    page = browser.get(f"/labels/folders?code={code}&code=X")
    assert f"{code}\nX" in html.unescape(page.text).replace("\r", "")


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("", 422),
        ("   \n ", 422),
        ("ABCDEFGH", 404),
        ("https://x.example/c/17", 404),
        ("A" * 30_000, 422),
    ],
)
def test_a_wrong_code_is_refused_and_nothing_is_noted(
    furnished: Furnished, browser: Browser, clerk: Visitor, typed: str, status: int
) -> None:
    with furnished.house.database.reading() as session:
        before = ledger.head(session)
    reply = clerk.post("/labels/folders", codes=typed, start=1)
    page = browser.post("/labels/folders", codes=typed, sheet=DEFAULT_SHEET, start="1")
    assert (reply.status, page.status_code) == (status, status)
    with furnished.house.database.reading() as session:
        assert ledger.head(session) == before


def test_a_place_that_is_not_on_the_sheet_is_refused(clerk: Visitor, code: str) -> None:
    assert clerk.post("/labels/folders", codes=code, start=150).status == 422
    assert clerk.post("/labels/folders", codes=code, start=0).status == 422
    assert clerk.post("/labels/folders", codes=code, sheet="nonsense").status == 422


def test_the_code_on_the_screen_is_a_drawing_of_the_labels_address(
    clerk: Visitor, code: str
) -> None:
    answer = clerk.client.get(f"{API}/folders/{code}/qr.svg", headers=clerk._headers)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert ElementTree.fromstring(answer.text).tag.endswith("svg")
    assert "private" in answer.headers["Cache-Control"]


def test_a_photo_of_a_label_leads_to_its_folder(
    browser: Browser, clerk: Visitor, code: str
) -> None:
    url = f"http://127.0.0.1:8000/c/{code}"
    assert clerk.send("/scan/photo", photo=(photo_of(url), "a.jpg")).data == {"codes": [url]}
    answer = browser.post("/scan/photo", photo=(photo_of(url), "a.jpg"))
    assert answer.status_code == 303
    answer = browser.get(answer.location)
    assert answer.status_code == 303
    assert answer.location == f"/folders/{code}"


def test_the_label_is_found_among_the_other_codes_of_a_paper(browser: Browser, code: str) -> None:
    photo = photo_of("6901234567892", f"http://10.0.0.9/c/{code}", "https://example.com/")
    answer = browser.post("/scan/photo", photo=(photo, "a.jpg"))
    assert browser.get(answer.location).location == f"/folders/{code}"


def test_a_photo_of_another_code_is_said_in_words(browser: Browser) -> None:
    answer = browser.post("/scan/photo", photo=(photo_of("https://example.com/?a=1&b=2"), "a.jpg"))
    assert browser.get(answer.location).status_code == 404


def test_a_photo_of_nothing_and_what_is_no_photo_are_refused(
    clerk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for body in (photo_of(), BytesIO(b""), BytesIO(b"no picture"), BytesIO(b"\xff\xd8\xff" * 9)):
        reply = clerk.send("/scan/photo", photo=(body, "a.jpg"))
        assert reply.status == 422
        assert reply.data["error"]
    assert clerk.send("/scan/photo", photo=(BytesIO(b"x"), "")).status == 422
    assert clerk.post("/scan/photo").status == 422
    monkeypatch.setattr(routes, "MOST_PHOTO_BYTES", 1000)
    assert clerk.send("/scan/photo", photo=(photo_of("x"), "a.jpg")).status == 413


def test_a_scanned_code_leads_to_the_folder_however_it_was_scanned(
    browser: Browser, clerk: Visitor, code: str
) -> None:
    for typed in (code, f"http://127.0.0.1:8000/c/{code}", f" {code.lower()}\r\n"):
        assert browser.get("/scan", code=typed).location == f"/folders/{code}"
        assert clerk.get("/scan", code=typed).data["code"] == code
    assert browser.get(f"/c/{code.lower()}").location == f"/folders/{code}"
    for wrong in ("ABCDEFGH", "卷宗", "x" * 5000):
        assert browser.get("/scan", code=wrong).status_code == 404
        assert clerk.get("/scan", code=wrong).status == 404
