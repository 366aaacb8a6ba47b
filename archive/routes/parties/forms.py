"""The forms of a card: what every card has, and the company's own fields."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import parties, users
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.base.web.fields import DayField, MoneyField, NumberField, VersionField
from archive.parties import Card, Kind, OwnField, OwnKind, Party, Term
from archive.parties.changes import FIELD_NAMES
from archive.parties.own import LONGEST_VALUE
from archive.routes.parties.door import language
from archive.users import User

NOTHING = "—"


class NoSuchKeeper(Invalid):
    text = N_("No active account has this name. Give the whole name, or the log-in name.")


def text_field(name: str, **more: Any) -> Field:
    """A text of the card, as long as the card keeps it."""
    longest = parties.TEXTS[name]
    return StringField(lazy_gettext(FIELD_NAMES[name]), [Length(max=longest)], **more)


def term_field(name: str) -> Field:
    """A choice from one of the company's lists."""
    label = lazy_gettext(parties.LISTS[name])
    return SelectField(label, coerce=int, choices=web.choices([(0, NOTHING)]), default=0)


class CardForm(web.Form):
    """A card; the company's own fields stand in it as own_1, own_2 …"""

    name = StringField(lazy_gettext("Name"), [DataRequired(), Length(max=parties.LONGEST_NAME)])
    kind = SelectField(
        lazy_gettext("Kind of party"),
        choices=web.choices(
            (kind, lazy_gettext(said)) for kind, said in parties.KIND_NAMES.items()
        ),
        default=Kind.COMPANY,
    )
    short_name = text_field("short_name")
    credit_code = StringField(
        lazy_gettext("Unified social credit code"),
        [Length(max=30)],
        description=lazy_gettext("Eighteen characters, as on the business licence."),
    )
    legal_representative = text_field("legal_representative")
    nature = term_field("nature")
    grade = term_field("grade")
    region = term_field("region")
    address = text_field("address")
    postal_address = text_field("postal_address")
    delivery_address = text_field("delivery_address")
    credit_grade = text_field("credit_grade")
    credit_limit = MoneyField(
        lazy_gettext("Credit limit"), [Optional()], description=lazy_gettext("In yuan.")
    )
    source = text_field(
        "source", description=lazy_gettext("How they came to us: a fair, a recommendation …")
    )
    keeper = IntegerField(
        lazy_gettext("Looked after by"), [Optional(), NumberRange(1, web.MOST_NUMBER)]
    )
    keeper_name = StringField(
        lazy_gettext("Looked after by"),
        [Length(max=100)],
        description=lazy_gettext("Type the beginning of the name."),
    )
    note = TextAreaField(lazy_gettext("Note"), [Length(max=parties.LONGEST_NOTE)])


class EditForm(CardForm):
    """A card that is there; a program may leave out what stays."""

    suggests = True

    # The card as it was seen: it is not saved over what somebody saved meanwhile.
    version = VersionField(lazy_gettext("Version"), [InputRequired()])


def new_form() -> CardForm:
    """The form of a new card."""
    own = parties.own_fields(web.session())
    form: CardForm = _with_own(CardForm, own)()
    _offer(form, None)
    return form


def edit_form(party: Party, *, is_sent: bool = True) -> EditForm:
    """The form of a card that is there, filled with what stands on it."""
    own = parties.own_fields(web.session())
    held = parties.own_values(web.session(), party)
    kind: type[EditForm] = _with_own(EditForm, own, held)
    given = _given(party, own, held)
    if not is_sent:
        form = kind(formdata=None, data=given)
    elif request.method == "POST" and request.is_json:
        known = {
            name: "" if value is None else str(value)
            for name, value in given.items()
            if name not in ("version", "keeper_name" if "keeper" in (web.sent() or {}) else "")
        }
        form = kind(formdata=MultiDict(known | (web.sent() or MultiDict()).to_dict()), data=given)
    else:
        form = kind(data=given)
    _offer(form, party)
    return form


def card_of(form: CardForm) -> Card:
    """What the form says that stands on the card. Raises NoSuchKeeper."""
    texts: dict[str, Any] = {name: form[name].data or "" for name in parties.TEXTS}
    terms: dict[str, Any] = {name: form[name].data or None for name in parties.LISTS}
    return Card(
        name=form.name.data or "",
        kind=Kind(form.kind.data),
        note=form.note.data or "",
        **texts,
        credit_code=form.credit_code.data or "",
        **terms,
        credit_limit=form.credit_limit.data,
        keeper=_keeper(form),
        own={
            own.id: _plain(form[own.key].data)
            for own in parties.own_fields(web.session())
            if own.key in form
        },
    )


def _with_own(
    kind: type[CardForm], own: Sequence[OwnField], held: dict[int, str] | None = None
) -> Any:
    fields = {one.key: _own_field(one, (held or {}).get(one.id, "")) for one in own}
    return type(kind.__name__, (kind,), fields)


def _own_field(own: OwnField, held: str) -> Field:
    label = own.name(language())
    needed: list[Any] = [InputRequired()] if own.is_required else []
    if own.kind == OwnKind.CHOICE:
        # What a card has stays, though it cannot be chosen any more.
        options = own.options + ([held] if held and held not in own.options else [])
        named = [("", NOTHING), *((one, one) for one in options)]
        needed = [DataRequired()] if own.is_required else []
        return SelectField(label, needed, choices=web.choices(named), default="")
    if own.kind == OwnKind.DATE:
        return DayField(label, needed or [Optional()])
    if own.kind == OwnKind.MONEY:
        return MoneyField(label, needed or [Optional()])
    kind = NumberField if own.kind == OwnKind.NUMBER else StringField
    return kind(label, [*needed, Length(max=LONGEST_VALUE)])


def _given(party: Party, own: Sequence[OwnField], held: dict[int, str]) -> dict[str, Any]:
    told = {name: getattr(party, name) for name in (*parties.TEXTS, "note", "name", "credit_code")}
    told |= {name: getattr(party, f"{name}_id") or 0 for name in parties.LISTS}
    told |= {one.key: _read(one, held.get(one.id, "")) for one in own}
    return told | {
        "kind": str(party.kind),
        "credit_limit": party.credit_limit,
        "keeper": party.keeper_id,
        "keeper_name": party.keeper.name if party.keeper else "",
        "version": party.version,
    }


def _read(own: OwnField, value: str) -> Any:
    if own.kind == OwnKind.DATE:
        return date.fromisoformat(value) if value else None
    if own.kind == OwnKind.MONEY:
        return Decimal(value) if value else None
    return value


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _offer(form: CardForm, party: Party | None) -> None:
    """Fill the lists; a card keeps what is given to no other any more."""
    for name, offered in parties.terms(web.session()).items():
        held: Term | None = getattr(party, name) if party else None
        listed = [*offered, held] if held and held not in offered else offered
        named = [(0, NOTHING), *((term.id, term.name(language())) for term in listed)]
        form[name].choices = web.choices(named)


def _keeper(form: CardForm) -> User | None:
    """The account that was chosen, or the one whose name was typed out; none where it is empty."""
    typed = (form.keeper_name.data or "").strip()
    chosen = web.session().get(User, form.keeper.data) if form.keeper.data else None
    if chosen and (not typed or typed.lower() in (chosen.name.lower(), chosen.login)):
        return chosen
    if not typed and not form.keeper.data:
        return None
    found = users.by_full_name(web.session(), typed)
    if found is None:
        raise NoSuchKeeper({"keeper_name": [_(NoSuchKeeper.text)]})
    return found
