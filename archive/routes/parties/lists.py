"""What the company defines for its cards: the lists of grades, natures, regions; own fields."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import parties
from archive.base import web
from archive.parties import Definition, OwnField, OwnKind, Term
from archive.routes.parties.door import door, own_json, term_json

# What a program may send for no.
NO = (False, "False", "false", "0", "")


class Named(web.Form):
    """A name in both languages."""

    name_zh = StringField(lazy_gettext("Chinese name"), [DataRequired(), Length(max=60)])
    name_en = StringField(
        lazy_gettext("English name"),
        [Length(max=60)],
        description=lazy_gettext("Empty: the Chinese one is shown to all."),
    )


class TermForm(Named):
    """A new entry of a list."""

    list = SelectField(
        lazy_gettext("List"),
        choices=web.choices((name, lazy_gettext(said)) for name, said in parties.LISTS.items()),
        default="grade",
    )


class EditTermForm(Named):
    """An entry that is there."""

    position = IntegerField(
        lazy_gettext("Place in the list"), [InputRequired(), NumberRange(1, 9999)]
    )
    retired = BooleanField(
        lazy_gettext("Retired"),
        description=lazy_gettext("Cards that have it keep it; no other card gets it."),
        false_values=NO,
    )


class Asked(Named):
    """A field of the cards."""

    is_required = BooleanField(
        lazy_gettext("Must be filled in when a card is saved"), false_values=NO
    )
    options = TextAreaField(
        lazy_gettext("What can be chosen"),
        [Length(max=20_000)],
        description=lazy_gettext("For a choice only; each on a line of its own."),
    )


class OwnForm(Asked):
    """A new field of the cards."""

    kind = SelectField(
        lazy_gettext("Kind of field"),
        choices=web.choices(
            (kind, lazy_gettext(said)) for kind, said in parties.OWN_KIND_NAMES.items()
        ),
        default=OwnKind.TEXT,
    )


class EditOwnForm(Asked):
    """A field that is there; what it holds cannot be changed."""

    position = IntegerField(lazy_gettext("Place on the card"), [Optional(), NumberRange(1, 9999)])
    retired = BooleanField(
        lazy_gettext("Retired"),
        description=lazy_gettext(
            "What cards have in it stays to be read; no card is asked for it."
        ),
        false_values=NO,
    )


@door.get("/parties/lists", may="parties.write")
def lists() -> web.Answer:
    """The lists of grades, natures and regions, and the company's own fields."""
    terms = parties.terms(web.session(), retired=True)
    fields = parties.own_fields(web.session(), retired=True)
    told: dict[str, Any] = {
        name: [_term_json(term) for term in found] for name, found in terms.items()
    }
    return web.show(
        "parties/lists.html",
        told | {"own_fields": [own_json(own) for own in fields]},
        terms=terms,
        names=parties.LISTS,
        fields=fields,
        kinds=parties.OWN_KIND_NAMES,
    )


@door.post("/parties/lists/new", may="parties.define", form=TermForm)
def new_term() -> web.Answer:
    """Add an entry to the list of grades, natures or regions."""
    form = TermForm(list=web.word("list") or "grade")
    if form.is_sent():
        term = parties.add_term(
            web.session(), form.list.data, form.name_zh.data or "", form.name_en.data or "",
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        said = _("“%(name)s” is in the list.", name=term.name_zh)
        return web.done(_term_json(term), url_for("parties.lists"), said, status=201)
    return web.show("parties/term.html", {}, form=form, term=None)


@door.post("/parties/lists/<int:number>", may="parties.define", form=EditTermForm)
def edit_term(number: int) -> web.Answer:
    """Change an entry of a list, retire it, or bring it back."""
    term = parties.term_by_id(web.session(), number)
    form = EditTermForm(obj=term, data={"retired": term.retired_at is not None})
    if form.is_sent():
        told = {name: form[name].data for name in ("name_zh", "name_en", "position", "retired")}
        parties.edit_term(
            web.session(), term, told | {"name_en": told["name_en"] or ""},
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        said = _("The list is saved.")
        return web.done(_term_json(term), url_for("parties.lists"), said)
    return web.show("parties/term.html", _term_json(term), form=form, term=term)


@door.post("/parties/fields/new", may="parties.define", form=OwnForm)
def new_field() -> web.Answer:
    """Give the cards a field of the company's own."""
    form = OwnForm()
    if form.is_sent():
        own = parties.define(web.session(), _told(form), by=web.me().actor, at=web.moment())
        said = _("The cards have the field “%(name)s”.", name=own.name_zh)
        return web.done(own_json(own), url_for("parties.lists"), said, status=201)
    return web.show("parties/field.html", {}, form=form, own=None, kinds=parties.OWN_KIND_NAMES)


@door.post("/parties/fields/<int:number>", may="parties.define", form=EditOwnForm)
def edit_field(number: int) -> web.Answer:
    """Change a field of the company's own, retire it, or bring it back."""
    own = parties.own_field(web.session(), number)
    form = EditOwnForm(
        data={
            "name_zh": own.name_zh, "name_en": own.name_en, "is_required": own.is_required,
            "options": "\n".join(own.options), "position": own.position,
            "retired": own.retired_at is not None,
        }
    )  # fmt: skip
    if form.is_sent():
        parties.redefine(
            web.session(), own, _told(form, own), retired=bool(form.retired.data),
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        return web.done(own_json(own), url_for("parties.lists"), _("The field is saved."))
    return web.show(
        "parties/field.html", own_json(own), form=form, own=own, kinds=parties.OWN_KIND_NAMES
    )


def _term_json(term: Term) -> dict[str, Any]:
    return (term_json(term) or {}) | {"retired": term.retired_at is not None}


def _told(form: Asked, own: OwnField | None = None) -> Definition:
    return Definition(
        name_zh=form.name_zh.data or "",
        name_en=form.name_en.data or "",
        kind=own.kind if own else OwnKind(form["kind"].data),
        is_required=bool(form.is_required.data),
        options=(form.options.data or "").splitlines(),
        position=form["position"].data if own else None,
    )
