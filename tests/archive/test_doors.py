"""Every door: who may come in, as page and as JSON, and what everyone else is told."""

import html
import json
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from app import DOORS, HEADERS, create_app
from archive.access import RIGHTS
from archive.base import ledger, web
from archive.base.settings import Settings
from archive.base.web import API, Operation
from archive.users import User
from tests import stock
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import Visitor

OPERATIONS = [operation for door in DOORS for operation in door.operations]


def said(answer: TestResponse) -> str:
    told = json.loads(answer.text)
    assert set(told) <= {"error", "fields"}
    assert told["error"]
    return str(told["error"])


def addresses(furnished: Furnished) -> Iterator[tuple[Operation, str]]:
    for operation in OPERATIONS:
        yield operation, furnished.path(operation)


def page_post(browser: Browser, operation: Operation, path: str) -> TestResponse:
    return browser.post(path) if operation.method == "POST" else browser.get(path)


def test_who_is_not_logged_in_is_led_to_the_log_in_and_back(furnished: Furnished) -> None:
    nobody = Browser(furnished.app)
    for operation, path in addresses(furnished):
        if operation.method == "GET" or operation.form:
            answer = nobody.get(path)
            assert (answer.status_code, answer.location) == (303, f"/login?next={path}"), operation
        if operation.method == "POST":
            answer = nobody.post(path)
            assert (answer.status_code, answer.location) == (303, "/login"), operation


def test_a_program_without_a_key_is_refused(furnished: Furnished) -> None:
    for headers in ({}, {"Authorization": "Bearer jz_made_up"}, {"Authorization": "Basic eDp5"}):
        client = furnished.app.test_client()
        for operation, path in addresses(furnished):
            answer = client.open(API + path, method=operation.method, headers=headers)
            assert answer.status_code == 401, operation
            assert said(answer)


