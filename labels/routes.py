"""Labels: folders' labels as a PDF, a label's code on the screen, codes in a photo."""

from io import BytesIO

from flask import Response, request, url_for
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from archive import codes, volumes
from archive.base import web
from archive.base.errors import N_, Invalid, NotFound, TooLarge
from labels import qr, sheets
from labels.apart import decode_apart
from labels.print import DEFAULT_SHEET, draw_folders, folders_typed, label_of, note_printed

MOST_LABELS = 1000
MOST_MEGABYTES = 40  # of a photo
MOST_PLACES = 200
MOST_PHOTO_BYTES = 40 << 20
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
        choices=[(sheet.name, f"{sheet.name} · {sheet.size}") for sheet in sheets.SHEETS.values()],
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
        return web.deliver(
            pdf.getvalue(), "application/pdf", "labels.pdf", {"labels": told, "pages": drawn.pages}
        )
    return web.show("labels/folders.html", {}, form=form)


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
        raise TooLarge(megabytes=MOST_PHOTO_BYTES >> 20)
    seen = [found.text for found in decode_apart(picture)]
    if not seen:
        raise NoCodeInPhoto
    return web.done({"codes": seen}, url_for("folders.scan", code=_likeliest(seen)), "")


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
