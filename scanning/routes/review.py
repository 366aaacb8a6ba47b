"""The review: what was read beside the page it was read on, corrected, and filed."""

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from archive import categories, documents, parties
from archive.base import web
from archive.documents import Document, Page
from archive.routes.documents import document_json
from scanning.routes import cleaning
from scanning.routes.alike import likely_twins
from scanning.routes.differing import differing, taken
from scanning.routes.door import door
from scanning.routes.filing import FilingForm, filing_of, learn, offer, suggested_values
from scanning.routes.inbox import is_worth_a_retry
from scanning.routes.suggested import fields_of
from scanning.routes.taking import in_hands, take_next


@door.post("/documents/<int:number>/file", may="papers.file", form=FilingForm)
def review(number: int) -> web.Answer:
    """Compare what was read with the page, correct it, and file the document."""
    document = documents.by_id(web.session(), number)
    form = _filing_form(document)
    if _is_to_file(document, form) and form.is_sent():
        filed = documents.file(
            web.session(), document, filing_of(form), by=web.me().actor, at=web.moment()
        )
        learn(filed)
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
        plan=categories.offered(web.session()),
        differing=differing(document, _language()),
        told_before=documents.perhaps_ends(web.session(), document),
        doubts=documents.in_doubt(web.session(), [document]).get(document.id, 0),
        twins=likely_twins(web.session(), [document]).get(document.id, ()),
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
    given = suggested_values(document)
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
    offer(form, categories.offered(web.session()), language)
    return form


def _after_filing(filed: Document) -> str:
    # A program that files goes its own way; a clerk has the next paper in hand at once.
    following = None if web.wants_json() else take_next(filed.id)
    if following is None:
        return url_for("documents.document", number=filed.id)
    return url_for("scanning.review", number=following.id)
