"""A party's page: its card, and the dossier that its papers make."""

from typing import Any

from flask import url_for

from archive import circulation, dossiers, parties
from archive.base import web
from archive.documents import Document
from archive.dossiers import Contents
from archive.parties import Party
from archive.routes import history
from archive.routes.folders import folder_json
from archive.routes.parties.door import (
    PAGE,
    card_json,
    contact_json,
    door,
    follow_up_json,
    party_json,
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
    if card is not asked:
        # A card that was merged leads to the one that remains; a program is told it at once.
        told = _json(_dossier(card)) if web.wants_json() else {}
        return web.done(
            told | {"asked": party_json(asked)}, url_for("parties.party", number=card.id), ""
        )
    return show_party(card)


@door.get("/parties/<int:number>/folders", may="folders.see", asks=("before",))
def party_folders(number: int) -> web.Answer:
    """Where each folder of a party stands now; `before` pages on."""
    session, card = web.session(), parties.by_id(web.session(), number)
    before = web.whole_number("before")
    found = dossiers.folders(session, card, before=before, limit=PAGE)
    out = circulation.open_loans_of(session, found)
    more = found[-1].id if len(found) == PAGE else None
    return web.show(
        "parties/folders.html",
        {"folders": [folder_json(one, out.get(one.id)) for one in found], "next": more},
        party=card,
        folders=found,
        out=out,
        today=web.today(),
        next_url=url_for("parties.party_folders", number=card.id, before=more) if more else "",
    )


@door.get("/parties/<int:number>/merged", may="parties.see")
def merged(number: int) -> web.Answer:
    """The cards that were merged into a card, as they were, and their histories."""
    session, card = web.session(), parties.by_id(web.session(), number)
    found = parties.merged_into(session, card)
    own = parties.own_fields(session, retired=True)
    return web.show(
        "parties/merged.html",
        {"merged": [card_json(one) for one in found]},
        party=card,
        merged=[
            (one, told_own(own, parties.own_values(session, one)), history.of(one.subject))
            for one in found
        ],
        sees_all=sees_all(),
        kind_names=parties.KIND_NAMES,
    )


def show_party(card: Party, **more: Any) -> web.Answer:
    """A card's page; `more` is a form that was sent from it and could not be used."""
    told = _dossier(card)
    return web.show("parties/one.html", _json(told), **told, **more)


def paper_json(paper: Document) -> dict[str, Any]:
    """A paper in a dossier as JSON."""
    return {
        "id": paper.id,
        "title": paper.shown_title,
        "code": paper.code,
        "type": paper.type_id,
        "dated": paper.dated,
        "lapses_on": paper.lapses_on.isoformat() if paper.lapses_on else None,
    }


def _dossier(card: Party) -> dict[str, Any]:
    """All that a card's page shows; so many questions, however many papers there are."""
    session = web.session()
    contents = dossiers.contents(session, card)
    category = dossiers.chosen(contents, web.whole_number("category"))
    after = web.whole_number("after")
    papers = dossiers.papers(session, card, category, after=after, limit=PAGE) if category else []
    following = papers[-1].id if len(papers) == PAGE else None
    here = category.number if category else None
    url = url_for("parties.party", number=card.id, category=here, after=following)
    folders = dossiers.folders(session, card, before=None, limit=dossiers.FEW_FOLDERS)
    values = parties.own_values(session, card)
    return {
        "party": card,
        "sees_all": sees_all(),
        "doubtful": parties.is_doubtful(card.credit_code),
        "alike": parties.alike(session, card),
        "merged": parties.merged_into(session, card),
        "former": parties.former_names(session, card),
        "own": told_own(parties.own_fields(session, retired=True), values),
        "contents": contents,
        "category": category,
        "documents": papers,
        "next": following,
        "next_url": url if following else "",
        "lapsing": dossiers.lapsing(session, card, since=web.today() - dossiers.STILL_DUE),
        "contacts": parties.contacts(session, card),
        "follow_ups": parties.follow_ups(session, card),
        "folders": folders,
        "more_folders": len(folders) == dossiers.FEW_FOLDERS,
        "out": circulation.open_loans_of(session, folders),
        "today": web.today(),
        "history": history.of(card.subject),
        "kind_names": parties.KIND_NAMES,
    }


def _json(told: dict[str, Any]) -> dict[str, Any]:
    out = told["out"]
    return card_json(told["party"]) | {
        "categories": [_contents_json(one) for one in told["contents"]],
        "documents": [paper_json(paper) for paper in told["documents"]],
        "next": told["next"],
        "lapsing": [paper_json(paper) for paper in told["lapsing"]],
        "contacts": [contact_json(one) for one in told["contacts"]],
        "follow_ups": [follow_up_json(one) for one in told["follow_ups"]],
        "folders": [folder_json(one, out.get(one.id)) for one in told["folders"]],
        "former_names": [one.name for one in told["former"]],
        "alike": [party_json(one) for one in told["alike"]],
        "merged": [{"id": one.id, "number": one.number} for one in told["merged"]],
    }


def _contents_json(told: Contents) -> dict[str, Any]:
    return {
        "number": told.category.number,
        "name_zh": told.category.name_zh,
        "name_en": told.category.name_en,
        "count": told.count,
        "missing": [kind.id for kind in told.missing],
        "types": [
            {
                "id": one.type.id, "name_zh": one.type.name_zh, "name_en": one.type.name_en,
                "count": one.count, "newest": one.newest,
            }
            for one in told.held
        ],
    }  # fmt: skip
