"""Documents: each one's pages, text, place and history, and its original to download."""

from collections.abc import Mapping
from typing import Any

from flask import Response, send_file, url_for
from flask_babel import gettext

from archive import categories, circulation, documents
from archive.base import web
from archive.base.terminal import said_by
from archive.documents import Document
from archive.routes import history

door = web.Door("documents")


def document_json(document: Document) -> dict[str, Any]:
    """A document as JSON, without the text of its pages."""
    scanned = document.scanned
    return {
        "id": document.id,
        "title": document.shown_title,
        "file_name": document.file_name,
        "state": str(document.state),
        "problem": sentence_json(document.problem),
        "pages": document.pages_total,
        "pages_done": document.pages_done,
        "kind": document.kind,
        "fields": {name: _field_json(field) for name, field in document.fields.items()},
        "code": document.code,
        "number": document.number,
        "dated": document.dated,
        "amount": document.amount,
        "responsible": document.responsible,
        "remark": document.remark,
        "order_number": document.order_number,
        "secrecy": document.secrecy,
        "lapses_on": document.lapses_on.isoformat() if document.lapses_on else None,
        "version": document.version,
        "paper_pages": document.paper_pages,
        "pages_differ": document.pages_differ,
        "is_copy": document.is_copy,
        "original_at": document.original_at,
        "position": document.position,
        "party": document.party_id,
        "type": document.type_id,
        "volume": document.volume_id,
        "scan_of": document.scan_of_id,
        "batch": scanned.batch_id if scanned else None,
        "received_at": scanned.received_at.isoformat() if scanned else None,
        "read_at": document.read_at.isoformat() if document.read_at else None,
        "sha256": scanned.sha256 if scanned else None,
    }


def sentence_json(sentence: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A sentence that a record keeps, as JSON: `text` is in the reader's language."""
    if not sentence or not sentence["text"]:
        return None
    return {**sentence, "text": said_by(gettext, sentence)}


def _field_json(field: Mapping[str, Any]) -> dict[str, Any]:
    """A suggested field; why it is certain or not is in the reader's language."""
    reason = field.get("reason")
    return {
        **field,
        "reason": sentence_json({"text": reason} if isinstance(reason, str) else reason),
    }


@door.get("/documents/<int:number>", may="papers.see", asks=("page",))
def document(number: int) -> web.Answer:
    """A document and the page that `page` names."""
    found = documents.by_id(web.session(), number)
    turned = max(1, web.whole_number("page", 1) or 1)
    page = documents.page_of(web.session(), found, turned) if found.pages_total else None
    folders = found.volume.folders if found.volume else []
    former = documents.former_codes(web.session(), found)
    older = [scan.id for scan in found.older_scans]
    data = document_json(found) | {
        "page": _page_json(page),
        "older_scans": older,
        "formerly": [one.code for one in former],
    }
    return web.show(
        "documents/one.html",
        data,
        document=found,
        secrecies=categories.SECRECIES,
        page=page,
        loans=circulation.open_loans_of(web.session(), folders),
        today=web.today(),
        formerly=former,
        history=history.of(found.subject),
        previous_url=_turn(found, turned - 1),
        next_url=_turn(found, turned + 1),
    )


@door.file("/documents/<int:number>/original", may="papers.see", media_type="*/*")
def original(number: int) -> Response:
    """The file in which it came, as it was received."""
    file = documents.by_id(web.session(), number).original
    return send_file(
        web.house().files.path(file.sha256),
        mimetype=file.media_type or "application/octet-stream",
        as_attachment=True,
        download_name=file.file_name,
        etag=file.sha256,
    )


def _page_json(page: documents.Page | None) -> dict[str, Any] | None:
    if page is None:
        return None
    return {
        "number": page.number,
        "state": str(page.state),
        "problem": sentence_json(page.problem),
        "text": page.text,
        "reading": _reading_json(page.reading),
    }


def _reading_json(reading: dict[str, Any] | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    return reading | {"quality": [sentence_json(note) for note in reading.get("quality") or ()]}


def _turn(found: Document, number: int) -> str:
    there = 1 <= number <= found.pages_total
    return url_for("documents.document", number=found.id, page=number) if there else ""
