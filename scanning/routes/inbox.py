"""The inbox: what came in and is not filed yet, and the uploads that bring it."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from archive import batches, documents, sources
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.base.terminal import said_by
from archive.documents import Document, Sought, State
from archive.routes.documents import document_json
from archive.sources import LeftOut, Problem
from scanning import intake
from scanning.errors import BadFile
from scanning.fields.catalogue import KINDS
from scanning.routes.alike import likely_twins
from scanning.routes.batches import SOURCE_NAMES, BatchForm, opened
from scanning.routes.door import door
from scanning.routes.taking import in_hands, taken_json

PAGE = 50
MOST_TYPED = 1000  # characters of the numbers of papers
NUMBER = re.compile(r"[0-9]{1,9}")
MOST_LEFT_OUT = 3  # named above the list; a page of their own has them all
OF_A_BATCH = ("name", "sheets", "blank_parts", "two_sided")
FILTERS = ("state", "kind", "source", "batch", "clerk", "doubts")
STATES = (State.RECEIVED, State.READING, State.READ, State.FAILED, State.AWAY)

# What a file that is itself at fault is refused with: it is the same however often it is read.
BAD_FILES = {kind.text for kind in BadFile.__subclasses__()}


class NothingSent(Invalid):
    text = N_("No file was sent. Choose one or more files, then send them.")


@door.get("/inbox", may="papers.receive", asks=(*FILTERS, "before"))
def inbox() -> web.Answer:
    """What came in and is not filed yet, the newest first, as narrowed; `before` pages on."""
    sought = _sought()
    before = web.whole_number("before")
    found = documents.inbox(web.session(), before=before, limit=PAGE, sought=sought)
    more = found[-1].id if len(found) == PAGE else None
    doubts = documents.in_doubt(web.session(), found)
    twins = likely_twins(web.session(), found)
    hands = {document.id: in_hands(document) for document in found}
    kept: dict[str, Any] = {name: value for name in FILTERS if (value := web.word(name))}
    troubles, left_out = list(_troubles()), _left_out_lately()
    return web.show(
        "scanning/inbox.html",
        {"documents": [_waiting_json(one, hands, doubts, twins) for one in found], "next": more}
        | {"troubles": [_trouble_json(source, problem) for source, problem in troubles]}
        | {"left_out": [_left_out_json(one) for one in left_out[:MOST_LEFT_OUT]]},
        documents=found,
        hands=hands,
        is_worth_a_retry=is_worth_a_retry,
        doubts=doubts,
        twins=twins,
        sought=sought,
        is_narrowed=sought != Sought(),
        kinds=KINDS,
        sources={one: _(SOURCE_NAMES.get(one, one)) for one in documents.sources(web.session())},
        clerks=documents.bringers(web.session()),
        counts=documents.counts(web.session()),
        total=documents.count_inbox(web.session(), sought),
        stack=BatchForm(formdata=None),
        most_megabytes=web.house().settings.upload_megabytes,
        next_url=url_for("scanning.inbox", **kept, before=more) if more else "",
        troubles=troubles,
        left_out=left_out,
        most_left_out=MOST_LEFT_OUT,
        source_names=SOURCE_NAMES,
    )


@door.get("/inbox/left-out", may="papers.receive", asks=("before",))
def left_out() -> web.Answer:
    """What the watched folder and the mailbox left out, and why, the last first."""
    found = sources.left_out(web.session(), before=web.whole_number("before"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "scanning/left_out.html",
        {"left_out": [_left_out_json(one) for one in found], "next": more},
        left_out=found,
        source_names=SOURCE_NAMES,
        next_url=url_for("scanning.left_out", before=more) if more else "",
    )


@door.post("/documents", may="papers.receive", uploads="files", megabytes=None)
def upload() -> web.Answer:
    """Receive files, sent as `files`, into a `batch`; answers when they are safe on the disk."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise NothingSent
    # Each file is kept and committed by itself; only then does this request open its own session.
    batch = _batch(len(files))
    kept = [_receive(file, batch) for file in files]
    received = [_received_json(one) for one in kept]
    known = [one for one in received if one["state"] == "duplicate"]
    fresh = len(received) - len(known)
    then = _after(kept)
    status = 201 if fresh else 200
    return web.done({"documents": received}, then, _said(fresh, known), status=status)


@door.page.get("/documents/became")
def became() -> ResponseReturnValue:
    """What became of files that were just sent; `of` names their papers."""
    web.house().guard("papers.receive")
    named = [one for one in web.word("of", MOST_TYPED).split(",") if NUMBER.fullmatch(one)]
    found = documents.by_ids(web.session(), [int(one) for one in named])
    return jsonify([_became_json(document) for document in found])


