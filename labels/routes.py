"""Labels: folders' labels as a PDF, a label's code on the screen, codes in a photo."""

from io import BytesIO

from flask import Response, request, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import categories, codes, covers, parties, volumes
from archive.base import web
from archive.base.errors import N_, Invalid, NotFound, TooLarge
from archive.base.settings import ONLY_HERE
from archive.covers import COVER, SEPARATOR, CoverSheet
from archive.parties import Party
from archive.routes.covers import cover_json
from labels import qr, sheets
from labels.apart import decode_apart
from labels.print import (
    DEFAULT_SHEET,
    MOST_LABELS,
    draw_folders,
    draw_sheets,
    folders_typed,
    label_of,
    make_sheets,
    note_printed,
    try_sheet,
)

MOST_COPIES = 200
MOST_MEGABYTES = 40  # of a photo
MOST_PHOTO_BYTES = MOST_MEGABYTES << 20
MOST_PLACES = 200
door = web.Door("labels")


class NoCodeInPhoto(Invalid):
    text = N_("No code can be seen in this photo. Hold the phone closer, in good light.")


class NoPhoto(Invalid):
    text = N_("No photo was sent. Choose one, or take one of the label.")


class LabelsForm(web.Form):
    """Which folders' labels, on which paper, from which place on."""

    codes = TextAreaField(
        lazy_gettext("Folder codes"),
        [DataRequired(), Length(max=20 * MOST_LABELS)],
        description=lazy_gettext("One code per line, as shown on the folder's page."),
    )
    sheet = SelectField(
        lazy_gettext("Label paper"),
        choices=web.choices(
            (sheet.name, f"{sheet.name} · {sheet.size}") for sheet in sheets.SHEETS.values()
        ),
        default=DEFAULT_SHEET,
    )
    start = IntegerField(
        lazy_gettext("First free label on the sheet"),
        [InputRequired(), NumberRange(min=1, max=MOST_PLACES)],
        default=1,
    )


@door.post("/labels/folders", may="labels.print", form=LabelsForm)
def folder_labels() -> web.Answer:
    """Print folders' labels: the answer names the PDF and what stands on each label."""
    form = LabelsForm(codes="\n".join(request.args.getlist("code")))
    if form.is_sent():
        address, sheet = web.house().settings.address, form.sheet.data or DEFAULT_SHEET
        pdf = BytesIO()
        # Drawing takes seconds: nobody who writes waits for it.
        with web.house().database.reading() as session:
            folders = folders_typed(session, _lines(form.codes.data or ""), address=address)
            labels, drawn = draw_folders(
                folders, pdf, address=address, sheet=sheet, start=form.start.data or 1
            )
        note_printed(web.session(), folders, sheet, by=web.me().actor, at=web.moment())
        told = [{"code": one.code, "url": one.url, "text": one.text} for one in labels]
        data = {"labels": told, "pages": drawn.pages, "warning": _warning()}
        return web.deliver(pdf.getvalue(), "application/pdf", "labels.pdf", data)
    return web.show("labels/folders.html", {}, form=form, warning=_warning())


class CoversForm(web.Form):
    """Which sheets, what they say of the papers behind them, and how many."""

    kind = SelectField(
        lazy_gettext("Sheet"),
        choices=web.choices(
            [
                (COVER, lazy_gettext("Cover sheet: says what the papers behind it are")),
                (SEPARATOR, lazy_gettext("Separator: only parts two papers")),
            ]
        ),
        default=COVER,
    )
    party = IntegerField(lazy_gettext("Party"), [Optional(), NumberRange(1, web.MOST_NUMBER)])
    party_name = StringField(
        lazy_gettext("Party"),
        [Length(max=parties.LONGEST_NAME)],
        description=lazy_gettext("Type part of the name, or pinyin initials."),
    )
    type = SelectField(lazy_gettext("Document type"), coerce=int, default=0)
    year = IntegerField(lazy_gettext("Year"), [Optional(), NumberRange(min=1900, max=2200)])
    note = StringField(lazy_gettext("Note"), [Length(max=200)])
    copies = IntegerField(
        lazy_gettext("How many"), [InputRequired(), NumberRange(min=1, max=MOST_COPIES)], default=1
    )
    each = BooleanField(
        lazy_gettext("Each with a code of its own"),
        description=lazy_gettext("Else all are the same sheet, which can be used again and again."),
        false_values=(False, "False", "false", "0", ""),
    )
    again = IntegerField(
        lazy_gettext("Number of the sheet to print again"),
        [Optional(), NumberRange(1, web.MOST_NUMBER)],
    )


