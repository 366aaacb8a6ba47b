"""Forms: what the form library says of single values is said in the reader's language."""

import inspect
import re
from collections.abc import Iterator

from flask import Flask
from wtforms import Field

from app import DOORS
from archive import categories
from archive.base.web import API
from archive.base.web.forms import FIELD_SENTENCES
from tests.furnished import Furnished
from tests.people import Visitor

SAID = re.compile(r'gettext\(\s*"([^"]+)"|ngettext\(\s*"[^"]+",\s*"([^"]+)"')
# What no form of ours can be said: it has choices, both ends of its numbers, and its own fields.
NEVER = {
    "Not a valid datetime value.",
    "Choices cannot be None.",
    "Number must be at least %(min)s.",
    "Number must be at most %(max)s.",
    "Field must be at least %(min)d characters long.",
    "Field must be exactly %(max)d characters long.",
    "Invalid field name '%s'.",
    "Field must be equal to %(other_name)s.",
}


def fields(app: Flask) -> Iterator[Field]:
    with app.test_request_context(f"{API}/"):
        for form in {one.form for door in DOORS for one in door.operations if one.form}:
            yield from form(formdata=None)


def test_every_sentence_of_a_field_that_we_use_is_in_our_catalogue(furnished: Furnished) -> None:
    said = set()
    for field in fields(furnished.app):
        for kind in (*type(field).__mro__, *(type(one) for one in field.validators)):
            if kind.__module__.startswith("wtforms"):
                source = inspect.getsource(kind)
                said |= {one or many for one, many in SAID.findall(source)}
    assert said - NEVER == set(FIELD_SENTENCES)


def test_a_choice_that_is_none_is_refused_in_chinese(furnished: Furnished) -> None:
    clerk = Visitor(furnished.app, furnished.cast.clerk)
    clerk._headers["Accept-Language"] = "zh"
    path = f"/documents/{furnished.places['documents']}/file"
    for value in ("abc", "99999", 1.5):
        reply = clerk.post(path, type=value)
        assert reply.status == 422
        for sentence in reply.data["fields"]["type"]:
            assert re.search("[一-龥]", sentence), sentence


def test_a_program_that_chose_nothing_there_is_is_told_what_there_is(
    furnished: Furnished,
) -> None:
    clerk = Visitor(furnished.app, furnished.cast.clerk)
    path = f"/documents/{furnished.places['documents']}/file"
    told = clerk.post(path, type="合同", retention="ever").data["fields"]
    with furnished.house.database.reading() as session:
        types = [kind for group in categories.plan(session) for kind in group.types]
    assert all(f"{kind.id} ({kind.name_en})" in told["type"][0] for kind in types)
    assert "D10 (10 years)" in told["retention"][0]
