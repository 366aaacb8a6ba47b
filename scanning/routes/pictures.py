"""Pictures of pages for the screen, and documents as searchable PDF."""

from io import BytesIO

from flask import Response, request, send_file

from archive import documents
from archive.base import web
from archive.base.errors import N_, Conflict
from archive.documents import Document, State
from scanning import making
from scanning.routes.door import door

YEAR = 365 * 24 * 3600


class NothingRead(Conflict):
    text = N_("Nothing could be read of this document. Download its original instead.")


class NowElsewhere(Conflict):
    text = N_("The pages of this document were joined to “%(name)s”. Download that document's PDF.")


class NoPageLeft(Conflict):
    text = N_(
        "Every page of this document was set aside. "
        "Restore one in its batch, or download the original."
    )


class NotYetSearchable(Conflict):
    text = N_("This document is still being read. Its searchable PDF comes when that is done.")


@door.file(
    "/documents/<int:number>/pages/<int:page>/picture", may="papers.see", media_type="image/webp"
)
def picture(number: int, page: int) -> Response:
    """The picture of a page, upright and straight, for the screen."""
    document = documents.by_id(web.session(), number)
    shown = documents.page_of(web.session(), document, page)
    path = making.picture_of(shown)
    answer = send_file(path, mimetype="image/webp", max_age=YEAR, conditional=True)
    # Under its bare address a page may have another picture tomorrow: it was turned, or moved.
    kept = f"max-age={YEAR}, immutable" if "of" in request.args else "no-cache"
    answer.headers["Cache-Control"] = f"private, {kept}"
    return answer


@door.file("/documents/<int:number>/searchable.pdf", may="papers.see", media_type="application/pdf")
def searchable(number: int) -> Response:
    """The document as a PDF whose text can be searched and copied; with `?stamp=1` its first page
    bears the archive stamp."""
    document = documents.by_id(web.session(), number)
    if document.state == State.FAILED:
        raise NothingRead
    if document.state == State.JOINED:
        raise _elsewhere(document)
    if document.state not in (State.READ, State.FILED):
        raise NotYetSearchable
    name = f"{document.code or document.shown_title}.pdf"
    made = (
        BytesIO(making.stamped_pdf(web.session(), document))
        if web.word("stamp")
        else making.searchable_pdf(web.session(), document)
    )
    return send_file(made, "application/pdf", as_attachment=True, download_name=name)


def _elsewhere(document: Document) -> Conflict:
    """Where the pages of a document are that has none any more."""
    pages = documents.leaves_of(web.session(), document.original)
    holder = next((page.document for page in pages if page.document), None)
    return NowElsewhere(name=holder.code or holder.shown_title) if holder else NoPageLeft()
