"""Batches: opened before their files come in, listed, and their sheets counted."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from archive import batches, documents
from archive.base import web
from archive.base.errors import N_
from archive.base.terminal import said_by
from archive.batches import MOST_SHEETS, Batch
from archive.documents import Progress
from scanning.routes.door import door
from scanning.stacks.counting import reconcile

PAGE = 50
# By which ways papers come in, in words.
SOURCE_NAMES = {
    "upload": N_("Upload"),
    "command line": N_("Command line"),
    "folder": N_("Watched folder"),
    "scanner": N_("Scanner"),
    "mail": N_("Mail"),
    "demo": N_("Sample"),
}
# What JSON's false is once it has become text.
FALSE = (False, "False", "false", "0", "")


class BatchForm(web.Form):
    """A stack of paper at the moment of its scanning; all of it may be left out."""

    name = StringField(lazy_gettext("Name of the batch"), [Length(max=200)])
    sheets = IntegerField(
        lazy_gettext("Sheets in the hand"),
        [Optional(), NumberRange(1, MOST_SHEETS)],
        description=lazy_gettext("Counted on paper; the pages are compared with it."),
    )
    blank_parts = BooleanField(lazy_gettext("A blank page parts two papers"), false_values=FALSE)
    two_sided = BooleanField(lazy_gettext("Both sides were scanned"), false_values=FALSE)


class CountForm(web.Form):
    """How many sheets of paper the batch was."""

    sheets = IntegerField(
        lazy_gettext("Sheets in the hand"), [InputRequired(), NumberRange(1, MOST_SHEETS)]
    )


@door.get("/batches", may="papers.receive", asks=("before",))
def list_batches() -> web.Answer:
    """Batches, the newest first; `before` pages on."""
    return _list(BatchForm(formdata=None))


@door.post("/batches", may="papers.receive", form=BatchForm)
def open_batch() -> web.Answer:
    """Begin a batch; files that are sent with its number as `batch` come into it."""
    form = BatchForm()
    if form.is_sent():
        batch = opened(form, web.session())
        then = url_for("scanning.strip", number=batch.id)
        return web.done({"id": batch.id, "name": batch.name}, then, "", status=201)
    return _list(form)


@door.post("/batches/<int:number>/count", may="papers.receive", form=CountForm)
def count(number: int) -> web.Answer:
    """Note how many sheets of paper a batch was; its pages are compared with it."""
    batch = batches.by_id(web.session(), number)
    form = CountForm()
    if form.is_sent() and form.sheets.data:
        batches.count_sheets(
            web.session(), batch, form.sheets.data, by=web.me().actor, at=web.moment()
        )
        return web.done(_compared(batch), url_for("scanning.strip", number=number), "")
    return web.show("scanning/count.html", _compared(batch), batch=batch, form=form)


def opened(form: BatchForm, session: Session) -> Batch:
    """A batch as a form tells of it."""
    return batches.open_batch(
        session, source="upload", by=web.me().actor, at=web.moment(),
        name=form.name.data or "", sheets=form.sheets.data,
        blank_parts=bool(form.blank_parts.data), two_sided=bool(form.two_sided.data),
    )  # fmt: skip


def batch_json(batch: Batch, progress: Progress, doubt: str) -> dict[str, Any]:
    """A batch as JSON; `doubt` is the sentence that pages and paper disagree, if they do."""
    return {
        "id": batch.id,
        "name": batch.name,
        "source": batch.source,
        "clerk": batch.opened_by.name if batch.opened_by else "",
        "opened_at": batch.opened_at.isoformat(),
        "sheets": batch.sheets,
        "count_doubt": doubt,
        "blank_parts": batch.blank_parts,
        "two_sided": batch.two_sided,
        "files": progress.files,
        "pages": progress.pages,
        "pages_done": progress.done,
        "doubts": progress.doubts,
        "documents": progress.documents,
        "busy": progress.is_busy,
    }


def _compared(batch: Batch) -> dict[str, Any]:
    """A batch as JSON, its pages compared with the sheets that were counted."""
    far = documents.progress_of(web.session(), [batch])
    return batch_json(batch, far[batch.id], _doubts([batch], far)[batch.id])


def progress(batch: Batch) -> Progress:
    """How far one batch is."""
    return documents.progress_of(web.session(), [batch])[batch.id]


def counted(batch: Batch, progress: Progress, *, is_collated: bool = False) -> str:
    """Why pages and paper disagree, in the reader's language; empty where they do not."""
    if not batch.sheets or not progress.pages or progress.is_busy:
        return ""
    doubt = reconcile(
        batch.sheets, progress.pages, two_sided=batch.two_sided or is_collated,
        sheets_of_ours=progress.ours,
    ).doubt  # fmt: skip
    return said_by(_, {"text": doubt.text, "params": doubt.params}) if doubt else ""


def _list(form: BatchForm) -> web.Answer:
    before = web.whole_number("before")
    found = documents.newest_batches(web.session(), before=before, limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    far = documents.progress_of(web.session(), found)
    doubts = _doubts(found, far)
    data = [batch_json(batch, far[batch.id], doubts[batch.id]) for batch in found]
    return web.show(
        "scanning/batches.html",
        {"batches": data, "next": more},
        batches=found,
        far=far,
        doubts=doubts,
        sources=SOURCE_NAMES,
        form=form,
        next_url=url_for("scanning.list_batches", before=more) if more else "",
    )


def _doubts(found: Sequence[Batch], far: dict[int, Progress]) -> dict[int, str]:
    both = documents.collated(web.session(), found)
    return {one.id: counted(one, far[one.id], is_collated=one.id in both) for one in found}
