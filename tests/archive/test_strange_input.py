"""Whatever is sent, nobody gets a 500: made-up queries, JSON of every shape, torn bytes."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app import DOORS
from archive import users
from archive.base.ledger import HOUSE
from archive.base.web import API, Form, Operation
from archive.users import User
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import NOON, Visitor

OPERATIONS = [operation for door in DOORS for operation in door.operations]
LOOKS = [operation for operation in OPERATIONS if operation.method == "GET"]
FORMS = [operation for operation in OPERATIONS if operation.form is not None]

# Nothing of this is anybody's typing error: it is what scanners, programs and attackers send.
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["\0", "a\0b", "\ud800", "x" * 301, "-0",
          "龘" * 400, "-1", "0", str(2**31), str(2**63), str(2**70),
         "1e999", "NaN", "2024-02-30", "2024-13", "%", "_", "\\", "'", "\"><script>", "%s%(a)s{}",
         "(", "[", "*", "AND OR NOT", "设备*?~", "\u202e", "İ" * 60, "2026-05-31_" + "9" * 30],
    ),
)  # fmt: skip
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=4
)
patient = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def names_of(form: type[Form] | None, furnished: Furnished) -> list[str]:
    assert form is not None
    with furnished.app.test_request_context(f"{API}/"):
        return [field.name for field in form(formdata=None)]


def answered(answer: TestResponse) -> bool:
    """Done, or refused in words."""
    if answer.status_code >= 400 and answer.request.path.startswith(API):
        return answer.status_code < 500 and bool(json.loads(answer.text)["error"])
    return answer.status_code < 500


@pytest.fixture
def visitor(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.administrator)


@patient
@given(data=st.data())
def test_no_query_breaks_a_list_or_a_page(
    furnished: Furnished, visitor: Visitor, data: st.DataObject
) -> None:
    operation: Operation = data.draw(st.sampled_from(LOOKS))
    names = st.sampled_from([*operation.asks, "q", "page", "nothing"])
    query = data.draw(st.dictionaries(names, TEXTS, max_size=4))
    sent = {name: text.encode("utf-8", "replace").decode() for name, text in query.items()}
    reply = visitor.get(furnished.path(operation), **sent)
    assert reply.status < 500, (operation, query)


@patient
@given(data=st.data())
def test_no_json_breaks_a_form(furnished: Furnished, visitor: Visitor, data: st.DataObject) -> None:
    operation: Operation = data.draw(st.sampled_from(FORMS))
    names = st.sampled_from([*names_of(operation.form, furnished), "nothing", ""])
    body = data.draw(st.dictionaries(names, VALUES, max_size=6))
    answer = _send(visitor, furnished.path(operation), json.dumps(body))
    assert answered(answer), (operation, body)


@patient
@given(data=st.data())
def test_no_form_breaks_a_page(furnished: Furnished, data: st.DataObject) -> None:
    browser = Browser(furnished.app, furnished.cast.clerk)
    operation: Operation = data.draw(st.sampled_from(FORMS))
    names = st.sampled_from([*names_of(operation.form, furnished), "nothing"])
    form = data.draw(st.dictionaries(names, TEXTS, max_size=6))
    sent = {name: text.encode("utf-8", "replace").decode() for name, text in form.items()}
    assert browser.post(furnished.path(operation), **sent).status_code < 500, (operation, form)


BODIES = (
    "", "{", "[]", "[1]", "null", "5", '"text"', "true", "NaN", "{}", '{"a"}', "\0", "{" * 5000,
    "[" * 100_000, "1" * 5000, '{"name": ' + "9" * 5000 + "}", '{"name": "\\ud800"}',
    '{"name": "\\u0000"}', '{"name": {"a": 1}}', '{"name": ["a"]}', '{"name": null}', "\ufeff{}",
    "--x\r\n", "--x\r\nContent-Disposition: form-data",
)  # fmt: skip
KINDS = (
    "application/json", "text/plain", "application/x-www-form-urlencoded", "\0", "", "image/png",
    "application/json; charset=utf-16", "multipart/form-data", "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 3000,
)  # fmt: skip


def test_no_body_of_any_kind_breaks_a_door(furnished: Furnished, visitor: Visitor) -> None:
    posts = [one for one in OPERATIONS if one.method == "POST" and one.name != "accounts.close"]
    for operation in posts:
        path = furnished.path(operation)
        for body in BODIES:
            assert answered(_send(visitor, path, body)), (operation, body[:50])
        for kind in KINDS:
            answer = _send(visitor, path, BODIES[-1], kind)
            assert answered(answer), (operation, kind)


def test_no_number_in_an_address_breaks_a_door(furnished: Furnished) -> None:
    person = furnished.cast.administrator
    browser, visitor = Browser(furnished.app, person), Visitor(furnished.app, person)
    numbered = [operation for operation in OPERATIONS if "<int:" in operation.rule]
    for operation in numbered:
        for number in ("0", str(2**31), str(2**63), str(2**70), "9" * 3000, "-1", "²"):
            path = re.sub(r"<int:\w+>", number, operation.rule)
            ask = visitor.post if operation.method == "POST" else visitor.get
            assert ask(path).status == 404, (operation, number)
            post = browser.post if operation.method == "POST" else browser.get
            assert post(path).status_code == 404, (operation, number)


def test_no_code_in_an_address_breaks_a_door(furnished: Furnished) -> None:
    person = furnished.cast.administrator
    browser, visitor = Browser(furnished.app, person), Visitor(furnished.app, person)
    for operation in [operation for operation in OPERATIONS if "<code>" in operation.rule]:
        for code in ("%00", "..%2f..%2fetc%2fpasswd", "x" * 300, "%ff%fe", "'", "<q>", "{{7*7}}"):
            path = operation.rule.replace("<code>", code)
            ask = visitor.post if operation.method == "POST" else visitor.get
            assert ask(path).status == 404, (operation, code)
            answer = (browser.post if operation.method == "POST" else browser.get)(path)
            assert answer.status_code == 404, (operation, code)
            assert "<q>" not in answer.text


@pytest.mark.parametrize("length", [300, 301])
def test_names_at_their_longest_are_kept_and_longer_ones_refused(
    visitor: Visitor, length: int, furnished: Furnished
) -> None:
    path = f"/documents/{furnished.places['documents']}/file"
    reply = visitor.post(path, title="题" * length, party_name="客" * 200, number="号" * 100)
    assert reply.status == (200 if length == 300 else 422), reply.data
    if length == 301:
        assert list(reply.data["fields"]) == ["title"]


def test_a_borrower_who_is_no_number_or_nobody_is_refused(
    visitor: Visitor, furnished: Furnished
) -> None:
    path = f"/folders/{furnished.places['code']}/check-out"
    told: dict[str, Any] = {"purpose": "核对", "due_on": "2999-01-01"}
    for borrower in (2**70, -1, 0, 999, "x", 1.5, True):
        reply = visitor.post(path, borrower=borrower, **told)
        assert reply.status == 422, (borrower, reply.data)


@pytest.mark.filterwarnings("ignore:The 'juanzong' cookie is too large")
def test_strange_headers_break_nothing(furnished: Furnished) -> None:
    with furnished.house.database.writing() as session:
        clerk = session.get_one(User, furnished.cast.clerk.id)
        key = users.issue_token(session, clerk, "x", by=HOUSE, at=NOON)
    client = furnished.app.test_client()
    for headers, status in (
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": "Bearer \xff\xfe"}, 401),
        ({"Authorization": "bearer  " + key}, 200),
        ({"Authorization": "Bearer " + key, "Accept-Language": "x" * 5000}, 200),
        ({"Authorization": "Bearer " + key, "Accept-Language": ";;q=,zh;q=x"}, 200),
        ({"Authorization": "Bearer " + key, "Accept": "???"}, 200),
        ({"Authorization": "Bearer " + key, "Range": "bytes=9-1"}, 200),
    ):
        assert client.get(f"{API}/inbox", headers=headers).status_code == status, headers
    for cookie in ("x", "....", "\xff", "a" * 5000):
        client.set_cookie("juanzong", cookie)
        assert client.get("/").status_code == 303


def _send(
    visitor: Visitor, path: str, body: str, media_type: str = "application/json"
) -> TestResponse:
    client: FlaskClient = visitor.client
    return client.post(
        API + path, data=body.encode("utf-8", "surrogatepass"), content_type=media_type,
        headers=visitor._headers,
    )  # fmt: skip
