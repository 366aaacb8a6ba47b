"""Search: the hits of a question, and a document's page with the words marked on it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from archive import categories, circulation, documents, parties
from archive.base import web
from archive.base.errors import N_, Invalid
from archive.circulation import Loan
from archive.documents import Document
from archive.parties import NoSuchParty, Party
from archive.routes.folders import folder_json
from search.entry import Hit, Question, Results
from search.follow import names, the_index
from search.highlight import Range, marks, snippet
from search.marking import rects

PAGE = 20
TURNS = 15  # pages with the words that are offered on either side of the one shown
LONGEST = 500  # characters of a question
MOST_TYPED = 10_000  # characters that are shown again, more than an address can hold
FILTERS = ("q", "category", "kind", "party", "party_name", "since", "until")
door = web.Door("finding")


class NotOneParty(Invalid):
    text = N_("No single card fits “%(typed)s”. Give more of the name.")


class NotACard(Invalid):
    text = N_("There is no party with the number “%(typed)s”. Search by the party's name instead.")


class NotACategory(Invalid):
    text = N_("The filing plan has no category “%(typed)s”. Choose one of these: %(numbers)s.")


class NotAKind(Invalid):
    text = N_("“%(typed)s” is no kind of paper. Choose one of these: %(kinds)s.")


class QuestionTooLong(Invalid):
    text = N_("A question has at most %(longest)s characters. Leave out words, then search again.")


@dataclass(frozen=True)
class Shown:
    """A hit as it is shown: the document, its best page, the sentence, where the paper is."""

    document: Document
    page: int
    snippet: Markup
    loans: dict[int, Loan]


@door.get("/search", may="papers.see", asks=(*FILTERS, "offset"))
def search() -> web.Answer:
    """Documents that hold what `q` asks, narrowed by category, kind, party and dates."""
    party = None
    try:
        party = _party()
        question = _question(party)
    except Invalid as refusal:
        if web.wants_json():
            raise
        # What was typed stays in its field, beside the sentence that says what is wrong with it.
        answer = _hits(Question(), Results(0, ()), party, refusal)
        answer.status = web.house().status_of(refusal)
        return answer
    results = the_index().search(question) if _is_asked() else Results(0, ())
    return _hits(question, results, party)


@door.get("/search/documents/<int:number>", may="papers.see", asks=("q", "page"))
def found(number: int) -> web.Answer:
    """A document's page with the words of `q` marked on its picture and in its text."""
    document = documents.by_id(web.session(), number)
    typed = bounded(web.word("q", MOST_TYPED))
    turned = max(1, web.whole_number("page", 1) or 1)
    page = documents.page_of(web.session(), document, turned)
    ranges = marks(typed, page.text)
    lines = (page.reading or {}).get("lines", [])
    boxes = rects(ranges, lines)
    pages = the_index().pages(typed, document.id)
    held = document.volume.folders if document.volume else []
    loans = circulation.open_loans_of(web.session(), held)
    data = {
        "document": document.id,
        "page": turned,
        "text": page.text,
        "marks": ranges,
        "boxes": [list(box) for box in boxes],
        "pages": pages,
        "folders": [folder_json(folder, loans.get(folder.id)) for folder in held],
        "width": (page.reading or {}).get("width"),
        "height": (page.reading or {}).get("height"),
    }
    return web.show(
        "search/found.html",
        data,
        document=document,
        page=page,
        loans=loans,
        today=web.today(),
        typed=typed,
        boxes=boxes,
        marked=_marked(page.text, ranges),
        pages=_near(pages, turned),
        previous_url=_turn(document, typed, max((n for n in pages if n < turned), default=0)),
        next_url=_turn(document, typed, min((n for n in pages if n > turned), default=0)),
    )


def _hits(
    question: Question, results: Results, party: Party | None, refusal: Invalid | None = None
) -> web.Answer:
    shown = _shown(question.text, results.hits)
    after = question.offset + PAGE
    more = after if after < results.total else None
    return web.show(
        "search/results.html",
        {"total": results.total, "hits": [hit_json(hit) for hit in shown], "next": more},
        typed={name: web.word(name, MOST_TYPED) for name in FILTERS},
        refusal=refusal,
        asked=_is_asked() and not refusal,
        total=results.total,
        hits=shown,
        party=party,
        plan=categories.plan(web.session()),
        kinds=documents.KINDS,
        today=web.today(),
        previous_url=_link(question.offset - PAGE) if question.offset else "",
        next_url=_link(more) if more else "",
    )


def ask(question: Question) -> tuple[int, list[Shown]]:
    """How many documents answer, and the hits, for the command line."""
    results = the_index().search(question)
    return results.total, _shown(question.text, results.hits)


