"""The review: what was read beside the page it was read on, corrected, and filed."""

import functools
from datetime import date
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from archive import categories, documents, parties, volumes
from archive.base import typed, web
from archive.base.errors import N_, Invalid
from archive.base.web.fields import DayField
from archive.documents import Document, Filing, Page
from archive.parties import Party
from archive.routes.documents import document_json
from scanning.fields import learning
from scanning.routes import cleaning
from scanning.routes.alike import twins_of
from scanning.routes.differing import differing, taken
from scanning.routes.door import door
from scanning.routes.inbox import is_worth_a_retry
from scanning.routes.suggested import fields_of, likely_party, likely_type
from scanning.routes.taking import in_hands, take_next

MOST_PAGES = 9999
# How a program says no, and an untouched box.
NO = (False, "False", "false", "0", "")


class FilingForm(web.Form):
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
    year = IntegerField(
        lazy_gettext("Year of the volume"), [InputRequired(), NumberRange(min=1900, max=2200)]
    )
    retention = SelectField(lazy_gettext("Retention period"), [InputRequired()])
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
    paper_pages = IntegerField(
        lazy_gettext("Pages on paper"),
        [Optional(), NumberRange(1, MOST_PAGES)],
        description=lazy_gettext("Counted by hand, to compare with the scan"),
    )
    is_copy = BooleanField(lazy_gettext("It is a copy"), false_values=NO)
    original_at = StringField(
        lazy_gettext("Where the original is"),
        [Length(max=200)],
        description=lazy_gettext("Needed of a copy"),
    )
    secrecy = SelectField(lazy_gettext("Secrecy"), [Optional()], default="")
    remark = StringField(lazy_gettext("Remark"), [Length(max=500)])
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


@door.post("/documents/<int:number>/file", may="papers.file", form=FilingForm)
def review(number: int) -> web.Answer:
    """Compare what was read with the page, correct it, and file the document."""
    document = documents.by_id(web.session(), number)
    form = _filing_form(document)
    if _is_to_file(document, form) and form.is_sent():
        filed = documents.file(
            web.session(), document, _filing(form), by=web.me().actor, at=web.moment()
        )
        _learn(filed)
        then = _after_filing(filed)
        carriers = filed.volume.folders if filed.volume else []
        data = document_json(filed) | {"folders": [folder.code for folder in carriers]}
        said = Markup(render_template("scanning/_filed.html", filed=filed))  # noqa: S704 - escaped
        return web.done(data, then, said)
    return shown(document, form)


@door.page.get("/parties/typed")
def typed_parties() -> ResponseReturnValue:
    """Cards to choose from in the field in which a party is typed; `q` is what was typed."""
    web.house().guard("parties.see")
    found = parties.typed(web.session(), web.word("q"))
    return jsonify([{"value": p.id, "label": p.name, "hint": p.credit_code} for p in found])


def shown(
    document: Document,
    form: FilingForm | None = None,
    *,
    page: Page | None = None,
    editing: int = 0,
    line_form: web.Form | None = None,
) -> web.Answer:
    """The page of the review, turned to `page` or to the one that is asked for.

    `line_form` is that of line number `editing`, or of a new line where that is 0.
    """
    if form is None:
        form = _filing_form(document, is_sent=False)
    number = max(1, web.whole_number("turn", web.whole_number("page", 1)) or 1)
    if page is None and document.pages_total:
        page = documents.page_of(web.session(), document, number)
    doubtful = documents.doubtful_pages(web.session(), document)
    here = (page.number if page else None) or 1
    following = [*(number for number in doubtful if number > here), *doubtful]
    fields = fields_of(document)
    places = documents.suggesting(document)
    name = form.party_name.data or ""
    sought = fields.get(web.word("field"))
    return web.show(
        "scanning/review.html",
        document_json(document),
        document=document,
        page=page,
        form=form,
        editing=editing,
        line_form=line_form,
        holder=in_hands(document),
        is_mine=document.taken_by_id == web.me().id,
        cleaned=list(cleaning.told(page.reading)) if page and page.reading else [],
        is_worth_a_retry=is_worth_a_retry(document),
        next_doubt=next((number for number in following if number != here), 0),
        least=documents.LEAST_SURE,
        said_of={
            place: fields[one]
            for place, one in places.items()
            if one in fields and place not in _covered(document)
        },
        more_fields=[one for key, one in fields.items() if key not in places.values()],
        sought=sought if sought and sought.page == here else None,
        plan=categories.plan(web.session()),
        differing=differing(document, _language()),
        told_before=documents.perhaps_ends(web.session(), document),
        doubts=documents.in_doubt(web.session(), [document]).get(document.id, 0),
        twins=twins_of(web.session(), document),
        alike=parties.typed(web.session(), name) if name else [],
        doubtful_code=parties.is_doubtful(form.credit_code.data or ""),
    )


