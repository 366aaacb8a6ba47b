"""The description of a filed paper: what the catalogue says of it, corrected."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from archive import categories, documents
from archive.base import web
from archive.base.errors import Invalid
from archive.base.terminal import said_by
from archive.base.web.fields import DayField, VersionField
from archive.documents import Description, Document
from archive.routes.documents import document_json

# How a program says no, and an untouched box.
NO = (False, "False", "false", "0", "")
SHOWN = (
    "title", "number", "dated", "amount", "responsible", "remark", "order_number", "secrecy",
    "is_copy", "original_at", "lapses_on", "version",
)  # fmt: skip
door = web.Door("describing")


class DescriptionForm(web.Form):
    """What the catalogue says of a paper."""

    type = SelectField(lazy_gettext("Document type"), [InputRequired()], coerce=int)
    title = StringField(lazy_gettext("Title"), [DataRequired(), Length(max=300)])
    number = StringField(lazy_gettext("Number"), [Length(max=100)])
    dated = StringField(
        lazy_gettext("Date"),
        [Length(max=20)],
        description=lazy_gettext("2024-05-31, or 2024-05, or 2024"),
    )
    amount = StringField(lazy_gettext("Amount"), [Length(max=30)])
    lapses_on = DayField(
        lazy_gettext("Valid until"),
        [Optional()],
        description=lazy_gettext("Only what lapses: a licence, a contract with an end."),
    )
    responsible = StringField(
        lazy_gettext("Responsible"),
        [Length(max=200)],
        description=lazy_gettext("Who answers for what it says: a company, a department, a person"),
    )
    order_number = StringField(
        lazy_gettext("Order number"),
        [Length(max=100)],
        description=lazy_gettext("The order whose papers belong together"),
    )
    is_copy = BooleanField(lazy_gettext("It is a copy"), false_values=NO)
    original_at = StringField(
        lazy_gettext("Where the original is"),
        [Length(max=200)],
        description=lazy_gettext("Needed of a copy"),
    )
    secrecy = SelectField(lazy_gettext("Secrecy"), [Optional()], default="")
    remark = StringField(lazy_gettext("Remark"), [Length(max=500)])

    def validate_dated(self, field: StringField) -> None:
        """Say beside the field that it is no date."""
        _said_beside(documents.partial_date, field)

    def validate_amount(self, field: StringField) -> None:
        """Say beside the field that it is no amount."""
        _said_beside(documents.plain_amount, field)

    def said(self) -> dict[str, Any]:
        """What a valid form says, but the type."""
        return {
            "title": self.title.data or "",
            "number": self.number.data or "",
            "dated": self.dated.data or "",
            "amount": self.amount.data or "",
            "lapses_on": self.lapses_on.data,
            "responsible": self.responsible.data or "",
            "order_number": self.order_number.data or "",
            "is_copy": self.is_copy.data,
            "original_at": self.original_at.data or "",
            "secrecy": self.secrecy.data or "",
            "remark": self.remark.data or "",
        }


class CorrectionForm(DescriptionForm):
    """A description as it was seen, corrected; what a program leaves out stays."""

    suggests = True

    version = VersionField(lazy_gettext("Version"), [InputRequired()])


@door.post("/documents/<int:number>/description", may="papers.file", form=CorrectionForm)
def describe(number: int) -> web.Answer:
    """Correct what the catalogue says of a filed paper; `version` is that which was seen."""
    document = documents.by_id(web.session(), number)
    if request.method == "POST":
        documents.volume_of(document)
    form = _form(document)
    if form.is_sent():
        told = Description(type=categories.type_by_id(web.session(), form.type.data), **form.said())
        documents.describe(
            web.session(), document, told, version=form.version.data or 0,
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        then = url_for("documents.document", number=number)
        return web.done(document_json(document), then, _("The description is saved."))
    return web.show(
        "documents/describe.html", document_json(document), document=document, form=form
    )


def _said_beside(read: Callable[[str], str], field: StringField) -> None:
    try:
        read(field.data or "")
    except Invalid as problem:
        raise ValidationError(said_by(_, problem)) from problem


def grades() -> list[tuple[str, str]]:
    """The grades of secrecy to choose from."""
    return [(key, _(said)) for key, said in categories.SECRECIES.items()]


def _form(document: Document) -> CorrectionForm:
    now = {name: getattr(document, name) for name in SHOWN} | {"type": document.type_id}
    form = CorrectionForm(formdata=_sent(now), data=now)
    form.type.choices = web.choices(_types(document))
    form.secrecy.choices = web.choices(grades())
    return form


def _sent(now: dict[str, Any]) -> MultiDict[str, Any] | None:
    """What was sent; of what a program left out, what stands there now."""
    sent = web.sent()
    if sent is None or not request.is_json:
        return sent
    kept = {name: "" if value is None else str(value) for name, value in now.items()}
    del kept["version"]
    return MultiDict(kept | sent.to_dict())


def _types(document: Document) -> list[tuple[int, str]]:
    language = str(get_locale())
    category = document.volume.category if document.volume else None
    known = category.types if category else []
    return [
        (kind.id, kind.name(language))
        for kind in known
        if kind.is_offered or kind.id == document.type_id
    ]
