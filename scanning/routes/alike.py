"""Papers that look like one scanned before: seen side by side, kept both, or made one paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange, Optional

from archive import documents, volumes
from archive.base import web
from archive.base.errors import N_, Invalid, NotFound, Refusal
from archive.base.terminal import said_by
from archive.documents import Document, Page, State
from archive.routes.documents import document as document_page
from archive.routes.documents import document_json
from scanning import quality
from scanning.routes.batches import FALSE
from scanning.routes.door import door

MOST_TWINS = 3  # More than a clerk compares.


class NoSuchCode(NotFound):
    text = N_(
        "No filed paper has the code “%(code)s”. Compare it with the catalogue of the volume."
    )


class ShownForm(web.Form):
    """Which scan of a paper a clerk saw: the newest of its older ones tells, 0 where it has none;
    left out, whichever is shown is meant."""

    older = IntegerField(
        lazy_gettext("Newest older scan"), [Optional(), NumberRange(0, web.MOST_NUMBER)]
    )


class BetterScanForm(ShownForm):
    """What a clerk says of a scan that is to stand for another."""

    pages_differ = BooleanField(
        lazy_gettext("I compared all pages: the number of the new scan is right"),
        false_values=FALSE,
    )


@dataclass(frozen=True)
class Side:
    """One of two papers, the page of it that is compared, and how good that is."""

    document: Document
    page: Page | None
    dpi: int
    # Sentences about the picture.
    notes: tuple[str, ...]
    lines: int
    doubtful: int
    # How sure the reader was of its lines, 0 to 1.
    sure: float


@dataclass(frozen=True)
class Row:
    """What is compared, of the one side and the other, and which is better, if either is."""

    label: str
    values: tuple[str, ...]
    better: int | None


@door.get("/documents/<int:number>/alike/<int:other>", may="papers.receive", asks=("page",))
def alike(number: int, other: int) -> web.Answer:
    """Two papers that look alike, page beside page, and how good either scan is."""
    known, scan = _known_first(*_both(number, other))
    return _show(known, scan, BetterScanForm(formdata=None))


@door.get("/documents/<int:number>/scan-of", may="papers.receive", asks=("code",))
def scan_of(number: int) -> web.Answer:
    """A scan beside the filed paper that has the archival code `code`, scanned before or not."""
    scan, code = documents.by_id(web.session(), number), web.word("code")
    if not code:
        # The paper's own page asks for it.
        return document_page(number)
    known = documents.by_code(web.session(), volumes.spell(code))
    if known is None:
        raise NoSuchCode(code=code)
    return _show(known, scan, BetterScanForm(formdata=None))


@door.post("/documents/<int:number>/alike/<int:other>/keep", may="papers.file")
def keep_both(number: int, other: int) -> web.Answer:
    """Say that two papers which look alike are two; nobody is asked again."""
    one, two = _both(number, other)
    documents.keep_both(web.session(), one, two, by=web.me().actor, at=web.moment())
    told: dict[str, Any] = {"documents": [document_json(one), document_json(two)]}
    return web.done(told, url_for("scanning.review", number=number), _("Both papers are kept."))


@door.post(
    "/documents/<int:number>/alike/<int:other>/attach", may="papers.file", form=BetterScanForm
)
def attach_better_scan(number: int, other: int) -> web.Answer:
    """Show scan `number` in place of the pages of paper `other`.

    The paper keeps all else; the older scan is kept.
    """
    scan, known = _both(number, other)
    form = BetterScanForm()
    if not form.is_sent():
        return _show(known, scan, form)
    corrected = documents.attach_better_scan(
        web.session(), known, scan, by=web.me().actor, at=web.moment(),
        pages_differ=bool(form.pages_differ.data), seen=form.older.data,
    )  # fmt: skip
    told = {"documents": [document_json(known), document_json(scan)], "corrections": corrected}
    said = _attached(corrected) if scan.scanned else _("The scan is shown with the paper now.")
    return web.done(told, _shown_at(known), said)


@door.post("/documents/<int:number>/older-scan", may="papers.file", form=ShownForm)
def undo_better_scan(number: int) -> web.Answer:
    """Show the older scan of a paper again; the better one goes back to the inbox."""
    if request.method == "GET":
        # Nothing is done by looking: the paper's own page has the button.
        return document_page(number)
    form = ShownForm()
    if not form.validate():
        raise Invalid(dict(form.errors))
    known = documents.by_id(web.session(), number)
    scan = documents.undo_better_scan(
        web.session(), known, by=web.me().actor, at=web.moment(), seen=form.older.data
    )
    told = {"documents": [document_json(known), document_json(scan)]}
    said = _("The older scan is shown again; the better one is in the inbox.")
    if not known.scanned:
        said = _("The paper is without a scan again; the scan is in the inbox.")
    return web.done(told, _shown_at(known), said)


def likely_twins(session: Session, shown: Sequence[Document]) -> dict[int, list[Document]]:
    """Of each of these papers those that may be the same paper once more, by its id."""
    twins = documents.twins_of(session, shown)
    return {
        document.id: likely
        for document in shown
        if (likely := _likely(document, twins.get(document.id, [])))
    }


def _likely(document: Document, others: Sequence[Document]) -> list[Document]:
    return [other for other in others if _likelier(document, other) != "keep"][:MOST_TWINS]


def _show(known: Document, scan: Document, form: BetterScanForm) -> web.Answer:
    last = max(known.pages_total, scan.pages_total)
    number = min(max(1, web.whole_number("page", 1) or 1), max(1, last))
    sides = [_side(one, number) for one in (known, scan)]
    refusal = _refusal(known, scan)
    return web.show(
        "scanning/alike.html",
        {
            "documents": [document_json(one) for one in (known, scan)],
            "pages": [_side_json(side) for side in sides],
            "corrections": documents.corrections(web.session(), known),
            "refusal": said_by(_, {"text": refusal.text, "params": refusal.params})
            if refusal
            else None,
        },
        known=known,
        scan=scan,
        sides=sides,
        rows=_rows(*sides),
        number=number,
        last=last,
        corrected=documents.corrections(web.session(), known),
        refusal=refusal,
        likelier=_likelier(known, scan),
        form=form,
    )


def _both(number: int, other: int) -> tuple[Document, Document]:
    return documents.by_id(web.session(), number), documents.by_id(web.session(), other)


def _known_first(*both: Document) -> list[Document]:
    """What is filed first, then what came first: the other is the new scan."""
    return sorted(both, key=lambda one: (one.state != State.FILED, one.id))


def _refusal(known: Document, scan: Document) -> Refusal | None:
    """Why the new scan cannot be attached now."""
    try:
        documents.check_better_scan(
            web.session(), known, scan, by=web.me().actor, at=web.moment()
        )  # fmt: skip
    except Refusal as refusal:
        return refusal
    return None


def _side(document: Document, number: int) -> Side:
    """Page `number` of a paper, where it has so many; what its file does not say of its
    resolution is told as if it were A4."""
    has_page = number <= document.pages_total
    page = documents.page_of(web.session(), document, number) if has_page else None
    told = (page and page.reading) or {}
    sure = [line["confidence"] for line in told.get("lines", ()) if line["confidence"] is not None]
    return Side(
        document,
        page,
        told.get("dpi") or (quality.as_a4(told["width"], told["height"]) if told else 0),
        tuple(said_by(_, note) for note in told.get("quality", ())),
        len(told.get("lines", ())),
        page.doubtful if page else 0,
        sum(sure) / len(sure) if sure else 0.0,
    )


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "number": side.page.number if side.page else None,
        "dpi": side.dpi or None,
        "notes": list(side.notes),
        "lines": side.lines,
        "doubtful": side.doubtful,
        "sure": round(side.sure, 3),
    }


def _rows(one: Side, other: Side) -> list[Row]:
    """The verdicts of both, a line each."""
    sides = (one, other)
    pages = [side.document.pages_total for side in sides]
    return [
        Row(_("Pages"), tuple(map(str, pages)), None),
        _row(_("Dots per inch"), [str(side.dpi or "—") for side in sides],
             [side.dpi for side in sides]),
        _row(_("The picture"), [" ".join(side.notes) or _("Nothing to object") for side in sides],
             [-len(side.notes) for side in sides]),
        _row(_("Lines in doubt"), [f"{side.doubtful} / {side.lines}" for side in sides],
             [-side.doubtful for side in sides]),
        _row(_("Read with certainty"), [f"{side.sure:.1%}" for side in sides],
             [side.sure for side in sides]),
    ]  # fmt: skip


def _row(label: str, values: list[str], worth: list[float]) -> Row:
    better = None if worth[0] == worth[1] else worth.index(max(worth))
    return Row(label, tuple(values), better)


def _attached(corrected: int) -> str:
    said: str = _("The better scan is shown now; the older one is kept with the paper.")
    if not corrected:
        return said
    lines = ngettext(
        "%(num)s line corrected by hand stays with the older scan: compare it in the new one.",
        "%(num)s lines corrected by hand stay with the older scan: compare them in the new one.",
        corrected,
    )
    return f"{said} {lines}"


def _shown_at(document: Document) -> str:
    door_of = "documents.document" if document.state == State.FILED else "scanning.review"
    return url_for(door_of, number=document.id)


def _likelier(known: Document, scan: Document) -> str:
    """What is likelier to be done: "keep" both, or "attach"; empty where no number tells."""
    numbers = {_own_number(known), _own_number(scan)}
    if "" in numbers:
        return ""
    return "attach" if len(numbers) == 1 else "keep"


def _own_number(document: Document) -> str:
    number = document.number or documents.suggested_number(document)
    return "".join(char for char in number.casefold() if char.isalnum())
