"""Coming in and going out: log-in, the way back, the first administrator, the language."""

import html
import re

import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from werkzeug.test import EnvironBuilder, run_wsgi_app

import app as front_door
from archive import users
from archive.base import ledger, web
from archive.base.db import now
from archive.users import Role, User
from tests.pages import Browser
from tests.people import NOON, PASSWORD, Cast, Visitor

ELSEWHERE = [
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "//[",
    "/\\[",
    "https:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "evil.example",
    "",
    "http://[",
    "/%0d%0aX-Evil: 1\r\nX-Evil: 1",
]


def log_in(browser: Browser, login: str = "wang", password: str = PASSWORD, **more: str) -> int:
    return browser.post("/login", login=login, password=password, **more).status_code


def test_a_person_logs_in_and_out(app: Flask, staffed: Cast) -> None:
    browser = Browser(app)
    answer = browser.post("/login?next=/volumes", login=" Wang ", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/volumes")
    assert "王芳" in browser.get("/").text
    assert browser.post("/logout").status_code == 303
    assert browser.get("/").status_code == 303
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.reading() as session:
        rows = ledger.history(session, staffed.archivist.subject)
    assert rows[0].action == "user.logged_in"


@pytest.mark.parametrize(
    ("login", "password"), [("wang", "nonsense 17"), ("nobody", PASSWORD), ("sun", PASSWORD)]
)
def test_who_cannot_log_in_is_told_the_same_sentence(
    app: Flask, staffed: Cast, login: str, password: str
) -> None:
    browser = Browser(app)
    answer = browser.post("/login", login=login, password=password)
    assert answer.status_code == 403
    assert html.unescape(users.WrongPassword.text) in html.unescape(answer.text)
    assert login in answer.text
    assert password not in answer.text
    assert browser.get("/").status_code == 303


def test_the_way_back_never_leads_to_another_host(app: Flask, staffed: Cast) -> None:
    for wanted in ELSEWHERE:
        answer = Browser(app).post("/login", login="wang", password=PASSWORD, next=wanted)
        assert answer.status_code == 303, wanted
        assert answer.location == "/", wanted
        assert "X-Evil" not in answer.headers
        chosen = Browser(app).post("/language", language="zh", next=wanted)
        assert chosen.location == "/", wanted


def test_the_way_back_keeps_the_query(app: Flask, staffed: Cast) -> None:
    browser = Browser(app)
    answer = browser.get("/search?q=合同&kind=contract")
    assert answer.status_code == 303
    gone = browser.post(answer.location, login="wang", password=PASSWORD)
    assert "/search?q=" in gone.location
    assert "kind=contract" in gone.location


def test_after_ten_wrong_passwords_a_name_has_to_wait(app: Flask, staffed: Cast) -> None:
    browser = Browser(app)
    for attempt in range(10):
        # However the name is written, it is one name.
        assert log_in(browser, ("wang", " WANG", "Wang ")[attempt % 3], "wrong") == 403
    assert log_in(browser, "wang", PASSWORD) == 429
    assert log_in(browser, "chen") == 303


def test_an_office_behind_one_address_may_log_in_as_often_as_it_likes(
    app: Flask, staffed: Cast
) -> None:
    for _ in range(40):
        assert log_in(Browser(app), "li") == 303


def test_thirty_wrong_passwords_close_the_door_for_an_address(app: Flask, staffed: Cast) -> None:
    browser = Browser(app)
    answers = [log_in(browser, f"nobody{number}", "wrong") for number in range(31)]
    assert answers[:30] == [403] * 30
    assert answers[30] == 429


def test_a_new_password_ends_the_other_sessions(app: Flask, staffed: Cast) -> None:
    here, there = Browser(app, staffed.clerk), Browser(app, staffed.clerk)
    new = "another horse 43"
    answer = here.post("/me/password", present=PASSWORD, password=new, again=new)
    assert answer.status_code == 303
    assert there.get("/").status_code == 303
    assert log_in(Browser(app), "chen", PASSWORD) == 403
    assert log_in(Browser(app), "chen", new) == 303


def test_a_copied_cookie_is_worth_nothing_after_log_out(app: Flask, staffed: Cast) -> None:
    here, other, thief = Browser(app), Browser(app), Browser(app)
    assert log_in(here) == log_in(other) == 303
    copied = here.client.get_cookie("juanzong")
    assert copied is not None
    thief.client.set_cookie("juanzong", copied.value)
    assert thief.get("/").status_code == 200
    assert here.post("/logout").status_code == 303
    assert thief.get("/").status_code == 303
    thief.client.set_cookie("juanzong", copied.value)
    assert thief.get("/inbox").status_code == 303
    assert other.get("/").status_code == 200


def test_who_logs_in_once_more_leaves_no_visit_behind(app: Flask, staffed: Cast) -> None:
    browser = Browser(app, staffed.clerk)
    copied = browser.client.get_cookie("juanzong")
    assert copied is not None
    assert browser.post("/login", login="wang", password=PASSWORD).status_code == 303
    assert browser.get("/me").status_code == 200
    thief = Browser(app)
    thief.client.set_cookie("juanzong", copied.value)
    assert thief.get("/me").status_code == 303


def test_the_present_password_cannot_be_guessed_by_trying(app: Flask, staffed: Cast) -> None:
    browser, program, new = Browser(app, staffed.clerk), Visitor(app, staffed.clerk), "a new one 12"

    def at_the_page() -> int:
        sent = browser.post("/me/password", present="wrong one", password=new, again=new)
        return sent.status_code

    def at_the_api() -> int:
        return program.post("/me/password", present="wrong one", password=new, again=new).status

    answers = [at_the_page() for _ in range(5)] + [at_the_api() for _ in range(5)]
    assert answers == [403] * 10
    assert (at_the_page(), at_the_api()) == (429, 429)
    assert program.post("/me/password", present=PASSWORD, password=new, again=new).status == 429
    # The same count holds at the log-in.
    assert log_in(Browser(app), "chen") == 429
    assert log_in(Browser(app), "li") == 303
    assert browser.get("/me").status_code == 200


class WatchingHasher:
    """The hasher, sure that nobody who writes waits for it."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher, self.calls = hasher, 0

    def _look(self) -> None:
        self.calls += 1
        assert "session" not in g or not g.session.in_transaction()

    def hash(self, password: str) -> str:
        self._look()
        return self._hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        self._look()
        return self._hasher.verify(kept, password)


def test_passwords_are_hashed_and_checked_before_the_database_is_held(
    app: Flask, staffed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        key = users.invite(session, Role.CLERK, at=now())
    administrator, clerk = Browser(app, staffed.administrator), Browser(app, staffed.clerk)
    hasher, new = WatchingHasher(users._hasher), "another horse 43"
    monkeypatch.setattr(users, "_hasher", hasher)
    assert log_in(Browser(app), "li") == 303
    made = administrator.post(
        "/accounts/new", login="n1", name="N", role="staff", password=new, department=""
    )
    assert made.status_code == 303
    mine = {"name": "W", "password": new, "again": new}
    assert Browser(app).post(f"/welcome/{key}", login="n2", **mine).status_code == 303
    sent = clerk.post("/me/password", present=PASSWORD, password=new, again=new)
    assert sent.status_code == 303
    assert hasher.calls == 5


def test_a_new_password_needs_the_present_one(app: Flask, staffed: Cast) -> None:
    browser, new = Browser(app, staffed.clerk), "another horse 43"
    for present, password, again in (
        ("wrong", new, new),
        (PASSWORD, new, "different 12"),
        (PASSWORD, "short", "short"),
    ):
        answer = browser.post("/me/password", present=present, password=password, again=again)
        assert answer.status_code in (403, 422)
        assert "<form" in answer.text
    assert log_in(Browser(app), "chen", PASSWORD) == 303


def test_an_administrator_closes_an_account_and_it_is_out_at_once(
    app: Flask, staffed: Cast
) -> None:
    browser, closed = Browser(app, staffed.administrator), Browser(app, staffed.clerk)
    assert closed.get("/inbox").status_code == 200
    assert browser.post(f"/accounts/{staffed.clerk.id}/close").status_code == 303
    assert closed.get("/inbox").status_code == 303


def test_the_first_administrator_comes_in_by_a_link_that_works_once(app: Flask) -> None:
    told = front_door.greeting(app)
    found = re.search(r"(http\S+)(/welcome/\S+)", told)
    assert found is not None
    browser = Browser(app)
    assert browser.get(found[2]).status_code == 200
    mine = {"login": "first", "name": "第一人", "password": PASSWORD, "again": PASSWORD}
    assert browser.post(found[2], **{**mine, "again": "different 1"}).status_code == 422
    assert browser.post(found[2], **{**mine, "login": "  "}).status_code == 422
    answer = browser.post(found[2], **mine)
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.get("/accounts").status_code == 200
    assert Browser(app).get(found[2]).status_code == 404
    assert Browser(app).post(found[2], **{**mine, "login": "second"}).status_code == 404
    assert "/welcome/" not in front_door.greeting(app)


def test_a_name_that_is_taken_does_not_spend_the_link(app: Flask, staffed: Cast) -> None:
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        key = users.invite(session, Role.CLERK, at=now())
    browser = Browser(app)
    mine = {"name": "Wang", "password": PASSWORD, "again": PASSWORD}
    answer = browser.post(f"/welcome/{key}", login="WANG", **mine)
    assert answer.status_code == 409
    assert 'value="WANG"' in answer.text
    assert browser.post(f"/welcome/{key}", login="wang2", **mine).status_code == 303


def test_an_old_link_opens_nothing(app: Flask) -> None:
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.writing() as session:
        key = users.invite(session, Role.CLERK, at=NOON)
    for path in (f"/welcome/{key}", "/welcome/x", "/welcome/%00", "/welcome/" + "x" * 3000):
        assert Browser(app).get(path).status_code == 404


def test_the_language_is_the_browsers_until_the_reader_chooses(app: Flask, staffed: Cast) -> None:
    chinese, english = Browser(app, language="zh-CN"), Browser(app, language="en-GB")
    assert '<html lang="zh-Hans">' in chinese.get("/login").text
    assert '<html lang="en">' in english.get("/login").text
    assert '<html lang="en">' in Browser(app, language="fr").get("/login").text  # as is set
    english.post("/language", language="zh")
    assert '<html lang="zh-Hans">' in english.get("/login").text
    english.post("/language", language="xx")
    assert '<html lang="zh-Hans">' in english.get("/login").text


def test_who_is_logged_in_takes_the_language_along(app: Flask, staffed: Cast) -> None:
    Browser(app, staffed.clerk).post("/language", language="zh")
    house: web.House = app.extensions[web.HOUSE_KEY]
    with house.database.reading() as session:
        assert session.get_one(User, staffed.clerk.id).language == "zh"
    assert '<html lang="zh-Hans">' in Browser(app, staffed.clerk).get("/").text


class Untouched:
    """A body of which nothing may be received."""

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/documents", "multipart/form-data; boundary=x", 303),
        ("/api/v1/documents", "multipart/form-data; boundary=x", 401),
        ("/scan/photo", "multipart/form-data; boundary=x", 303),
        ("/api/v1/parties/new", "application/json", 401),
        ("/login", "application/x-www-form-urlencoded", 413),
        ("/login", "multipart/form-data; boundary=x", 413),
        ("/language", "application/x-www-form-urlencoded", 413),
    ],
)
def test_nothing_of_what_a_stranger_sends_is_received(
    app: Flask, path: str, kind: str, status: int
) -> None:
    environ = EnvironBuilder(path, method="POST").get_environ()
    environ |= {"wsgi.input": Untouched(), "CONTENT_LENGTH": "50000000", "CONTENT_TYPE": kind}
    _body, answer, _headers = run_wsgi_app(app.wsgi_app, environ)
    assert answer.startswith(str(status))
