"""Cards: their list, each one made and changed."""

from typing import Any

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import dossiers, parties, users
from archive.base import web
from archive.base.errors import N_
from archive.parties import Party, Sought
from archive.routes.parties.door import PAGE, card_json, door, party_json
from archive.routes.parties.forms import CardForm, EditForm, card_of, edit_form, new_form

# What the orders of the list are called.
ORDER_NAMES = {
    "pinyin": N_("Pinyin"),
    "strokes": N_("Strokes"),
    "date": N_("Newest card first"),
    "number": N_("Card number"),
}
ASKS = ("q", "sort", "grade", "nature", "region", "after")


@door.get("/parties", may="parties.see", asks=ASKS)
def list_parties() -> web.Answer:
    """Cards; `q` finds by name, initials, code, number; `sort`: pinyin, strokes, date, number."""
    sought = _sought()
    found = parties.listed(web.session(), sought, after=web.whole_number("after"), limit=PAGE)
    more = found[-1].id if len(found) == PAGE else None
    asked: dict[str, Any] = {
        "q": sought.text or None, "sort": sought.order, "grade": sought.grade,
        "nature": sought.nature, "region": sought.region,
    }  # fmt: skip
    return web.show(
        "parties/list.html",
        {"parties": [party_json(party) for party in found], "next": more},
        parties=found,
        sought=sought,
        terms=parties.terms(web.session(), retired=True),
        names=parties.LISTS,
        orders=ORDER_NAMES,
        next_url=url_for("parties.list_parties", **asked, after=more) if more else "",
    )


@door.post("/parties/new", may="parties.write", form=CardForm)
def new_party() -> web.Answer:
    """Make a card."""
    form = new_form()
    if form.is_sent():
        party = parties.make(web.session(), card_of(form), by=web.me().actor, at=web.moment())
        then = url_for("parties.party", number=party.id)
        said = _("Card %(number)s was made for %(name)s.", number=party.number, name=party.name)
        return web.done(card_json(party), then, said, status=201)
    return web.show("parties/new.html", {}, form=form, own=_own(form))


@door.post("/parties/<int:number>/edit", may="parties.write", form=EditForm)
def edit_party(number: int) -> web.Answer:
    """Change what stands on a card; `version` is that of the card as it was seen."""
    card = parties.by_id(web.session(), number)
    form = edit_form(card)
    if form.is_sent():
        dossiers.edit(
            web.session(), card, card_of(form), version=form.version.data or 0,
            by=web.me().actor, at=web.moment(),
        )  # fmt: skip
        then = url_for("parties.party", number=card.id)
        return web.done(card_json(card), then, _("The card is saved."))
    return web.show("parties/edit.html", card_json(card), party=card, form=form, own=_own(form))


@door.page.get("/parties/keepers")
def typed_keepers() -> ResponseReturnValue:
    """People who may look after a party; `q` is what was typed."""
    web.house().guard("parties.write")
    found = users.named(web.session(), web.word("q"))
    return jsonify([{"value": p.id, "label": p.name, "hint": p.department} for p in found])


def page_of(party: Party) -> str:
    """The address of a card's page."""
    return url_for("parties.party", number=party.id)


def _own(form: CardForm) -> list[str]:
    return [own.key for own in parties.own_fields(web.session()) if own.key in form]


def _sought() -> Sought:
    order = web.word("sort")
    return Sought(
        text=web.word("q"),
        order=order if order in parties.ORDERS else "pinyin",
        **{name: web.whole_number(name) or None for name in parties.LISTS},
    )
