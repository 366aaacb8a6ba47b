"""The printed paper of volumes: one page, and one address for programs."""

from io import BytesIO

from flask import request
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, SelectField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from archive.base import web
from archive.base.errors import N_, Invalid
from archive.volumes import Volume
from labels.bindery import printing
from labels.bindery.printing import FORMS, MOST_VOLUMES, Wanted
from labels.forms.spines import BOXES, COVERS
from labels.forms.words import LANGUAGES

FORM_NAMES = {
    printing.COVER: lazy_gettext("Covers"),
    printing.SPINE: lazy_gettext("Spines"),
    printing.CATALOGUE: lazy_gettext("Catalogues of papers"),
    printing.NOTE: lazy_gettext("Note sheets"),
    printing.LIST: lazy_gettext("File list"),
}
LANGUAGE_NAMES = {
    "zh": lazy_gettext("Chinese"),
    "en": lazy_gettext("English"),
    "both": lazy_gettext("Chinese and English"),
}
WIDTHS = sorted({*COVERS, *BOXES})
door = web.Door("bindery")


class NothingChosen(Invalid):
    text = N_("No volume was named. Give archival codes, or for a file list a category or a year.")


class PaperForm(web.Form):
    """Which form, of which volumes, and how."""

    form = SelectField(
        lazy_gettext("Form"), choices=web.choices((key, FORM_NAMES[key]) for key in FORMS),
        default=printing.COVER,
    )  # fmt: skip
    codes = TextAreaField(
        lazy_gettext("Archival codes of volumes"),
        [Length(max=100 * MOST_VOLUMES)],
        description=lazy_gettext("One code per line."),
    )
    category = IntegerField(
        lazy_gettext("Category number"),
        [Optional(), NumberRange(1, web.MOST_NUMBER)],
        description=lazy_gettext("For a file list without codes."),
    )
    year = IntegerField(lazy_gettext("Year"), [Optional(), NumberRange(min=1900, max=2200)])
    language = SelectField(
        lazy_gettext("Language of the form"),
        choices=web.choices((key, LANGUAGE_NAMES[key]) for key in LANGUAGES),
        default="zh",
    )
    width = SelectField(
        lazy_gettext("Width of spines"),
        coerce=int,
        choices=web.choices(
            [(0, lazy_gettext("as each folder is")), *((one, f"{one} mm") for one in WIDTHS)]
        ),
        default=0,
    )
    soft = BooleanField(
        lazy_gettext("Soft cover (297 × 210 mm)"),
        description=lazy_gettext("Else the hard cover of 310 × 220 mm."),
        false_values=(False, "False", "false", "0", ""),
    )


@door.post("/forms", may="labels.print", form=PaperForm)
def volume_papers() -> web.Answer:
    """Print covers, spines, catalogues, note sheets or a file list: the answer names the PDF."""
    form = PaperForm(codes="\n".join(request.args.getlist("code")), form=_asked())
    if form.is_sent():
        wanted = Wanted(
            form.form.data, form.language.data, bool(form.soft.data), form.width.data or None
        )
        pdf = BytesIO()
        # Drawing takes seconds: nobody who writes waits for it.
        with web.house().database.reading() as session:
            chosen = _chosen(form, session)
            drawn = printing.draw(session, chosen, wanted, pdf)
            data = printing.told(chosen, wanted, drawn)
        printing.note_printed(
            web.session(), chosen, wanted.form, by=web.me().actor, at=web.moment()
        )
        return web.deliver(pdf.getvalue(), "application/pdf", f"{wanted.form}.pdf", data)
    return web.show("labels/forms.html", {}, form=form)


def _asked() -> str:
    asked = web.word("form")
    return asked if asked in FORMS else printing.COVER


def _chosen(form: PaperForm, session: Session) -> list[Volume]:
    typed = [line for line in (form.codes.data or "").splitlines() if line.strip()]
    if typed:
        return printing.volumes_typed(session, typed)
    if form.form.data == printing.LIST and (form.category.data or form.year.data):
        return printing.volumes_of(session, form.category.data, form.year.data)
    raise NothingChosen
