"""Every operation that the JSON's description names, asked with one wrong value after another.

Beside `test_strange_input.py`, which makes its values up, this goes through all of them in order:
each parameter and each field of a body, alone among values that are right.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from archive.base.web import API
from tests.furnished import Furnished
from tests.pages import Browser
from tests.people import PASSWORD, Visitor

WRONG: tuple[Any, ...] = (
    None, True, -1, 2**31, 10**40, 1.5, [], {"a": [1]}, "", "x" * 10_000, "龘" * 400, "\0\ud800",
    "'; --", "%s%(a)s{}", "-1", "2024-02-30",
)  # fmt: skip
# What is right, by the field's name; a form's other fields may stay empty.
RIGHT = {
    "login": "newcomer", "name": "上海新来有限公司", "password": PASSWORD, "again": PASSWORD,
    "present": "not the password", "label": "scanner", "borrower_name": "李雷", "purpose": "核对",
    "due_on": "2999-01-31", "place": "K01-G01-C1-G1", "role": "staff", "start": 1,
    "pattern": "K{room:2}-{rack}", "room": "1", "rack": "1-3", "capacity_mm": 0, "title": "调架",
    "targets": "K08",
}  # fmt: skip
METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "GET", "POST")

Described = dict[str, Any]


@pytest.fixture
def visitor(furnished: Furnished) -> Visitor:
    return Visitor(furnished.app, furnished.cast.administrator)


def operations(furnished: Furnished) -> Iterator[tuple[str, str, Described]]:
    """(address with its places filled, method, description) of all there are."""
    told = Browser(furnished.app).get(f"{API}/openapi.json").get_json()
    for path, ways in told["paths"].items():
        first = path.split("/")[1]
        number = furnished.places.get(path.rpartition("/{")[0], furnished.places.get(first, 1))
        address = path.replace("{number}", str(number)).replace("{page}", "1")
        address = address.replace("{line}", "1").replace("{other}", "1")
        address = address.replace("{code}", str(furnished.places["code"]))
        assert "{" not in address
        for method, one in ways.items():
            yield f"{API}{address}", method.upper(), one


def in_words(answer: TestResponse) -> bool:
    """Whether it was done, or refused with a sentence; each field's own sentences too."""
    if answer.status_code < 400:
        return True
    told = json.loads(answer.text)
    fields = told.get("fields", {})
    said = [told["error"], *(line for lines in fields.values() for line in lines)]
    return answer.status_code < 500 and all(line.strip() for line in said)


def ask(visitor: Visitor, address: str, method: str, **more: Any) -> TestResponse:
    return visitor.client.open(address, method=method, headers=visitor._headers, **more)


def test_no_wrong_value_in_a_query_breaks_an_operation(
    furnished: Furnished, visitor: Visitor
) -> None:
    for address, method, told in operations(furnished):
        for name in [one["name"] for one in told["parameters"] if one["in"] == "query"]:
            for value in [one for one in WRONG if isinstance(one, str)]:
                typed = value.encode("utf-8", "replace").decode()
                answer = ask(visitor, address, method, query_string={name: typed})
                assert in_words(answer), (address, name, value, answer.text)


def test_no_wrong_value_in_a_body_breaks_an_operation(
    furnished: Furnished, visitor: Visitor
) -> None:
    for address, method, told in operations(furnished):
        content = told.get("requestBody", {}).get("content", {}).get("application/json")
        names = list(content["schema"]["properties"]) if content else []
        right = {name: RIGHT[name] for name in names if name in RIGHT}
        if "codes" in names:
            right["codes"] = str(furnished.places["code"])
        for name in names:
            for value in WRONG:
                body = json.dumps(right | {name: value})
                answer = ask(visitor, address, method, data=body, content_type="application/json")
                assert in_words(answer), (address, name, value, answer.text)


def test_no_other_method_is_answered_and_it_says_so(furnished: Furnished, visitor: Visitor) -> None:
    known: dict[str, set[str]] = {}
    for address, method, _ in operations(furnished):
        known.setdefault(address, set()).add(method)
    for address, methods in known.items():
        for method in (one for one in METHODS if one not in methods):
            answer = ask(visitor, address, method)
            assert answer.status_code == 405, (address, method)
            assert in_words(answer), (address, method)
