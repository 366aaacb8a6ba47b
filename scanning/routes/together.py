"""Filing together: many papers of the inbox in one step, each as it is guessed or corrected.

Each is filed whole or not at all, and those that are refused keep none of the others from their
place. All are committed at once: what the answer tells is what happened.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import get_locale, lazy_gettext, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from archive import categories, documents
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.base.terminal import said_by
from archive.documents import Document
from scanning.routes.door import door
from scanning.routes.filing import FilingForm, filing_of, learn, offer, suggested_values
from scanning.routes.taking import in_hands

# As many as one page of the inbox shows; a row asks a handful of questions for its suggestions.
MOST = 50
NUMBER = re.compile(r"[0-9]{1,9}")


class NoneChosen(Invalid):
    text = N_("No paper is chosen. Tick papers in the inbox, then file them together.")


class TooManyChosen(Invalid):
    text = N_("At most %(most)s papers are filed together. Choose fewer of them.")


class TogetherForm(web.Form):
    """Which papers, by their numbers. What is filed of each stands in fields of its own, which
    begin with its number: `d17-title` and the like of paper 17; those left out are guessed."""

    documents = StringField(
        lazy_gettext("Papers"),
        [DataRequired(), Length(max=1000)],
        description=lazy_gettext("Their numbers, with commas between them."),
    )


@dataclass
class Row:
    """One paper: its form, and what came of it."""

    document: Document
    form: FilingForm
    filed: bool = False
    why: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


@door.post("/inbox/together", may="papers.file", form=TogetherForm)
def file_together() -> web.Answer:
    """File many papers in one step; each tells where it went, or why not."""
    form = TogetherForm()
    is_sent = form.is_sent()
    chosen = _chosen(form.documents.data if is_sent else ",".join(request.args.getlist("document")))
    rows = _rows(chosen, web.sent() or MultiDict())
    for row in rows:
        (_file if is_sent else _look)(row)
    filed = [row for row in rows if row.filed]
    refused = [row for row in rows if not row.filed]
    data = {
        "filed": len(filed),
        "refused": len(refused),
        "documents": [_row_json(row) for row in rows],
    }
    answer = web.show(
        "scanning/together.html",
        data,
        form=form,
        rows=rows,
        filed=filed,
        refused=refused,
        is_sent=is_sent,
        plan=categories.offered(web.session()),
        hands={row.document.id: in_hands(row.document) for row in rows},
        said=_said(len(filed), len(refused)) if is_sent else "",
    )
    # Nothing was done at all: a program need not look at each of them to know.
    answer.status = 422 if is_sent and not filed else 200
    return answer


def _chosen(typed: str | None) -> list[int]:
    """The numbers that were given, each once. Raises NoneChosen, TooManyChosen."""
    named = re.split(r"[\s,;，、；]+", (typed or "").strip())
    if not all(NUMBER.fullmatch(one) for one in named if one):
        raise NoneChosen
    numbers = list(dict.fromkeys(int(one) for one in named if one))
    if len(numbers) > MOST:
        raise TooManyChosen(most=MOST)
    return numbers


def _rows(chosen: list[int], told: MultiDict[str, str]) -> list[Row]:
    """A row of each paper, in the order in which they were chosen. Raises NoSuchDocument."""
    plan, language = categories.offered(web.session()), str(get_locale())[:2]
    rows = []
    for number in chosen:
        document, prefix = documents.by_id(web.session(), number), f"d{number}-"
        given = {name: value for name, value in suggested_values(document).items() if value}
        typed = {name: value for name, value in told.items() if name.startswith(prefix)}
        values = {f"{prefix}{name}": str(value) for name, value in given.items()} | typed
        form = FilingForm(formdata=MultiDict(values), prefix=prefix, meta={"csrf": False})
        offer(form, plan, language)
        rows.append(Row(document, form))
    return rows


def _look(row: Row) -> None:
    """Say beforehand why a paper cannot be filed now, if so it is."""
    try:
        documents.check_filing(web.session(), row.document, by=web.me().actor, at=web.moment())
    except web.house().refusals as refusal:
        row.why = said_by(_, refusal)


def _file(row: Row) -> None:
    """File one paper, or say why it is not filed; then nothing of it is changed."""
    session, by, at = web.session(), web.me().actor, web.moment()
    try:
        with session.begin_nested():
            # What cannot be filed at all is said before anything is said of the values.
            documents.check_filing(session, row.document, by=by, at=at)
            if row.form.validate():
                filed = documents.file(session, row.document, filing_of(row.form), by=by, at=at)
                learn(filed)
                row.filed = True
    except web.house().refusals as refusal:
        row.filed, row.why = False, said_by(_, refusal)
    if not row.filed and not row.why:
        row.errors = {one.short_name: list(one.errors) for one in row.form if one.errors}
        row.why = _("Look at the fields that are named.")


def _row_json(row: Row) -> dict[str, Any]:
    paper = row.document
    return {
        "id": paper.id,
        "filed": row.filed,
        "code": paper.code,
        "title": paper.shown_title,
        "volume": paper.volume_id,
        "folder": paper.folder.code if paper.folder else "",
        "why": row.why,
        "errors": row.errors,
    }


def _said(filed: int, refused: int) -> str:
    done = ngettext("%(num)s paper is filed.", "%(num)s papers are filed.", filed)
    left = ngettext(
        "%(num)s paper is not: see why, mend it, and send it again.",
        "%(num)s papers are not: see why, mend them, and send them again.",
        refused,
    )
    return " ".join([done] * bool(filed) + [left] * bool(refused))
