"""The printed paper of volumes at the doors: pages, JSON, the command line, the ledger."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from archive import documents
from archive.base import ledger
from archive.base.web import API
from archive.volumes import Arrangement, by_code
from labels.bindery import printing
from scanning import making
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import Visitor
from tests.scanning.papers import printed_pdf

WORDS = {
    "cover": "案卷题名", "spine": "案卷号", "catalogue": "卷内文件目录", "note": "卷内备考表",
    "list": "案卷目录",
}  # fmt: skip


@pytest.fixture
def code(furnished: Furnished) -> str:
    return str(furnished.places["volume"])


@pytest.fixture
def clerk(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.clerk)


@pytest.fixture
def browser(furnished: Furnished) -> Browser:
    return Browser(furnished.app, furnished.cast.clerk)


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def newest(furnished: Furnished) -> ledger.LedgerRow:
    with furnished.house.database.reading() as session:
        return ledger.newest(session, limit=1)[0]


@pytest.mark.parametrize("form", printing.FORMS)
def test_people_get_each_form_and_programs_what_was_printed(
    furnished: Furnished, browser: Browser, clerk: Visitor, code: str, form: str
) -> None:
    answer = browser.post("/forms", form=form, codes=code, language="zh", width="0")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    told = words(answer.data)
    assert WORDS[form] in told
    assert code in told or form == "spine"
    reply = clerk.post("/forms", form=form, codes=f" {code.lower()} ")
    assert reply.status == 200
    assert reply.data == {"form": form, "volumes": [code], "pages": 1, "lacking": ""}
    row = newest(furnished)
    assert (row.action, row.data["step"], row.data["codes"]) == ("forms.printed", form, [code])


def test_the_volumes_page_prints_each_of_its_forms(
    furnished: Furnished, browser: Browser, code: str
) -> None:
    page = browser.get(f"/volumes/{furnished.places['volumes']}").text
    for form in ("cover", "spine", "catalogue", "note"):
        assert f'name="form" value="{form}"' in page
    reader = Browser(furnished.app, furnished.cast.reader)
    assert "/forms" not in reader.get(f"/volumes/{furnished.places['volumes']}").text
    assert code in browser.get(f"/forms?code={code}").text


def test_a_list_is_printed_of_a_category_and_year(clerk: Visitor, code: str) -> None:
    assert clerk.post("/forms", form="list", category=2, year=2024).data["volumes"] == [code]
    assert clerk.post("/forms", form="list", year=2024).data["volumes"] == [code]
    missing = clerk.post("/forms", form="list", category=2, year=1999)
    assert missing.status == 404
    assert "Choose another year" in missing.data["error"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"form": "cover"}, 422),
        ({"form": "cover", "codes": " \n "}, 422),
        ({"form": "cover", "category": 2}, 422),
        ({"form": "poster", "codes": "x"}, 422),
        ({"form": "cover", "codes": "Q001-ZY·KH·2·2024·D10-9999"}, 404),
        ({"form": "cover", "codes": "卷" * 5000}, 404),
        ({"form": "list", "year": 9}, 422),
        ({"form": "spine", "codes": "{code}", "width": 12}, 422),
        ({"form": "cover", "codes": "{code}", "language": "fr"}, 422),
    ],
)
def test_what_cannot_be_printed_is_refused_and_nothing_is_noted(
    furnished: Furnished, clerk: Visitor, code: str, sent: dict[str, object], status: int
) -> None:
    before = newest(furnished).id
    filled = {name: code if value == "{code}" else value for name, value in sent.items()}
    reply = clerk.post("/forms", **filled)
    assert reply.status == status, reply.data
    assert newest(furnished).id == before


def test_a_wrong_code_is_named_on_the_page_with_what_was_typed(browser: Browser) -> None:
    page = browser.post("/forms", form="note", codes="Q9-1", language="zh", width="0")
    assert page.status_code == 404
    assert "Q9-1" in page.text
    assert "Look it up in the list of volumes" in page.text


def test_more_volumes_than_a_server_draws_at_once_are_refused(
    clerk: Visitor, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "MOST_VOLUMES", 1)
    assert clerk.post("/forms", form="note", codes=f"{code}\n{code}").status == 422
    monkeypatch.setattr(printing, "MOST_PAPERS", 0)
    assert clerk.post("/forms", form="catalogue", codes=code).status == 422


def test_a_volume_arranged_by_item_has_the_other_catalogue(
    furnished: Furnished, browser: Browser, clerk: Visitor, code: str
) -> None:
    with furnished.house.database.writing() as session:
        by_code(session, code).arrangement = Arrangement.ITEM
    answer = browser.post("/forms", form="catalogue", codes=code, language="zh", width="0")
    assert "归档文件目录" in words(answer.data)
    assert "普通商密" in words(answer.data)


def test_the_stamp_comes_with_the_searchable_pdf_and_leaves_that_as_it_is(
    furnished: Furnished, clerk: Visitor, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = printed_pdf(tmp_path / "scan.pdf")
    before = scan.read_bytes()
    monkeypatch.setattr(making, "searchable_pdf", lambda *_: scan)
    with furnished.house.database.reading() as session:
        number = documents.in_order(session, by_code(session, code))[0].id
    path = f"{API}/documents/{number}/searchable.pdf"
    plain = clerk.client.get(path, headers=clerk._headers)
    stamped = clerk.client.get(f"{path}?stamp=1", headers=clerk._headers)
    assert "10年" not in words(plain.data)
    assert "10年" in words(stamped.data)
    assert scan.read_bytes() == before
    # A paper without a place in a volume has nothing that a stamp could say.
    unfiled = f"/documents/{furnished.places['documents']}/searchable.pdf"
    assert clerk.get(unfiled, stamp=1).status == 409


def test_a_reader_may_not_print(furnished: Furnished, code: str) -> None:
    reader = Visitor(furnished.app, furnished.cast.reader)
    assert reader.post("/forms", form="cover", codes=code).status == 403
