"""The JSON described: OpenAPI 3 at /api/v1/openapi.json, made from the doors themselves."""

from collections.abc import Iterable
from typing import Any

from apispec import APISpec
from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Field,
    FileField,
    IntegerField,
    SelectField,
)
from wtforms.validators import DataRequired, InputRequired

from archive.base.web import API, Door, Form, Operation

VERSION = "1"
KEY = "juanzong.description"
page = Blueprint("description", __name__)

REFUSAL = {
    "properties": {"error": {"type": "string"}, "fields": {"type": "object"}},
    "required": ["error"],
}

# How a form's field looks in JSON; the first kind that fits counts.
SHAPES: tuple[tuple[type[Field], dict[str, str]], ...] = (
    (DateField, {"type": "string", "format": "date"}),
    (IntegerField, {"type": "integer"}),
    (DecimalField, {"type": "number"}),
    (BooleanField, {"type": "boolean"}),
    (FileField, {"type": "string", "format": "binary"}),
)
REFUSALS = {
    "401": "No key, or one that is not known.",
    "403": "The account may not do this.",
    "404": "There is no such record.",
    "409": "Someone or something stands in the way.",
    "413": "Too large.",
    "422": "A value cannot be used; `fields` says which.",
}


@page.get(f"{API}/openapi.json")
def description() -> ResponseReturnValue:
    """The description itself, for everyone."""
    return jsonify(current_app.extensions[KEY])


def describe(app: Flask, doors: Iterable[Door]) -> None:
    """Make the description of every address of the doors."""
    spec = APISpec("Juanzong", VERSION, "3.0.3", servers=[{"url": API}])
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Refusal", {"type": "object", **REFUSAL})
    told: dict[str, dict[str, Any]] = {}
    with app.test_request_context(f"{API}/"):
        for operation in (one for door in doors for one in door.operations):
            path = told.setdefault(_path(operation.rule), {})
            path[operation.method.lower()] = _operation(operation)
    for path_name, operations in told.items():
        spec.path(path_name, operations=operations)
    app.extensions[KEY] = spec.to_dict()


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Right: `{operation.deed}`",
        "security": [{"key": []}],
        "parameters": [*_places(operation.rule), *map(_asked, operation.asks)],
        "responses": {"200": _done(operation)} | {code: _refused(code) for code in REFUSALS},
    }
    body = _body(operation)
    return told | ({"requestBody": {"required": True, "content": body}} if body else {})


def _done(operation: Operation) -> dict[str, Any]:
    kind = "object" if operation.media_type == "application/json" else "string"
    shape = {"type": kind} | ({"format": "binary"} if kind == "string" else {})
    return {"description": "Done.", "content": {operation.media_type: {"schema": shape}}}


def _refused(code: str) -> dict[str, Any]:
    return {
        "description": REFUSALS[code],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }


def _body(operation: Operation) -> dict[str, Any]:
    if operation.form:
        return {"application/json": {"schema": _schema(operation.form)}}
    if not operation.uploads:
        return {}
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    shape = {"type": "object", "properties": {operation.uploads: files}}
    return {"multipart/form-data": {"schema": shape | {"required": [operation.uploads]}}}


def _schema(form: type[Form]) -> dict[str, Any]:
    fields = [field for field in form(formdata=None) if field.name != "csrf_token"]
    needed = [f.name for f in fields if _is_required(f) and not form.suggests]
    shapes = {field.name: _shape(field) for field in fields}
    return {"type": "object", "properties": shapes} | ({"required": needed} if needed else {})


def _shape(field: Field) -> dict[str, Any]:
    if isinstance(field, SelectField):
        kind = "integer" if field.coerce is int else "string"
        choices = [choice[0] for choice in field.iter_choices()] if field.choices else []
        return {"type": kind} | ({"enum": choices} if choices else {})
    return dict(
        next((shape for kind, shape in SHAPES if isinstance(field, kind)), {"type": "string"})
    )


def _is_required(field: Field) -> bool:
    return any(isinstance(one, (DataRequired, InputRequired)) for one in field.validators)


def _path(rule: str) -> str:
    return "/".join(_place(part) for part in rule.split("/"))


def _place(part: str) -> str:
    return "{" + part[1:-1].rpartition(":")[2] + "}" if part.startswith("<") else part


def _places(rule: str) -> list[dict[str, Any]]:
    places = [part[1:-1] for part in rule.split("/") if part.startswith("<")]
    return [
        {
            "name": place.rpartition(":")[2],
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if place.startswith("int:") else "string"},
        }
        for place in places
    ]


def _asked(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