def hit_json(hit: Shown) -> dict[str, Any]:
    """A hit as JSON; `snippet` is HTML with `<mark>` around the words."""
    return {
        "document": hit.document.id,
        "title": hit.document.shown_title,
        "page": hit.page,
        "code": hit.document.code,
        "snippet": str(hit.snippet),
    }


def _question(party: Party | None) -> Question:
    return Question(
        text=bounded(web.word("q", MOST_TYPED)),
        category=planned(web.word("category")),
        kind=_kind(web.word("kind")),
        party=party.id if party else None,
        since=_day("since"),
        until=_day("until"),
        offset=web.whole_number("offset", 0) or 0,
        limit=PAGE,
    )


def bounded(typed: str) -> str:
    """A question's text. Raises QuestionTooLong."""
    if len(typed) > LONGEST:
        raise QuestionTooLong(longest=LONGEST)
    return typed


def planned(typed: str) -> str:
    """The number of a category of the plan, or nothing. Raises NotACategory."""
    numbers = [str(category.number) for category in categories.plan(web.session())] if typed else []
    if typed and typed not in numbers:
        raise NotACategory(typed=typed[:20], numbers=gettext(", ").join(dict.fromkeys(numbers)))
    return typed


def _kind(typed: str) -> str:
    if typed and typed not in documents.KINDS:
        raise NotAKind(typed=typed[:20], kinds=gettext(", ").join(documents.KINDS))
    return typed


def _party() -> Party | None:
    """The only card that fits the typed name; the chosen one where the page has no such field."""
    if "party_name" in request.args:
        typed = web.word("party_name")
        return named_party(typed) if typed else None
    return _card(web.word("party"))


def _card(typed: str) -> Party | None:
    try:
        return parties.by_id(web.session(), web.whole_number("party", 0) or 0) if typed else None
    except NoSuchParty as error:
        raise NotACard(typed=typed[:20]) from error


def named_party(typed: str) -> Party:
    """The card of this name or credit code, or the only one whose name holds it.

    Raises NotOneParty.
    """
    fitting = parties.typed(web.session(), typed, limit=2)
    found = parties.recognise(web.session(), name=typed, credit_code=typed)
    if found is None and len(fitting) == 1:
        found = fitting[0]
    if found is None:
        raise NotOneParty(typed=typed)
    return found


def _is_asked() -> bool:
    return any(request.args.get(name, "").strip() for name in FILTERS)


def _day(name: str) -> str:
    return documents.partial_date(web.word(name, 20))


def _shown(text: str, hits: tuple[Hit, ...]) -> list[Shown]:
    numbers = [hit.document for hit in hits]
    known = {document.id: document for document in documents.by_ids(web.session(), numbers)}
    # A hit in the title or the names may stand on the first page by other words.
    pages = documents.texts(web.session(), [(hit.document, max(1, hit.page)) for hit in hits])
    folders = [f for d in known.values() if d.volume for f in d.volume.folders]
    out = circulation.open_loans_of(web.session(), folders)
    shown = []
    for hit in hits:
        # The index may be a moment behind: what is no more is not shown.
        if (document := known.get(hit.document)) is None:
            continue
        page = max(1, hit.page)
        body = pages.get((hit.document, page), "")
        held = document.volume.folders if document.volume else []
        loans = {folder.id: out[folder.id] for folder in held if folder.id in out}
        shown.append(Shown(document, page, _sentence(text, document, body), loans))
    return shown


def _sentence(text: str, document: Document, body: str) -> Markup:
    """The sentence of the page where the words stand, else the names where they do."""
    if ranges := marks(text, body):
        return _snippet(body, ranges)
    called = dict.fromkeys((document.shown_title, *names(document)))
    answering = [(name, ranges) for name in called if (ranges := marks(text, name))]
    if answering:
        return Markup(" · ").join(_snippet(name, ranges) for name, ranges in answering)
    return _snippet(body if body.strip() else document.shown_title, [])


def _snippet(text: str, ranges: list[Range]) -> Markup:
    # snippet() escapes the paper's text itself.
    return Markup(snippet(text, ranges))  # noqa: S704


def _marked(text: str, ranges: list[Range]) -> Markup:
    """The page's text with the words in <mark>, line by line as it stands."""
    shown, last = Markup(""), 0
    for start, end in ranges:
        shown += escape(text[last:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        last = end
    return shown + escape(text[last:])


def _near(pages: Sequence[int], turned: int) -> Sequence[int]:
    """Those of the pages that stand around the one shown."""
    place = bisect_left(pages, turned)
    return pages[max(0, place - TURNS) : place + TURNS]


def _link(offset: int) -> str:
    asked = {name: web.word(name, LONGEST) for name in FILTERS if web.word(name)}
    return f"{url_for('finding.search')}?{urlencode({**asked, 'offset': max(0, offset)})}"


def _turn(document: Document, typed: str, number: int) -> str:
    return url_for("finding.found", number=document.id, q=typed, page=number) if number else ""
