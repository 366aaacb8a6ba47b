"""Two cards of one party: found, compared side by side, merged."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from archive import merging, parties
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.base.web.fields import VersionField
from archive.merging import OTHER, THIS, Compared
from archive.parties import Alike, Party
from archive.routes.parties.cards import page_of
from archive.routes.parties.door import PAGE, card_json, door, language, party_json


class NoOtherCard(Invalid):
    text = N_("There is no other card chosen. Choose the one that is merged into this one.")


class MergeForm(web.Form):
    """The other card; for a field that differs, its name says “this” or “other”."""

    other = IntegerField(
        lazy_gettext("The other card"), [Optional(), NumberRange(1, web.MOST_NUMBER)]
    )
    other_name = StringField(
        lazy_gettext("The other card"),
        [Length(max=parties.LONGEST_NAME)],
        description=lazy_gettext("Type part of its name, pinyin initials, code or number."),
    )
    version = VersionField(lazy_gettext("Version"), [InputRequired()])
    other_version = VersionField(lazy_gettext("Version"), [InputRequired()])


@door.get("/parties/duplicates", may="parties.merge", asks=("code", "name"))
def duplicates() -> web.Answer:
    """Cards that may be one party's; `code` and `name` page on in the two lists."""
    code, name = web.word("code"), web.word("name")
    codes = parties.same_code(web.session(), after=code, limit=PAGE)
    names = parties.same_name(web.session(), after=name, limit=PAGE)
    next_code = codes[-1].key if len(codes) == PAGE else None
    next_name = names[-1].key if len(names) == PAGE else None
    link = "parties.duplicates"
    return web.show(
        "parties/duplicates.html",
        {
            "same_code": _groups_json(codes), "next_code": next_code,
            "same_name": _groups_json(names), "next_name": next_name,
        },
        codes=codes,
        names=names,
        next_code_url=url_for(link, code=next_code, name=name or None) if next_code else "",
        next_name_url=url_for(link, code=code or None, name=next_name) if next_name else "",
    )  # fmt: skip


@door.post("/parties/<int:number>/merge", may="parties.merge", form=MergeForm)
def merge(number: int) -> web.Answer:
    """Merge another card into this one; the other's number leads here afterwards."""
    session = web.session()
    card = parties.by_id(session, number)
    other = _other()
    told = merging.compare(session, card, other, language()) if other else []
    form = _form(card, other, told)
    if form.is_sent():
        if other is None:
            raise NoOtherCard
        merging.merge(
            session, card, other, {one.name: form[one.name].data for one in told if one.differs},
            versions=(form.version.data or 0, form.other_version.data or 0),
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        said = _(
            "Card %(number)s is now part of card %(kept)s.", number=other.number, kept=card.number
        )
        return web.done(card_json(card), page_of(card), said)
    return web.show(
        "parties/merge.html",
        _compared_json(card, other, told),
        party=card,
        other=other,
        form=form,
        told=told,
    )


def _other() -> Party | None:
    """The other card, as its number or its typed name says."""
    told = (web.sent() or MultiDict()).get("other") or web.word("other")
    if told and told.isascii() and told.isdigit() and len(told) < 10:
        return parties.as_it_was(web.session(), int(told))
    typed = web.word("other_name")
    return parties.recognise(web.session(), name=typed, credit_code=typed) if typed else None


def _form(card: Party, other: Party | None, told: Sequence[Compared]) -> MergeForm:
    """With one choice for each field that differs."""
    choices: dict[str, Any] = {
        one.name: RadioField(
            _(one.label),
            choices=web.choices(
                [(THIS, _said(one.name, one.this)), (OTHER, _said(one.name, one.other))]
            ),
            default=one.taken,
        )
        for one in told
        if one.differs
    }
    kind: type[MergeForm] = type("MergeForm", (MergeForm,), choices)
    return kind(
        other=other.id if other else None,
        other_name=other.name if other else web.word("other_name"),
        version=card.version,
        other_version=other.version if other else None,
    )


def _said(name: str, value: str) -> str:
    # What stands on cards is shown as it stands there; the kinds are our own words.
    return str(_(value)) if name == "kind" else value


def _compared_json(card: Party, other: Party | None, told: Sequence[Compared]) -> dict[str, Any]:
    return {
        "this": party_json(card),
        "other": party_json(other) if other else None,
        "fields": [
            {"name": one.name, "this": one.this, "other": one.other, "differs": one.differs}
            for one in told
        ],
    }


def _groups_json(groups: Sequence[Alike]) -> list[dict[str, Any]]:
    return [
        {"key": group.key, "parties": [party_json(card) for card in group.cards]}
        for group in groups
    ]