def _is_to_file(document: Document, form: FilingForm) -> bool:
    """Whether the form came to file with it, not to turn the page or to take another value.

    What cannot be filed any more is refused before anything is said of the values.
    """
    if request.method != "POST" or form.is_refused or {"turn", "instead"} & request.form.keys():
        return False
    documents.check_filing(web.session(), document, by=web.me().actor, at=web.moment())
    return True


def _language() -> str:
    return str(get_locale())[:2]


def _covered(document: Document) -> set[str]:
    """The places of the form that the cover sheet fills: what the page says is no reason there."""
    cover = document.cover
    return {"party", "credit_code"} if cover and cover.party else set()


def _filing_form(document: Document, *, is_sent: bool = True) -> FilingForm:
    given = _suggested(document)
    # A program that leaves a value out takes what is suggested, as a clerk does by not touching it.
    told = web.sent() if is_sent and request.is_json else None
    language = _language()
    instead = taken(document, language) if is_sent else None
    if not is_sent:
        form = FilingForm(formdata=None, data=given)
    elif instead is not None:
        form = FilingForm(formdata=instead, data=given)
    elif told is None:
        form = FilingForm(data=given)
    else:
        known = {name: str(value) for name, value in given.items() if value is not None}
        form = FilingForm(formdata=MultiDict(known | told.to_dict()), data=given)
    plan = categories.plan(web.session())
    form.type.choices = web.choices(
        (kind.id, kind.name(language)) for group in plan for kind in group.types
    )
    form.retention.choices = web.choices(
        (key, _(name)) for key, name in categories.RETENTIONS.items()
    )
    form.secrecy.choices = web.choices(
        [
            ("", _("As its type says")),
            *((key, _(said)) for key, said in categories.SECRECIES.items()),
        ]
    )
    return form


def _suggested(document: Document) -> dict[str, Any]:
    """What the filing form holds before anybody touched it; what a cover says comes first."""
    told, cover = functools.partial(documents.suggested, document), document.cover
    kind = (cover and cover.type) or likely_type(document)
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


def _filing(form: FilingForm) -> Filing:
    code = (form.volume.data or "").strip()
    return Filing(
        party=_party(form),
        type=categories.type_by_id(web.session(), form.type.data),
        year=form.year.data or web.today().year,
        retention=form.retention.data,
        title=form.title.data or "",
        number=form.number.data or "",
        dated=form.dated.data or "",
        amount=form.amount.data or "",
        lapses_on=form.lapses_on.data,
        responsible=form.responsible.data or "",
        remark=form.remark.data or "",
        order_number=form.order_number.data or "",
        secrecy=form.secrecy.data or "",
        paper_pages=form.paper_pages.data,
        is_copy=form.is_copy.data,
        original_at=form.original_at.data or "",
        volume=volumes.by_code(web.session(), code) if code else None,
    )


def _last_day(said: str) -> date | None:
    """The day that a paper names as its last; none where it names none, or no whole one."""
    try:
        return typed.day(said)
    except typed.NotADay:
        return None


def _learn(filed: Document) -> None:
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


def _after_filing(filed: Document) -> str:
    # A program that files goes its own way; a clerk has the next paper in hand at once.
    following = None if web.wants_json() else take_next(filed.id)
    if following is None:
        return url_for("documents.document", number=filed.id)
    return url_for("scanning.review", number=following.id)
