"""Pages in Chinese: a Chinese browser gets every page without a word of English."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import DOORS
from archive import categories, circulation, documents, parties, shelving, users, volumes
from archive.base import web
from archive.base.db import now
from archive.base.ledger import HOUSE
from archive.base.settings import Settings
from archive.documents import Document, Filing, Page
from archive.users import Role, User
from search.follow import Follower, the_index
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import PASSWORD, Cast
from tests.test_words import AS_IT_IS, PLACE, chinese, seen, translations

CHINESE_BROWSER = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}
TEXT = "设备采购合同\n合同编号：HY-2023-SC-00417"
READING = {
    "width": 1240,
    "height": 1754,
    "lines": [
        {"text": "设备采购合同", "box": [400, 100, 840, 150], "confidence": 0.99},
        {"text": "合同编号：HY-2023-SC-00417", "box": [100, 200, 700, 240], "confidence": 0.5},
    ],
}
FIELDS = {
    "title": {"value": "设备采购合同", "confidence": 0.9, "page": 1, "box": None},
    "credit_code": {"value": "91350100M000100Y4A", "confidence": 0.9, "page": 1, "box": None},
}
PROBLEM = {"text": "The file is empty. Scan or save the paper again and send the new file."}

OPERATIONS = [operation for door in DOORS for operation in door.operations]

# Pages as they are with this or that on them; the numbers are those of what `lived_in` made.
ADDRESSES = (
    "/", "/inbox", "/documents/1/file", "/documents/2/file", "/documents/3/file",
    "/documents/1", "/documents/2", "/documents/3", "/search", "/search?q=合同",
    "/search?q=无此内容", "/search/documents/1?q=合同", "/folders", "/volumes", "/volumes/1",
    "/volumes?q=Z", "/parties", "/parties/1", "/parties?q=无", "/parties/new", "/loans", "/scan",
    "/scan?code=无", "/accounts", "/accounts/4", "/accounts/new", "/me", "/ledger",
    "/labels/folders", "/handbook", "/nowhere", "/documents/99", "/volumes/99",
)  # fmt: skip


@pytest.fixture
def app(app: Flask, tmp_path: Path) -> Flask:
    """The house with its catalogue as it is now, compiled or not."""
    folder = tmp_path / "translations/zh/LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, chinese())
    app.extensions["babel"].translation_directories[:] = [str(tmp_path / "translations")]
    return app


@pytest.fixture
def lived_in(app: Flask, staffed: Cast) -> Flask:
    """The house with a filed paper, one to file, a failed one, a waiting one, an overdue loan."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        house = web.house()
        first, _second, third, _fourth = (
            _read(house, b"1"), _read(house, b"2"), _receive(house, b"3"), _receive(house, b"4"),
        )  # fmt: skip
        with house.database.writing() as session:
            _file(session, documents.by_id(session, first))
            documents.refuse(session, documents.by_id(session, third), PROBLEM, at=now())
            _lend(session, session.get_one(User, staffed.reader.id))
        follower = Follower(house.database, the_index())
        while follower.step():
            pass
    return app


@pytest.fixture
def client(lived_in: Flask) -> FlaskClient:
    """The administrator's Chinese browser."""
    opened = lived_in.test_client()
    sent = {"login": "zhao", "password": PASSWORD}
    assert opened.post("/login", data=sent, headers=CHINESE_BROWSER).status_code == 303
    return opened


def _receive(house: web.House, content: bytes) -> int:
    kept = house.files.keep(BytesIO(content))
    name = f"扫描{content.decode()}.pdf"
    with house.database.writing() as session:
        received, _new = documents.receive(
            session, kept, name, engine="rapidocr", by=HOUSE, at=now(), source="tests"
        )
    return received.id


def _read(house: web.House, content: bytes) -> int:
    """Receive a paper and read its two pages, as the worker does: a step, a transaction."""
    number = _receive(house, content)
    with house.database.writing() as session:
        documents.open_pages(session, documents.by_id(session, number), "application/pdf", 2)
    for _page in range(2):
        with house.database.writing() as session:
            page = documents.claim_page(session, holder="tests", at=now())
        assert page
        with house.database.writing() as session:
            claimed = session.get_one(Page, page.id)
            documents.attach_reading(session, claimed, "tests", TEXT, READING)
    with house.database.writing() as session:
        document = documents.by_id(session, number)
        documents.finish_reading(session, document, "contract", FIELDS, at=now())
    return number


def _file(session: Session, document: Document) -> None:
    party = parties.create(
        session, "上海远东国际贸易有限公司", credit_code="91350100M000100Y4A", by=HOUSE, at=now()
    )
    kind = categories.suggest_type(session, "contract")
    assert kind
    filing = Filing(
        party=party, type=kind, year=2023, retention="D10", title="设备采购合同",
        number="HY-2023-SC-00417", dated="2023-11", amount="1",
    )  # fmt: skip
    documents.file(session, document, filing, by=HOUSE, at=now())


