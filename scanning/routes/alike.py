"""Papers that look like one scanned before: seen side by side, and kept both or not."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from archive import documents
from archive.base import web
from archive.documents import Document, Page
from archive.routes.documents import document_json
from scanning import likeness
from scanning.routes.door import door

MOST_TWINS = 3  # More than a clerk compares.


@door.get("/documents/<int:number>/alike/<int:other>", may="papers.receive")
def alike(number: int, other: int) -> web.Answer:
    """Two papers that look alike, first page beside first page."""
    both = [documents.by_id(web.session(), one) for one in (number, other)]
    pages = [documents.page_of(web.session(), one, 1) for one in both]
    return web.show(
        "scanning/alike.html",
        {"documents": [document_json(one) for one in both]},
        pairs=list(zip(both, pages, strict=True)),
        document=both[0],
        other=both[1],
    )


@door.post("/documents/<int:number>/alike/<int:other>/keep", may="papers.file")
def keep_both(number: int, other: int) -> web.Answer:
    """Say that two papers which look alike are two; nobody is asked again."""
    one, two = (documents.by_id(web.session(), each) for each in (number, other))
    documents.keep_both(web.session(), one, two, by=web.me().actor, at=web.moment())
    told: dict[str, Any] = {"documents": [document_json(one), document_json(two)]}
    return web.done(told, url_for("scanning.review", number=number), _("Both papers are kept."))


def twins_of(document: Document) -> list[Document]:
    """The papers that look like this one and say the same: perhaps the same paper once more."""
    pages: Sequence[Page] = documents.lookalikes(web.session(), document)
    if not pages:
        return []
    text = documents.first_text(web.session(), document)
    same = [page for page in pages if likeness.is_same_paper(text, page.text)]
    others = [page.document for page in same if page.document is not None]
    return [other for other in others if not _differ(document, other)][:MOST_TWINS]


def _differ(document: Document, other: Document) -> bool:
    """Whether both papers have a number of their own, and not the same."""
    numbers = {_own_number(document), _own_number(other)}
    return len(numbers - {""}) == len((document, other))


def _own_number(document: Document) -> str:
    number = document.number or documents.suggested_number(document)
    return "".join(char for char in number.casefold() if char.isalnum())
