"""The filing form: what it holds at first, and what is filed and learned by it."""

import functools
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from archive import categories, documents, parties, volumes
from archive.base import typed, web
from archive.base.errors import N_, Invalid
from archive.categories import Category
from archive.documents import Document, Filing
from archive.parties import Party
from archive.routes.describing import DescriptionForm, grades
from scanning.fields import learning
from scanning.routes.suggested import likely_party, likely_type

MOST_PAGES = 9999


class FilingForm(DescriptionForm):
    """Where and as what a document is filed."""

    suggests = True

    party = IntegerField(lazy_gettext("Party"), [Optional(), NumberRange(1, web.MOST_NUMBER)])
    party_name = StringField(
        lazy_gettext("Party"),
        [Length(max=parties.LONGEST_NAME)],
        description=lazy_gettext(
            "Type part of the name, or pinyin initials. A new name is a new card."
        ),
    )
    credit_code = StringField(
        lazy_gettext("Unified social credit code"),
        [Length(max=30)],
        description=lazy_gettext("For a new card; eighteen characters, as on the licence."),
    )
    year = IntegerField(
        lazy_gettext("Year of the volume"), [InputRequired(), NumberRange(min=1900, max=2200)]
    )
    retention = SelectField(lazy_gettext("Retention period"), [InputRequired()])
    paper_pages = IntegerField(
        lazy_gettext("Pages on paper"),
        [Optional(), NumberRange(1, MOST_PAGES)],
        description=lazy_gettext("Counted by hand, to compare with the scan"),
    )
    volume = StringField(
        lazy_gettext("Volume"),
        [Length(max=200)],
        description=lazy_gettext(
            "Empty: the open one. A late paper may follow the last one of a closed volume: "
            "give its archival code."
        ),
    )


class NoParty(Invalid):
    text = N_("Say whom the paper is about: a party that has a card, or a new name.")


def offer(form: FilingForm, plan: list[Category], language: str) -> None:
    """Let the form's lists hold what can be chosen."""
    form.type.choices = web.choices(
        (kind.id, kind.name(language)) for group in plan for kind in group.offered
    )
    form.retention.choices = web.choices(
        (key, _(name)) for key, name in categories.RETENTIONS.items()
    )
    form.secrecy.choices = web.choices([("", _("As its type says")), *grades()])


def suggested_values(document: Document) -> dict[str, Any]:
    """What the filing form holds before anybody touched it; what a cover says comes first."""
    told, cover = functools.partial(documents.suggested, document), document.cover
    told_type = cover.type if cover and cover.type and cover.type.is_offered else None
    kind = told_type or likely_type(document)
    known = (cover and cover.party) or likely_party(document)
    dated = documents.suggested_date(document)
    return {
        "party": known.id if known else None,
        "party_name": known.name if known else told("party"),
        "credit_code": told("credit_code"),
        "type": kind.id if kind else None,
        "title": told("title") or document.file_name.rpartition(".")[0] or document.file_name,
        "number": documents.suggested_number(document),
        "dated": dated,
        "amount": told("amount"),
        "lapses_on": _last_day(told("valid_to")),
        "year": (cover and cover.year)
        or (int(dated[:4]) if dated[:4].isdigit() else web.today().year),
        "retention": kind.retention if kind else "D10",
        "paper_pages": document.paper_pages,
    }


def filing_of(form: FilingForm) -> Filing:
    """What a valid form says. Raises NoParty, NoSuchParty, NoSuchType, NoSuchVolume."""
    code = (form.volume.data or "").strip()
    return Filing(
        party=_party(form),
        type=categories.type_by_id(web.session(), form.type.data),
        year=form.year.data or web.today().year,
        retention=form.retention.data,
        **form.said(),
        paper_pages=form.paper_pages.data,
        volume=volumes.by_code(web.session(), code) if code else None,
    )


def _last_day(said: str) -> date | None:
    """The day that a paper names as its last; none where it names none, or no whole one."""
    try:
        return typed.day(said)
    except typed.NotADay:
        return None


def learn(filed: Document) -> None:
    """Keep what the clerk made of it, so that papers like it are suggested the same."""
    answers = {"type": str(filed.type_id or ""), "party": str(filed.party_id or "")}
    names = documents.names_in(filed.fields)
    example = learning.learn(documents.first_text(web.session(), filed), names, answers)
    documents.note_lesson(web.session(), filed, example.to_dict(), at=web.moment())


def _party(form: FilingForm) -> Party:
    """The chosen card; the one of the typed name; or a new one."""
    typed_name = (form.party_name.data or "").strip()
    if form.party.data:
        chosen = parties.by_id(web.session(), form.party.data)
        # A name that was typed after the choice counts more than the choice.
        if not typed_name or parties.spell(typed_name).folded == chosen.folded:
            return chosen
    if not typed_name:
        raise NoParty
    known = parties.recognise(web.session(), name=typed_name)
    return known or parties.create(
        web.session(),
        typed_name,
        credit_code=form.credit_code.data or "",
        by=web.me().actor,
        at=web.moment(),
    )
