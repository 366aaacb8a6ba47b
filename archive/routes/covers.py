"""Covers and separators: what a printed sheet stands for."""

from typing import Any

from flask_babel import get_locale

from archive import codes, covers
from archive.base import web
from archive.covers import CoverSheet
from archive.routes import history

PAGE = 50
door = web.Door("covers")


def cover_json(sheet: CoverSheet) -> dict[str, Any]:
    """A cover sheet or separator as JSON."""
    return {
        "id": sheet.id,
        "code": sheet.code,
        "kind": sheet.kind,
        "url": codes.url(sheet.code, address=web.house().settings.address),
        "party": sheet.party_id,
        "party_name": sheet.party.name if sheet.party else "",
        "type": sheet.type_id,
        "type_name": sheet.type.name(str(get_locale())) if sheet.type else "",
        "year": sheet.year,
        "note": sheet.note,
        "made_at": sheet.made_at.isoformat(),
    }


@door.get("/covers", may="papers.receive", asks=("before",))
def list_covers() -> web.Answer:
    """Cover sheets and separators, the newest first; `before` pages on."""
    found = covers.newest(web.session(), before=web.whole_number("before"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    data = {"covers": [cover_json(sheet) for sheet in found], "next": more}
    return web.show("covers/list.html", data, covers=found, before=more)


@door.get("/covers/<int:number>", may="folders.see")
def cover(number: int) -> web.Answer:
    """A cover sheet or separator: what it says of the papers behind it."""
    sheet = covers.by_id(web.session(), number)
    told = history.of(sheet.subject)
    return web.show("covers/one.html", cover_json(sheet), cover=sheet, history=told)
