"""Parties: the cards, and each one's papers."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, StringField
from wtforms.validators import DataRequired, Length

from archive import documents, parties, volumes
from archive.base import web
from archive.parties import Party
from archive.routes import history
from archive.routes.volumes import volume_json

PAGE = 50
door = web.Door("parties")


def credit_code_field() -> Field:
    """The field of a credit code; it may stay empty."""
    return StringField(
        lazy_gettext("Unified social credit code"),
        [Length(max=30)],
        description=lazy_gettext("Eighteen characters, as on the business licence."),
    )


class PartyForm(web.Form):
    """A new card."""

    name = StringField(lazy_gettext("Name"), [DataRequired(), Length(max=parties.LONGEST_NAME)])
    credit_code = credit_code_field()


class CodeForm(web.Form):
    """Another credit code for a card."""

    credit_code = credit_code_field()


def party_json(party: Party) -> dict[str, Any]:
    """A card as JSON."""
    return {
        "id": party.id,
        "number": party.number,
        "name": party.name,
        "credit_code": party.credit_code,
        "credit_code_doubtful": parties.is_doubtful(party.credit_code),
    }


@door.get("/parties", may="parties.see", asks=("q", "after"))
def list_parties() -> web.Answer:
    """Cards by name; `q` finds by part of the name, pinyin initials or credit code."""
    typed = web.word("q")
    found = parties.listed(web.session(), typed, after=web.whole_number("after"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "parties/list.html",
        {"parties": [party_json(party) for party in found], "next": more},
        parties=found,
        typed=typed,
        next_url=url_for("parties.list_parties", q=typed, after=more) if more else "",
    )


@door.post("/parties/new", may="parties.write", form=PartyForm)
def new_party() -> web.Answer:
    """Make a card."""
    form = PartyForm()
    if form.is_sent():
        party = parties.create(
            web.session(),
            form.name.data or "",
            credit_code=form.credit_code.data or "",
            by=web.me().actor,
            at=web.moment(),
        )
        then = url_for("parties.party", number=party.id)
        said = _("Card %(number)s was made for %(name)s.", number=party.number, name=party.name)
        return web.done(party_json(party), then, said, status=201)
    return web.show("parties/new.html", {}, form=form)


@door.get("/parties/<int:number>", may="parties.see", asks=("before",))
def party(number: int) -> web.Answer:
    """A card with its volumes and papers."""
    return _show(parties.by_id(web.session(), number))


@door.post("/parties/<int:number>/credit-code", may="parties.write", form=CodeForm)
def correct_code(number: int) -> web.Answer:
    """Correct the credit code on a card."""
    card = parties.by_id(web.session(), number)
    form = CodeForm(credit_code=card.credit_code)
    if form.is_sent():
        code = form.credit_code.data or ""
        parties.correct_code(web.session(), card, code, by=web.me().actor, at=web.moment())
        then = url_for("parties.party", number=number)
        return web.done(party_json(card), then, _("The credit code is corrected."))
    return _show(card, form)


def _show(card: Party, form: CodeForm | None = None) -> web.Answer:
    held = volumes.of_party(web.session(), card, limit=PAGE)
    papers = documents.of_party(web.session(), card, before=web.whole_number("before"), limit=PAGE)
    more = papers[-1].id if len(papers) == PAGE else None
    data = party_json(card) | {
        "volumes": [volume_json(volume) for volume in held],
        "documents": [{"id": p.id, "title": p.shown_title, "code": p.code} for p in papers],
        "next": more,
    }
    return web.show(
        "parties/one.html",
        data,
        party=card,
        correcting=form or CodeForm(formdata=None, credit_code=card.credit_code),
        doubtful=parties.is_doubtful(card.credit_code),
        volumes=held,
        documents=papers,
        history=history.of(card.subject),
        next_url=url_for("parties.party", number=card.id, before=more) if more else "",
    )
