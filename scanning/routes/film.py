"""The film: a batch's strip as it is shown, its pages in order, in papers, with their doubts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from archive import documents
from archive.base.errors import N_
from archive.base.terminal import said_by
from archive.documents import Document, Group, Leaf, Page, PageRole, PageState

THUMB = 240  # pixels of a small picture's width
AT_ONCE = 300  # pages; more are on the next page of the strip

ROLE_NAMES = {
    PageRole.COVER: N_("Cover sheet"),
    PageRole.SEPARATOR: N_("Separator"),
    PageRole.BLANK: N_("Blank"),
    PageRole.DOUBTFUL: N_("Sheet in doubt"),
    PageRole.REMOVED: N_("Set aside"),
}
# What may be said to a doubt: steps, and the buttons' words.
LEAVE = ("settle", N_("Leave it"))
CONTENT = ("restore", N_("It is a page of the paper"))
SEPARATOR = ("separator", N_("It is a separator"))
ASIDE = ("set-aside", N_("Set it aside"))
SPLIT = ("split", N_("Split here"))
JOIN = ("join", N_("It goes on the paper before"))
NEW = ("settle", N_("A new paper, right"))
# Why a doubt cannot be answered with more.
WAITS = N_("Wait until all files of this batch are read; then this can be answered.")
STAYS = N_("This paper is filed or put away: its pages stay as they are.")


@dataclass(frozen=True)
class Shown:
    """A page of the strip: its place from 1, its number in its document, what can be answered."""

    leaf: Leaf
    page: Page
    place: int
    number: int
    answers: tuple[tuple[str, str], ...]
    # Why there are no others; empty where there is nothing to say.
    bound: str
    # The page with the next doubt behind this one, where there is one.
    next_doubt: int | None

    @property
    def picture(self) -> str:
        return self._picture()

    @property
    def thumb(self) -> str:
        return self._picture(width=THUMB)

    @property
    def problem(self) -> dict[str, Any] | None:
        """Why the page could not be read, where it could not."""
        return self.page.problem if self.page.state == PageState.FAILED else None

    @property
    def is_drawn(self) -> bool:
        """Whether there is a picture of it: what was read once has one."""
        return self.page.state == PageState.READ or self.leaf.turned is not None

    def _picture(self, **wanted: Any) -> str:
        # What a clerk turned is another picture: the browser keeps each.
        return url_for(
            "scanning.strip_picture", number=self.page.original.batch_id, page=self.leaf.page,
            v=-1 if self.leaf.turned is None else self.leaf.turned, **wanted,
        )  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A document with what lies before and between its pages; None for what lies behind all."""

    document: Document | None
    pages: tuple[Shown, ...]


@dataclass(frozen=True)
class Film:
    """What of a strip is on one page of the screen, and the pages with which the others begin."""

    papers: tuple[Paper, ...]
    chosen: int
    before: int | None
    after: int | None
    doubt: int | None
    total: int
    version: str


def film(pages: Sequence[Page], chosen: int | None) -> Film:
    """The part of a strip in which the chosen page lies; the first where none is chosen."""
    strip = documents.strip_of(pages)
    reels = _reels(documents.groups(strip))
    at = next((n for n, reel in enumerate(reels) if _holds(reel, chosen)), 0)
    shown = _Screen(pages, strip)
    first = [reel[0].leaves[0].page for reel in reels]
    reel = reels[at] if reels else []
    return Film(
        papers=tuple(shown.paper(group) for group in reel),
        chosen=chosen if chosen and _holds(reel, chosen) else (first[at] if first else 0),
        before=first[at - 1] if at else None,
        after=first[at + 1] if at + 1 < len(first) else None,
        doubt=shown.doubt_behind(0),
        total=len(strip),
        version=documents.version(strip),
    )