@door.post("/documents/<int:number>/retry", may="papers.receive")
def retry(number: int) -> web.Answer:
    """Read once more what could not be read."""
    document = documents.by_id(web.session(), number)
    documents.retry(web.session(), document, by=web.me().actor, at=web.moment())
    web.after_commit("open", "read")
    return web.done(document_json(document), url_for("scanning.inbox"), _("It will be read again."))


@door.post("/documents/<int:number>/put-away", may="papers.file")
def put_away(number: int) -> web.Answer:
    """Take what is no paper for the archive out of the inbox; nothing is deleted."""
    document = documents.by_id(web.session(), number)
    documents.put_away(web.session(), document, by=web.me().actor, at=web.moment())
    said = _(
        "“%(name)s” is put away. The inbox lists it under the state “Out of the inbox”.",
        name=document.shown_title,
    )
    return web.done(document_json(document), url_for("scanning.inbox"), said)


@door.post("/documents/<int:number>/bring-back", may="papers.file")
def bring_back(number: int) -> web.Answer:
    """Put into the inbox again what was put away."""
    document = documents.by_id(web.session(), number)
    documents.bring_back(web.session(), document, by=web.me().actor, at=web.moment())
    said = _("“%(name)s” is in the inbox again.", name=document.shown_title)
    return web.done(document_json(document), url_for("scanning.review", number=number), said)


def _became_json(document: Document) -> dict[str, Any]:
    """How far a paper is: `said` in words, `bad` where it could not be read."""
    if document.state in (State.RECEIVED, State.READING):
        said = _("Waiting") if document.state == State.RECEIVED else _("Being read")
        return {"id": document.id, "done": False, "bad": False, "said": said}
    problem = said_by(_, document.problem) if document.problem else ""
    is_bad = document.state == State.FAILED
    said = problem if is_bad else " · ".join(filter(None, (_("Read"), problem)))
    return {"id": document.id, "done": True, "bad": is_bad, "said": said}


def is_worth_a_retry(document: Document) -> bool:
    """Whether reading it once more may find more than was read."""
    if not document.problem or document.state not in (State.READ, State.FAILED):
        return False
    return bool(document.pages_total) or document.problem["text"] not in BAD_FILES


def _waiting_json(
    document: Document,
    hands: dict[int, str],
    doubts: dict[int, int],
    twins: dict[int, list[Document]],
) -> dict[str, Any]:
    """A paper of the inbox, with who has it in hand, how many of its pages are in doubt, and which
    papers look like it."""
    alike = [twin.id for twin in twins.get(document.id, ())]
    told = {"doubts": doubts.get(document.id, 0), "alike": alike}
    return taken_json(document, hands[document.id]) | told


def _troubles() -> Iterator[tuple[str, Problem]]:
    """What stands in the way of the watched folder and the mailbox."""
    for one in sources.listed(web.session()):
        if one.problem:
            yield SOURCE_NAMES[one.source], one.problem


def _left_out_lately() -> list[LeftOut]:
    """The last things that they left out, one more than are shown, while people are told of it."""
    since = web.moment() - sources.TOLD_FOR
    found = sources.left_out(web.session(), limit=MOST_LEFT_OUT + 1)
    return [one for one in found if one.at > since]


def _left_out_json(one: LeftOut) -> dict[str, Any]:
    return _trouble_json(SOURCE_NAMES[one.source], one.problem) | {"at": one.at.isoformat()}


def _trouble_json(source: str, problem: Problem) -> dict[str, str]:
    return {"source": _(source), "name": problem.get("name", ""), "problem": said_by(_, problem)}


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


def _batch(files: int) -> int | None:
    """What the files come in with: the batch that is named, or one of their own if they are
    several or something is told of them.

    Raises NoSuchBatch.
    """
    form = BatchForm()
    if not form.validate():
        raise Invalid(dict(form.errors))
    told = web.whole_number("batch")
    if told is None and files == 1 and not any(form.data[name] for name in OF_A_BATCH):
        return None
    with web.house().database.writing() as session:
        return (batches.by_id(session, told) if told else opened(form, session)).id


def _after(kept: list[intake.Received]) -> str:
    """Several new papers are looked at together, in the strip of their batch."""
    came = {one.document.original.batch_id for one in kept if one.is_new}
    if len(kept) > 1 and len(came) == 1:
        return url_for("scanning.strip", number=came.pop())
    return url_for("scanning.inbox")


def _receive(file: FileStorage, batch: int | None) -> intake.Received:
    return intake.receive(
        cast(BinaryIO, file.stream),
        file.filename or "",
        engine=web.house().settings.engine,
        by=web.me().actor,
        origin="upload",
        batch=batch,
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
