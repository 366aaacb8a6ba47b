"""Where a cover sheet says otherwise than its paper: both are shown, a clerk takes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from archive import documents
from archive.documents import Document
from scanning.routes.suggested import likely_party, likely_type

COVER, PAGE = "cover", "page"


@dataclass(frozen=True)
class Said:
    """What somebody says of one place of the filing form: in words, and by the form's fields."""

    text: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Differs:
    """What the cover sheet and the page say of one place of the form."""

    cover: Said
    page: Said

    def others(self, form: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Who says what the form does not hold now, and what in words."""
        both = ((COVER, self.cover), (PAGE, self.page))
        return [(who, said.text) for who, said in both if not _holds(form, said)]


def differing(document: Document, language: str) -> dict[str, Differs]:
    """The places of the form of which a cover sheet and its paper say different things."""
    cover = document.cover
    if cover is None:
        return {}
    pairs = {
        "party": (cover.party and _party(cover.party.id, cover.party.name), _read_party(document)),
        "type": (
            cover.type and Said(cover.type.name(language), {"type": cover.type.id}),
            _read_type(document, language),
        ),
        "year": (cover.year and _year(cover.year), _read_year(document)),
    }
    return {
        place: Differs(one, other)
        for place, (one, other) in pairs.items()
        if one and other and one != other
    }


def taken(document: Document, language: str) -> MultiDict[str, Any] | None:
    """What was sent, with what a clerk took of the page or the cover sheet instead; None where
    nothing was taken."""
    place, _, who = request.form.get("instead", "").partition(":")
    found = differing(document, language).get(place)
    if found is None or who not in (COVER, PAGE):
        return None
    said = found.cover if who == COVER else found.page
    return MultiDict({**request.form.to_dict(), **said.fields})


def _holds(form: Mapping[str, Any], said: Said) -> bool:
    return all(str(form.get(name) or "") == str(told) for name, told in said.fields.items())


def _party(number: int | str, name: str) -> Said:
    return Said(name, {"party": number, "party_name": name})


def _read_party(document: Document) -> Said | None:
    known, name = likely_party(document), documents.suggested(document, "party")
    if known:
        return _party(known.id, known.name)
    return _party("", name) if name else None


def _read_type(document: Document, language: str) -> Said | None:
    found = likely_type(document)
    return Said(found.name(language), {"type": found.id}) if found else None


def _read_year(document: Document) -> Said | None:
    year = documents.suggested_date(document)[:4]
    return _year(int(year)) if year.isdigit() else None


def _year(year: int) -> Said:
    return Said(str(year), {"year": year})