def film_json(film: Film) -> list[dict[str, Any]]:
    """The papers of a strip as JSON."""
    return [
        {
            "document": paper.document.id if paper.document else None,
            "title": paper.document.shown_title if paper.document else "",
            "state": str(paper.document.state) if paper.document else "",
            "cover": paper.document.cover_id if paper.document else None,
            "pages": [_page_json(page) for page in paper.pages],
        }
        for paper in film.papers
    ]


def _page_json(shown: Shown) -> dict[str, Any]:
    leaf = shown.leaf
    return {
        "page": leaf.page,
        "place": shown.place,
        "role": str(leaf.role),
        "number": shown.number or None,
        "turned": leaf.turned,
        "state": str(shown.page.state),
        "doubt": said_by(_, leaf.doubt) if leaf.doubt else "",
        "problem": said_by(_, shown.problem) if shown.problem else "",
        "answers": [step for step, _label in shown.answers],
        "picture": shown.picture,
    }


class _Screen:
    """The pages of a strip, ready to be shown."""

    def __init__(self, pages: Sequence[Page], strip: Sequence[Leaf]) -> None:
        self._pages = {page.id: page for page in pages}
        self._is_read = all(page.original.divided_at for page in pages)
        self._staying = {
            page.document.id for page in pages if page.document and page.document.stays
        }
        self._before = _papers_before(strip)
        self._places = {leaf.page: place for place, leaf in enumerate(strip, 1)}
        self._doubts = [(self._places[leaf.page], leaf.page) for leaf in strip if leaf.doubt]
        self._numbers = documents.numbered(tuple(strip))

    def doubt_behind(self, place: int) -> int | None:
        """The first page with a doubt behind this place."""
        return next((page for at, page in self._doubts if at > place), None)

    def paper(self, group: Group) -> Paper:
        held = (self._pages[leaf.page].document for leaf in group.leaves if leaf.document)
        return Paper(next(held, None), tuple(self._page(leaf) for leaf in group.leaves))

    def _page(self, leaf: Leaf) -> Shown:
        number, place = self._numbers[leaf.page], self._places[leaf.page]
        page = self._pages[leaf.page]
        following = self.doubt_behind(place) if leaf.doubt else None
        bound = self._bound(leaf) if leaf.doubt else ""
        answers = self._answers(leaf, number, bound) if leaf.doubt else ()
        return Shown(leaf, page, place, number, answers, bound, following)

    def _bound(self, leaf: Leaf) -> str:
        if not self._is_read:
            return WAITS
        return STAYS if leaf.document in self._staying else ""

    def _answers(self, leaf: Leaf, number: int, bound: str) -> tuple[tuple[str, str], ...]:
        """What can be said to the doubt, and would not be refused."""
        if bound:
            return () if bound == WAITS else (LEAVE,)
        if leaf.role == PageRole.DOUBTFUL:
            return (SEPARATOR, CONTENT)
        if not leaf.document:
            return (LEAVE, CONTENT)
        if number > 1:
            return (SPLIT, LEAVE, ASIDE, SEPARATOR)
        before = self._before[leaf.document]
        if not before:
            return (LEAVE, ASIDE)
        return (NEW, ASIDE) if before in self._staying else (NEW, JOIN, ASIDE)


def _papers_before(strip: Sequence[Leaf]) -> dict[int, int]:
    """Of each document the one that lies before it; 0 of the first."""
    order = list(dict.fromkeys(leaf.document for leaf in strip if leaf.document))
    return dict(zip(order, [0, *order], strict=False))


def _reels(groups: list[Group]) -> list[list[Group]]:
    """Whole papers, so many that a page of the screen holds them."""
    reels: list[list[Group]] = []
    ends = accumulate(len(group.leaves) for group in groups)
    for group, end in zip(groups, ends, strict=True):
        reel = (end - len(group.leaves)) // AT_ONCE
        while len(reels) <= reel:
            reels.append([])
        reels[reel].append(group)
    return [reel for reel in reels if reel]


def _holds(reel: list[Group], page: int | None) -> bool:
    return any(leaf.page == page for group in reel for leaf in group.leaves)