def test_a_pages_own_script_gets_its_refusal_as_json(furnished: Furnished) -> None:
    answer = furnished.app.test_client().get("/inbox", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert said(answer)


def test_a_closed_account_is_a_stranger_everywhere(furnished: Furnished) -> None:
    with furnished.house.database.reading() as session:
        stranger = session.get_one(User, furnished.cast.stranger.id)
    at_pages, as_program = Browser(furnished.app, stranger), Visitor(furnished.app, stranger)
    for operation, path in addresses(furnished):
        assert page_post(at_pages, operation, path).status_code == 303, operation
        ask = as_program.post if operation.method == "POST" else as_program.get
        assert ask(path).status == 401, operation


def test_who_may_not_is_refused_by_page_and_json_in_the_same_words(furnished: Furnished) -> None:
    for person in furnished.everyone():
        at_pages, as_program = Browser(furnished.app, person), Visitor(furnished.app, person)
        for operation, path in addresses(furnished):
            if person.role in RIGHTS[operation.deed]:
                continue
            answer = page_post(at_pages, operation, path)
            ask = as_program.post if operation.method == "POST" else as_program.get
            reply = ask(path)
            assert (answer.status_code, reply.status) == (403, 403), (person.login, operation)
            assert html.escape(reply.data["error"], quote=True) in answer.text.replace(
                "&#39;", "&#x27;"
            )


def test_a_form_without_its_token_is_refused(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    posts = [path for operation, path in addresses(furnished) if operation.method == "POST"]
    for path in [*posts, "/login", "/logout", "/language"]:
        assert browser.post_blindly(path).status_code in (400, 422), path
    with furnished.house.database.reading() as session:
        assert session.get_one(User, furnished.cast.reader.id).is_active


def test_a_cookie_is_no_key_to_the_json(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    for path in ("/inbox", "/accounts", "/ledger"):
        assert browser.get(API + path).status_code == 401
    assert browser.post_blindly(f"{API}/parties/new", name="x").status_code == 401


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages_for_those_who_may(
    furnished: Furnished, language: str
) -> None:
    for person in furnished.everyone():
        browser = Browser(furnished.app, person, language)
        for operation, path in addresses(furnished):
            if person.role not in RIGHTS[operation.deed]:
                continue
            if operation.method == "POST" and not operation.form:
                continue
            answer = browser.get(path)
            assert answer.status_code == (303 if path.startswith("/c/") else 200), (path, person)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in answer.text


def test_every_looking_answers_programs_too(furnished: Furnished) -> None:
    visitor = Visitor(furnished.app, furnished.cast.administrator)
    for operation, path in addresses(furnished):
        if operation.method == "GET":
            reply = visitor.get(path)
            assert reply.status == 200, operation
            plain = operation.media_type != "application/json"
            assert reply.data or plain or path == "/scan", operation


def test_every_answer_carries_the_headers_of_safety(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    nobody = Browser(furnished.app)
    answers = [browser.get(path) for operation, path in addresses(furnished)]
    answers += [nobody.get(path) for path in ("/", "/login", "/nowhere", f"{API}/nowhere")]
    answers += [nobody.get("/static/style.css"), nobody.get(f"{API}/openapi.json")]
    answers += [nobody.post_blindly("/login"), browser.get("/documents/999")]
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, answer.request.path
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]


def test_what_a_page_shows_is_kept_by_nobody_on_the_way(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    for operation, path in addresses(furnished):
        if operation.method == "GET":
            kept = browser.get(path).headers.get("Cache-Control", "")
            assert "public" not in kept, path
            assert "no-store" in kept or "private" in kept or "no-cache" in kept, path


def test_cookies_are_for_this_site_and_no_script(furnished: Furnished) -> None:
    answer = Browser(furnished.app).get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_go_over_https_only_where_that_is_set(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    assert "Secure" in Browser(app).get("/login").headers["Set-Cookie"]
    app.extensions[web.HOUSE_KEY].database.close()


def test_the_door_tells_what_it_is_asked_for(furnished: Furnished) -> None:
    """Every operation is described: summary, right, and what it takes."""
    for operation in OPERATIONS:
        assert operation.summary.endswith("."), operation
        assert operation.deed in RIGHTS, operation


def refusals(furnished: Furnished) -> list[tuple[str, str, dict[str, str]]]:
    """What is refused now: status, path, and what is sent."""
    code = furnished.places["code"]
    waiting = furnished.places["documents"]
    lent = {"borrower": str(furnished.cast.reader.id), "purpose": "x", "due_on": "2020-01-01"}
    return [
        ("404", "/documents/999/retry", {}),
        ("404", "/folders/00000000/check-out", {}),
        ("404", "/accounts/999/close", {}),
        ("404", "/me/tokens/999/revoke", {}),
        ("409", f"/documents/{waiting}/retry", {}),
        ("409", f"/folders/{code}/return", {"note": "早还"}),
        ("409", "/parties/new", {"name": stock.HENGYUE}),
        ("409", f"/accounts/{furnished.cast.administrator.id}/close", {}),
        ("422", f"/folders/{code}/check-out", lent),
        ("422", f"/folders/{code}/check-out", {"due_on": "never"}),
        ("422", f"/folders/{code}/shelve", {"place": "库房"}),
        ("422", "/parties/new", {"name": "   "}),
        ("422", "/documents", {}),
        ("422", "/scan/photo", {}),
    ]


def test_page_and_json_refuse_alike(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    visitor = Visitor(furnished.app, furnished.cast.administrator)
    for status, path, form in refusals(furnished):
        answer, reply = browser.post(path, **form), visitor.post(path, **form)
        assert (str(answer.status_code), str(reply.status)) == (status, status), path
        shown = html.unescape(answer.text)
        told = [*reply.data.get("fields", {}).values()] or [[reply.data["error"]]]
        assert all(sentence in shown for one in told for sentence in one), (path, told)


def test_a_refused_form_keeps_what_was_typed(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    code, waiting = furnished.places["code"], furnished.places["documents"]
    for path, form in (
        ("/parties/new", {"name": stock.HENGYUE, "credit_code": "91310115MA1K3YJ12C"}),
        (f"/folders/{code}/check-out", {"purpose": "核对付款", "due_on": "2020-01-01"}),
        (f"/folders/{code}/shelve", {"place": "不是库位"}),
        ("/labels/folders", {"codes": f"{code}\nABCDEFGH", "start": "1"}),
        ("/labels/folders", {"codes": "", "start": "999"}),
        ("/accounts/new", {"login": "wang", "name": "另一个王", "password": "long enough 1"}),
        (f"/documents/{waiting}/file", {"title": "我的题名", "dated": "2024年2月30日"}),
    ):
        answer = browser.post(path, **form)
        assert 400 <= answer.status_code < 500, path
        for name, typed in form.items():
            kept = name == "password" or all(
                line in html.unescape(answer.text) for line in typed.splitlines()
            )
            assert kept, (path, name)


def test_what_cannot_be_done_changes_nothing_and_leaves_no_row(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    with furnished.house.database.reading() as session:
        before = ledger.head(session)
    for _, path, form in refusals(furnished):
        browser.post(path, **form)
    with furnished.house.database.reading() as session:
        assert ledger.head(session) == before
        assert ledger.verify(session).ok


def test_a_history_that_cannot_be_is_told_by_page_and_json(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.archivist)
    visitor = Visitor(furnished.app, furnished.cast.archivist)
    wrong = {
        "kind=folder&ref=K7D2Q9XM": 422,
        "kind=folder": 422,
        "ref=1": 422,
        "kind=folder&ref=-1": 422,
        "kind=folder&ref=99999": 404,
        "kind=nonsense&ref=1": 404,
    }
    for query, status in wrong.items():
        page = browser.get(f"/ledger?{query}")
        reply = visitor.get("/ledger", **dict(pair.split("=") for pair in query.split("&")))
        assert (page.status_code, reply.status) == (status, status)
        assert reply.data["error"] in html.unescape(page.text)
    for right in ("kind=user&ref=1", "kind=user&ref=1&before=1", "kind=&ref="):
        assert browser.get(f"/ledger?{right}").status_code == 200


def test_every_page_has_one_heading_of_its_own(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.administrator)
    pages = [op for door in DOORS for op in door.operations if op.media_type == "application/json"]
    for operation in pages:
        answer = browser.get(furnished.path(operation))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            assert answer.text.count("<h1") == 1, operation.rule


def test_an_unknown_address_is_said_in_words(furnished: Furnished) -> None:
    browser = Browser(furnished.app, furnished.cast.reader)
    for path in ("/nowhere", "/documents/x", f"/documents/{2**70}", f"/documents/{2**31}"):
        page, told = browser.get(path), browser.get(API + path)
        assert (page.status_code, page.mimetype) == (404, "text/html"), path
        assert (told.status_code, told.mimetype) == (404, "application/json"), path
        assert said(told)
    assert browser.post("/search").status_code == 405
