"""Taking papers in hand and letting them go, and the way from one paper to the next."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from archive import documents
from archive.base import web
from archive.documents import Document
from archive.routes.documents import document_json
from scanning.routes.alike import likely_twins
from scanning.routes.door import door


@door.post("/documents/<int:number>/take", may="papers.file")
def take(number: int) -> web.Answer:
    """Take a paper in hand, or go on holding it, so that nobody else works at it.

    `alike` in the answer names the papers that look like it.
    """
    document = documents.by_id(web.session(), number)
    documents.take(web.session(), document, by=web.me().actor, at=web.moment())
    then = url_for("scanning.review", number=number)
    return web.done(_mine_json(document), then, "")


@door.post("/documents/<int:number>/let-go", may="papers.file")
def let_go(number: int) -> web.Answer:
    """Let others take a paper."""
    document = documents.by_id(web.session(), number)
    documents.let_go(web.session(), document, by=web.me().actor)
    name = in_hands(document)
    return web.done(taken_json(document, name), url_for("scanning.inbox"), "")


@door.post("/inbox/next", may="papers.file")
def next_paper() -> web.Answer:
    """Take the next paper, after number `after`, that was read and that nobody else holds."""
    told = web.sent()
    after = told.get("after", "") if told else ""
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    found = take_next(number)
    if found is None:
        said = _("No paper waits that is free. What others have in hand comes back with them.")
        return web.done({"document": None}, url_for("scanning.inbox"), said)
    then = url_for("scanning.review", number=found.id)
    return web.done({"document": _mine_json(found)}, then, "")


def take_next(after: int) -> Document | None:
    """The next free paper, taken by whoever asks."""
    return documents.take_next(
        web.session(), after=after, by=web.me().actor, at=web.moment()
    )  # fmt: skip


def in_hands(document: Document) -> str:
    """The name of whoever has it in hand now, empty when nobody has."""
    held = documents.holder_of(document, web.moment()) is not None
    return document.taken_by.name if held and document.taken_by else ""


def taken_json(document: Document, name: str) -> dict[str, Any]:
    """A document as JSON, with who has it in hand."""
    return document_json(document) | {"taken_by": name or None}


def _mine_json(document: Document) -> dict[str, Any]:
    """A paper that was just taken in hand: what the page of its review says besides."""
    twins = likely_twins(web.session(), [document]).get(document.id, ())
    alike = [twin.id for twin in twins]
    return taken_json(document, web.me().name) | {"alike": alike}