def _lend(session: Session, borrower: User) -> None:
    folder = volumes.folders(session, before=None, limit=1)[0]
    shelving.shelve(session, folder, "K01-G07-C3-G2", by=HOUSE, at=now())
    today = (now() - timedelta(days=60)).date()
    circulation.check_out(
        session, folder, borrower, purpose="核对付款条款", due_on=today, today=today,
        by=HOUSE, at=now(),
    )  # fmt: skip


def english_on(html: str) -> list[str]:
    """Sentences of the catalogue that stand on a page in English."""
    texts = seen(html)
    return [said for said, shape in _shapes() for text in texts if shape.search(text)]


def _shapes() -> Iterator[tuple[str, re.Pattern[str]]]:
    for sentence in translations():
        words = ".+?".join(re.escape(part) for part in PLACE.split(sentence)[::2])
        # One word may also be part of a name: it counts when it stands alone.
        whole = words if " " in sentence else f"^{words}$"
        # What lists are joined with stands in dates and numbers too.
        if sentence not in AS_IT_IS and sentence.strip(",; "):
            yield sentence, re.compile(whole)


def look(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=CHINESE_BROWSER, follow_redirects=True)
    assert answer.status_code < 500, address
    return answer.get_data(as_text=True)


def test_every_page_is_chinese_for_a_chinese_browser(client: FlaskClient) -> None:
    pages = {address: look(client, address) for address in ADDRESSES}
    assert {address for address, page in pages.items() if 'lang="zh-Hans"' not in page} == set()
    english = {address: english_on(page) for address, page in pages.items()}
    assert {address: found for address, found in english.items() if found} == {}


def test_what_every_door_shows_is_chinese(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator, "zh-CN")
    pages = {
        one.rule: browser.get(furnished.path(one))
        for one in OPERATIONS
        if one.form or (one.method == "GET" and one.media_type == "application/json")
    }
    assert {rule: page.status_code for rule, page in pages.items() if page.status_code >= 400} == {}
    english = {rule: english_on(page.text) for rule, page in pages.items()}
    assert {rule: found for rule, found in english.items() if found} == {}


def test_a_folders_page_is_chinese_lent_and_on_the_shelf(
    client: FlaskClient, house: web.House
) -> None:
    with house.database.reading() as session:
        code = volumes.folders(session, before=None, limit=1)[0].code
    assert english_on(look(client, f"/folders/{code}")) == []
    back = client.post(f"/folders/{code}/return", headers=CHINESE_BROWSER, follow_redirects=True)
    assert "李雷已归还。请放回库位 K01-G07-C3-G2。" in back.get_data(as_text=True)
    assert english_on(back.get_data(as_text=True)) == []


@pytest.mark.parametrize(
    "address",
    ["/me/tokens", "/me/password", "/ledger/verify", "/accounts/new", "/parties/new",
     "/labels/folders", "/documents/2/file", "/documents/1/retry", "/documents", "/scan/photo",
     "/accounts/1/close"],
)  # fmt: skip
def test_what_an_empty_form_is_answered_is_chinese(client: FlaskClient, address: str) -> None:
    answer = client.post(address, headers=CHINESE_BROWSER, follow_redirects=True)
    assert answer.status_code < 500
    page = answer.get_data(as_text=True)
    assert english_on(page) == []
    assert "This field is required" not in page


def test_log_in_and_a_new_link_are_chinese(lived_in: Flask, house: web.House) -> None:
    with house.database.writing() as session:
        key = users.invite(session, Role.CLERK, at=now())
    stranger = lived_in.test_client()
    assert english_on(look(stranger, "/login")) == []
    assert english_on(look(stranger, f"/welcome/{key}")) == []
    # The same page in English: so it is known that English would have been noticed.
    english = stranger.get("/login", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert {"Log in", "Log-in name", "Password", "Skip to the content"} <= set(english_on(english))
    wrong = stranger.post("/login", data={"login": "a", "password": "b"}, headers=CHINESE_BROWSER)
    assert "登录名或密码错误，请重试。" in wrong.get_data(as_text=True)


@pytest.mark.parametrize("wanted", ["zh-CN", "zh-Hans", "zh-Hans-CN,zh;q=0.9", "zh", "zh-TW"])
def test_whoever_asks_for_chinese_gets_chinese(lived_in: Flask, wanted: str) -> None:
    page = lived_in.test_client().get("/login", headers={"Accept-Language": wanted})
    assert "登录名" in page.get_data(as_text=True)


def test_who_asks_for_neither_language_gets_the_houses(lived_in: Flask, settings: Settings) -> None:
    assert Settings.model_fields["language"].default == "zh"
    page = lived_in.test_client().get("/login", headers={"Accept-Language": "fr"})
    assert ("Log-in name" in page.get_data(as_text=True)) == (settings.language == "en")
