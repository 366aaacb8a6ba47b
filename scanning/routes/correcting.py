"""Putting right, beside the page, what was read: its lines, its turn, its whole reading."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from archive import batches, documents
from archive.base import web
from archive.documents import LONGEST_LINE, Document, Page
from archive.routes.documents import document_json
from scanning.routes import review
from scanning.routes.door import door
from scanning.routes.strip import QUARTER


class LineForm(web.Form):
    """What a line says, and what the clerk saw there before."""

    text = StringField(lazy_gettext("Text"), [Length(max=LONGEST_LINE)])
    saw = StringField(lazy_gettext("Text until now"), [InputRequired(), Length(max=LONGEST_LINE)])


class NewLineForm(web.Form):
    """A line that the reader missed."""

    text = StringField(lazy_gettext("Text"), [DataRequired(), Length(max=LONGEST_LINE)])
    below = IntegerField(
        lazy_gettext("Below line number"), [InputRequired(), NumberRange(0, web.MOST_NUMBER)]
    )


@door.post(
    "/documents/<int:number>/pages/<int:page>/lines/<int:line>", may="papers.file", form=LineForm
)
def line(number: int, page: int, line: int) -> web.Answer:
    """Correct a line of a page; an empty text removes it, the same text says it was compared."""
    document, shown = _found(number, page)
    lines = (shown.reading or {}).get("lines", [])
    if not 1 <= line <= len(lines):
        raise documents.NoSuchLine(line=line)
    now = lines[line - 1]["text"]
    form = LineForm(data={"text": now, "saw": now})
    if form.is_sent():
        documents.correct(
            web.session(), document, shown, line, form.text.data or "", saw=form.saw.data or "",
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        return _done(document, shown, f"line-{line}", _("Line %(line)s is kept.", line=line))
    # Whoever was refused sees what the line says now, and what they typed.
    form.saw.data = now
    return review.shown(document, page=shown, editing=line, line_form=form)


@door.post("/documents/<int:number>/pages/<int:page>/lines", may="papers.file", form=NewLineForm)
def new_line(number: int, page: int) -> web.Answer:
    """Add a line that the reader missed, below line number `below`; 0 is above all."""
    document, shown = _found(number, page)
    form = NewLineForm(data={"below": web.whole_number("below", 0)})
    if form.is_sent():
        added = documents.add_line(
            web.session(), document, shown, form.below.data or 0, form.text.data or "",
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        return _done(document, shown, f"line-{added}", _("Line %(line)s is kept.", line=added))
    return review.shown(document, page=shown, line_form=form)


@door.post("/documents/<int:number>/pages/<int:page>/undo", may="papers.file")
def undo_line(number: int, page: int) -> web.Answer:
    """Take the newest correction of a page back."""
    document, shown = _found(number, page)
    documents.undo_correction(
        web.session(), document, shown, by=web.me().actor, at=web.moment()
    )  # fmt: skip
    return _done(document, shown, None, _("The correction is undone."))


@door.post("/documents/<int:number>/pages/<int:page>/retry", may="papers.file")
def retry_page(number: int, page: int) -> web.Answer:
    """Read one page once more, also one that was read, though badly."""
    document, shown = _found(number, page)
    documents.read_page_again(
        web.session(), document, shown, by=web.me().actor, at=web.moment()
    )  # fmt: skip
    web.after_commit("read")
    return _done(document, shown, None, _("It will be read again."))


@door.post("/documents/<int:number>/pages/<int:page>/turn", may="papers.file")
def turn_page(number: int, page: int) -> web.Answer:
    """Turn a page clockwise by 90 degrees; it is then read again."""
    document, shown = _found(number, page)
    turned = shown.rotation + QUARTER
    batch = batches.by_id(web.session(), document.original.batch_id)
    documents.rearrange(
        web.session(), batch, "turn", lambda strip: documents.turn(strip, shown.id, turned),
        by=web.me().actor, at=web.moment(),
    )  # fmt: skip
    web.after_commit("read")
    return _done(document, shown, None, _("It is turned and will be read again."))


def _found(number: int, page: int) -> tuple[Document, Page]:
    document = documents.by_id(web.session(), number)
    return document, documents.page_of(web.session(), document, page)


def _done(document: Document, page: Page, place: str | None, said: str) -> web.Answer:
    then = url_for("scanning.review", number=document.id, page=page.number, _anchor=place)
    return web.done(_page_json(document, page), then, said)


def _page_json(document: Document, page: Page) -> dict[str, Any]:
    """The page as it is now, with its document."""
    lines = (page.reading or {}).get("lines", [])
    told = {"number": page.number, "state": str(page.state), "text": page.text, "lines": lines}
    return {"document": document_json(document), "page": told}
