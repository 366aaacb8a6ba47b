"""The JSON's own description: sound OpenAPI, with every operation in it."""

import re
from typing import Any

import pytest
from flask import Flask

from app import DOORS
from archive.base.web import API
from tests.pages import Browser

METHODS = {"get", "post"}
TYPES = {"string", "integer", "number", "boolean", "object", "array"}


@pytest.fixture
def told(app: Flask) -> dict[str, Any]:
    answer = Browser(app).get(f"{API}/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def operations(told: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, how, one) for path, ways in told["paths"].items() for how, one in ways.items()]


def test_it_is_open_api(told: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.0\.\d", told["openapi"])
    assert told["info"]["title"] == "Juanzong"
    assert told["info"]["version"]
    assert told["servers"] == [{"url": API}]
    assert told["components"]["securitySchemes"]["key"] == {"type": "http", "scheme": "bearer"}


def test_every_operation_of_every_door_is_in_it(told: dict[str, Any]) -> None:
    described = {(how, re.sub(r"\{(\w+)\}", r"<\1>", path)) for path, how, _ in operations(told)}
    made = {
        (one.method.lower(), re.sub(r"<int:(\w+)>", r"<\1>", one.rule))
        for door in DOORS
        for one in door.operations
    }
    assert described == made


def test_every_address_of_the_json_is_in_it(app: Flask, told: dict[str, Any]) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(API))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{API}/")
    }
    assert rules - {"/openapi.json"} == set(told["paths"])


def test_every_operation_says_what_it_takes_and_gives(told: dict[str, Any]) -> None:
    names = [one["operationId"] for _, _, one in operations(told)]
    assert len(set(names)) == len(names)
    for path, how, one in operations(told):
        assert how in METHODS
        assert one["summary"]
        assert one["security"] == [{"key": []}]
        assert {"200", "401", "403", "404", "422"} <= set(one["responses"]), path
        for response in one["responses"].values():
            assert response["description"]
        places = {p["name"] for p in one["parameters"] if p["in"] == "path"}
        assert places == set(re.findall(r"\{(\w+)\}", path)), path
        assert all(p["required"] for p in one["parameters"] if p["in"] == "path")
        assert all(p["schema"]["type"] in TYPES for p in one["parameters"])


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    for reference in set(re.findall(r"'\$ref': '([^']+)'", str(told))):
        there: Any = told
        for step in reference.removeprefix("#/").split("/"):
            there = there[step]
        assert there


def test_search_says_what_may_be_asked(told: dict[str, Any]) -> None:
    asked = {p["name"] for p in told["paths"]["/search"]["get"]["parameters"]}
    assert {"q", "category", "kind", "party", "since", "until", "offset"} <= asked


def test_a_form_says_its_fields_and_which_are_needed(told: dict[str, Any]) -> None:
    body = told["paths"]["/parties/new"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"]["required"] == ["name"]
    assert {"name", "kind", "credit_code", "credit_limit"} <= set(body["schema"]["properties"])
    lending = told["paths"]["/folders/{code}/check-out"]["post"]["requestBody"]["content"]
    shapes = lending["application/json"]["schema"]["properties"]
    assert shapes["borrower"] == {"type": "integer"}
    assert shapes["due_on"] == {"type": "string", "format": "date"}
    assert "csrf_token" not in shapes


def test_uploads_are_described_as_files(told: dict[str, Any]) -> None:
    body = told["paths"]["/documents"]["post"]["requestBody"]["content"]["multipart/form-data"]
    files = body["schema"]["properties"]["files"]
    assert files["items"] == {"type": "string", "format": "binary"}
