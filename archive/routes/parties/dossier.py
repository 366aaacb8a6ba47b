"""A party's page: its card, and the dossier that its papers make."""

from typing import Any

from flask import url_for

from archive import circulation, documents, dossiers, parties
from archive.base import web
from archive.documents import Document
from archive.parties import Party
from archive.routes import history
from archive.routes.folders import folder_json
from archive.routes.parties.door import (
    PAGE,
    card_json,
    contact_json,
    door,
    language,
    sees_all,
    told_own,
)


@door.get("/parties/<int:number>", may="parties.see", asks=("category", "after"))
def party(number: int) -> web.Answer:
    """A card and its dossier: what is there, what is missing, what lapses, where the folders are.

    `category` is the number of the category whose papers are listed, `after` pages on in it.
    """
    asked = parties.as_it_was(web.session(), number)
    card = parties.remaining(web.session(), asked)
    if card is not asked and not web.is_api():
        return web.done(card_json(card), url_for("parties.party", number=card.id), "")
    return _show(card)


def _show(card: Party) -> web.Answer:
    session = web.session()
    kinds = dossiers.contents(session, card)
    category = dossiers.chosen(kinds, web.whole_number("category"))
    after = web.whole_number("after")
    papers = dossiers.papers(session, card, category, after=after, limit=PAGE) if category else []
    more = papers[-1].id if len(papers) == PAGE else None
    lapses = dossiers.lapsing(session, card)
    folders = dossiers.folders(session, card, before=None, limit=dossiers.FEW_FOLDERS)
    out = circulation.open_loans_of(session, folders)
    held = parties.contacts(session, card)
    values = parties.own_values(session, card)
    number = category.number if category else None
    return web.show(
        "parties/one.html",
        card_json(card)
        | {
            "categories": [_category_json(one) for one in kinds],
            "documents": [paper_json(paper) for paper in papers],
            "next": more,
        },
        party=card,
        doubtful=parties.is_doubtful(card.credit_code),
        own=told_own(parties.own_fields(session, retired=True), values),
        next_url=url_for("parties.party", number=card.id, category=number, after=more)
        if more
        else "",
    )
