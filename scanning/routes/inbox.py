"""The inbox: what came in and is not filed yet, and the uploads that bring it."""

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from archive import documents, sources
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.documents import Sought, State
from archive.routes.documents import document_json
from archive.sources import Problem
from scanning import intake
from scanning.fields.catalogue import KINDS
from scanning.routes.door import door
from scanning.routes.taking import in_hands, taken_json

PAGE = 50
FILTERS = ("state", "kind", "source", "batch", "clerk", "doubts")
STATES = (State.RECEIVED, State.READING, State.READ, State.FAILED)
# By which ways papers come in, in words.
SOURCES = {
    "upload": N_("Upload"),
    "command line": N_("Command line"),
    "folder": N_("Watched folder"),
    "scanner": N_("Scanner"),
    "mail": N_("Mail"),
    "demo": N_("Sample"),
}


class NothingSent(Invalid):
    text = N_("No file was sent. Choose one or more files, or drop them on the page.")


@door.get("/inbox", may="papers.receive", asks=(*FILTERS, "before"))
def inbox() -> web.Answer:
    """What came in and is not filed yet, the newest first, as narrowed; `before` pages on."""
    sought = _sought()
    before = web.whole_number("before")
    found = documents.inbox(web.session(), before=before, limit=PAGE, sought=sought)
    more = found[-1].id if len(found) == PAGE else None
    hands = {document.id: in_hands(document) for document in found}
    kept: dict[str, Any] = {name: value for name in FILTERS if (value := web.word(name))}
    return web.show(
        "scanning/inbox.html",
        {"documents": [taken_json(one, hands[one.id]) for one in found], "next": more},
        documents=found,
        hands=hands,
        sought=sought,
        is_narrowed=sought != Sought(),
        kinds=KINDS,
        sources={one: _(SOURCES.get(one, one)) for one in documents.sources(web.session())},
        clerks=documents.bringers(web.session()),
        counts=documents.counts(web.session()),
        most_megabytes=web.house().settings.upload_megabytes,
        next_url=url_for("scanning.inbox", **kept, before=more) if more else "",
        troubles=list(_troubles()),
    )


@door.post("/documents", may="papers.receive", uploads="files", megabytes=None)
def upload() -> web.Answer:
    """Receive one or more files, sent as `files`; answers when they are safe on the disk."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise NothingSent
    # Each file is kept and committed by itself; only then does this request open its own session.
    kept = [_receive(file) for file in files]
    received = [_received_json(one) for one in kept]
    known = [one for one in received if one["state"] == "duplicate"]
    fresh = len(received) - len(known)
    then = url_for("scanning.inbox")
    status = 201 if fresh else 200
    return web.done({"documents": received}, then, _said(fresh, known), status=status)


@door.post("/documents/<int:number>/retry", may="papers.receive")
def retry(number: int) -> web.Answer:
    """Read once more what could not be read."""
    document = documents.by_id(web.session(), number)
    documents.retry(web.session(), document, by=web.me().actor, at=web.moment())
    web.after_commit("open", "read")
    return web.done(document_json(document), url_for("scanning.inbox"), _("It will be read again."))


def _troubles() -> Iterator[tuple[str, Problem]]:
    """What stands in the way of the watched folder and the mailbox, or was left out there."""
    for one in sources.listed(web.session()):
        for problem in (one.problem, one.left_out_lately(web.moment())):
            if problem:
                yield SOURCES[one.source], problem


def _sought() -> Sought:
    """What the filters above the list ask for; what none of them knows narrows nothing."""
    state = web.word("state")
    return Sought(
        state=state if state in STATES else "",
        kind=web.word("kind", 30),
        source=web.word("source", 20),
        batch=web.whole_number("batch"),
        clerk=web.whole_number("clerk"),
        doubts=bool(web.word("doubts")),
    )


def _receive(file: FileStorage) -> intake.Received:
    return intake.receive(
        cast(BinaryIO, file.stream),
        file.filename or "",
        engine=web.house().settings.engine,
        by=web.me().actor,
        origin="upload",
    )


def _received_json(one: intake.Received) -> dict[str, Any]:
    document = documents.by_id(web.session(), one.document.id)
    known = {} if one.is_new else {"state": "duplicate"}
    return document_json(document) | known | {"url": url_for("scanning.review", number=document.id)}


def _said(fresh: int, known: list[dict[str, Any]]) -> str:
    sentences = []
    if fresh:
        sentences.append(
            ngettext(
                "%(num)s file is safe and will be read now.",
                "%(num)s files are safe and will be read now.",
                fresh,
            )
        )
    sentences += [
        _(
            "%(name)s is already here as “%(title)s”.",
            name=one["file_name"],
            title=one["code"] or one["title"],
        )
        for one in known[:5]
    ]
    return " ".join(sentences)