class NoSuchCard(Invalid):
    text = N_("No card has this name. Give the name as its card has it, or make the card first.")


@door.post("/labels/covers", may="labels.print", form=CoversForm)
def cover_sheets() -> web.Answer:
    """Print cover sheets or separators: the answer names the PDF and the code of each sheet."""
    form = CoversForm(again=web.whole_number("again"))
    house = web.house()
    with house.database.reading() as looking:
        plan = categories.offered(looking)
    types = [(kind.id, kind.name(_language())) for group in plan for kind in group.offered]
    form.type.choices = web.choices([(0, "—"), *types])
    if form.is_sent():
        address, pdf = house.settings.address, BytesIO()
        try_sheet(BytesIO(), address=address)
        # Drawing takes seconds: the sheets are made first, and nobody who writes waits for it.
        with house.database.writing() as session:
            made = _made(form, session)
        drawn = draw_sheets(made, pdf, address=address, say=_, language=_language())
        told = [cover_json(sheet) for sheet in dict.fromkeys(made)]
        data = {"covers": told, "pages": drawn.pages, "warning": _warning()}
        return web.deliver(pdf.getvalue(), "application/pdf", "covers.pdf", data)
    # A number that was refused is shown beside its field, not looked for.
    wanted = 0 if form.again.errors else form.again.data
    again = covers.by_id(web.session(), wanted) if wanted else None
    return web.show("labels/covers.html", {}, form=form, plan=plan, again=again, warning=_warning())


@door.file("/folders/<code>/qr.svg", may="folders.see", media_type="image/svg+xml")
def folder_code(code: str) -> Response:
    """The code of a folder's label, for the screen."""
    folder = volumes.folder_by_code(web.session(), code)
    label = label_of(folder, address=web.house().settings.address)
    answer = Response(qr.svg(label.url, label.text), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@door.post("/scan/photo", may="folders.see", uploads="photo", megabytes=MOST_MEGABYTES)
def photo() -> web.Answer:
    """Read the code in a photo of a label, and go where it leads."""
    sent = request.files.get("photo")
    if sent is None or not sent.filename:
        raise NoPhoto
    picture = sent.read(MOST_PHOTO_BYTES + 1)
    if len(picture) > MOST_PHOTO_BYTES:
        raise TooLarge(megabytes=MOST_MEGABYTES)
    seen = [found.text for found in decode_apart(picture)]
    if not seen:
        raise NoCodeInPhoto
    return web.done({"codes": seen}, url_for("folders.scan", code=_likeliest(seen)), "")


def _made(form: CoversForm, session: Session) -> list[CoverSheet]:
    """The sheets to print: one that was made before, or new ones."""
    copies = form.copies.data or 1
    if form.again.data:
        return [covers.by_id(session, form.again.data)] * copies
    kind, each = form.kind.data, bool(form.each.data)
    me, now = web.me().actor, web.moment()
    if kind == SEPARATOR:
        return make_sheets(session, kind, copies, each=each, by=me, at=now)
    number = form.type.data
    return make_sheets(
        session, kind, copies, each=each, by=me, at=now, party=_party(form, session),
        type=categories.type_by_id(session, number) if number else None,
        year=form.year.data, note=form.note.data or "",
    )  # fmt: skip


def _party(form: CoversForm, session: Session) -> Party | None:
    """The chosen card, or the one whose name was typed out; none when nothing was typed."""
    typed = (form.party_name.data or "").strip()
    if form.party.data:
        chosen = parties.by_id(session, form.party.data)
        if not typed or parties.spell(typed).folded == chosen.folded:
            return chosen
    if not typed:
        return None
    known = parties.recognise(session, name=typed)
    if known is None:
        raise NoSuchCard
    return known


def _warning() -> str:
    """What whoever prints is told of the address that the codes carry; empty where it is sound."""
    settings = web.house().settings
    return _(ONLY_HERE, address=settings.address) if settings.is_only_here else ""


def _language() -> str:
    return str(get_locale())[:2]


def _lines(typed: str) -> list[str]:
    return [line for line in typed.splitlines() if line.strip()]


def _likeliest(seen: list[str]) -> str:
    """The folder's code among all that is in the photo: papers bear codes of their own."""
    address = web.house().settings.address
    for text in seen:
        try:
            return codes.spell(text, address=address)
        except NotFound:
            continue
    return seen[0]
