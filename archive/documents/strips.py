"""Strips: the pages of a batch in their order, as plain data, and what a clerk does to them.

    strip:   cover | 1 2 3 | 4 5 (blank) | separator | 6 …

Each step gives another strip. A document's pages are never parted by another's, and no page is
ever lost: what is no content is set aside where it lies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from archive.base.errors import N_, Conflict, Invalid
from archive.documents.records import Page, PageRole

# Sheets that part a stack; blank backs and what was removed lie within the papers.
PARTING = (PageRole.COVER, PageRole.SEPARATOR, PageRole.DOUBTFUL)


class NotInStrip(Conflict):
    text = N_("The strip was changed meanwhile. Look at it again, then repeat this step.")


class CannotSplitHere(Invalid):
    text = N_("A paper already begins with this page. Choose a page after it to split there.")


class CannotJoin(Invalid):
    text = N_("No paper stands before this page. Choose a page of a later paper to join it.")


class PaperEnds(Invalid):
    text = N_(
        "This is the last page of its paper and stays in it. Moving it to the next paper is a step "
        "of its own."
    )


class PaperBegins(Invalid):
    text = N_(
        "This is the first page of its paper and stays in it. Moving it to the paper before is a "
        "step of its own."
    )


class NoNeighbour(Invalid):
    text = N_("No paper stands there to take this page. Split it off if it is one of its own.")


class NotInAPaper(Invalid):
    text = N_("This page is set aside. Restore it first, then move it to another paper.")


@dataclass(frozen=True)
class Leaf:
    """A page in the strip. `document` is 0 for what is no content, below 0 for one to be made."""

    page: int
    document: int
    role: PageRole
    turned: int | None
    # Why a person should look at where it was put; each step at a page settles it.
    doubt: dict[str, Any] | None = None


@dataclass(frozen=True)
class Group:
    """A document as the strip shows it, with what lies before and between its pages.

    `document` is 0 for what lies behind the last one.
    """

    document: int
    leaves: tuple[Leaf, ...]


Strip = tuple[Leaf, ...]


def strip_of(pages: Iterable[Page]) -> Strip:
    """Pages, in the order of their places, as a strip."""
    return tuple(Leaf(p.id, p.document_id or 0, p.role, p.turned, p.doubt) for p in pages)


def version(strip: Strip) -> str:
    """A short text that is another one for every other strip: two clerks see whether they see
    the same."""
    told = [(leaf.page, leaf.document, str(leaf.role), leaf.turned) for leaf in strip]
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()


def split(strip: Strip, page: int) -> Strip:
    """A new document begins with this page. Raises CannotSplitHere, NotInStrip."""
    at = find(strip, page)
    old = strip[at].document
    if not old or all(leaf.document != old for leaf in strip[:at]):
        raise CannotSplitHere
    fresh = _fresh(strip)
    return settle(strip[:at] + _renamed(strip[at:], old, fresh), page)


def join(strip: Strip, page: int) -> Strip:
    """This page's document goes on the one before it. Raises CannotJoin, NotInStrip."""
    at = find(strip, page)
    old = strip[at].document
    start = next((n for n, leaf in enumerate(strip) if leaf.document == old), at)
    before = next((leaf.document for leaf in reversed(strip[:start]) if leaf.document), 0)
    if not old or not before:
        raise CannotJoin
    return settle(_renamed(strip, old, before), page)


def move(strip: Strip, page: int, before: int | None) -> Strip:
    """The page goes in front of another (or to the end), into that one's document."""
    if before == page:
        return strip
    rest = _without(strip, page)
    at = len(rest) if before is None else find(rest, before)
    return _placed(strip, page, at, rest[at].document if at < len(rest) else 0)


def move_behind(strip: Strip, page: int, after: int) -> Strip:
    """The page goes behind another, into that one's document."""
    if after == page:
        return strip
    at = find(_without(strip, page), after)
    return _placed(strip, page, at + 1, strip[find(strip, after)].document)


def earlier(strip: Strip, page: int) -> Strip:
    """The page changes places with the one before it, within its paper. Raises PaperBegins."""
    at = find(strip, page)
    if _stands_in(strip[:at], strip[at].document):
        return settle((*strip[: at - 1], strip[at], strip[at - 1], *strip[at + 1 :]), page)
    if strip[at].document:
        raise PaperBegins
    return move(strip, page, strip[at - 1].page) if at else strip


def later(strip: Strip, page: int) -> Strip:
    """The page changes places with the one behind it, within its paper. Raises PaperEnds."""
    at = find(strip, page)
    if _stands_in(strip[at + 1 :], strip[at].document):
        return settle((*strip[:at], strip[at + 1], strip[at], *strip[at + 2 :]), page)
    if strip[at].document:
        raise PaperEnds
    return move_behind(strip, page, strip[at + 1].page) if at + 1 < len(strip) else strip


def to_paper_before(strip: Strip, page: int) -> Strip:
    """The page becomes the last of the paper before its own. Raises NotInAPaper, NoNeighbour."""
    own = _own(strip, page)
    start = next(at for at, leaf in enumerate(strip) if leaf.document == own)
    last = next((leaf for leaf in reversed(strip[:start]) if leaf.document), None)
    if last is None:
        raise NoNeighbour
    return move_behind(strip, page, last.page)


def to_next_paper(strip: Strip, page: int) -> Strip:
    """The page becomes the first of the paper behind its own. Raises NotInAPaper, NoNeighbour."""
    own = _own(strip, page)
    end = max(at for at, leaf in enumerate(strip) if leaf.document == own)
    first = next((leaf for leaf in strip[end + 1 :] if leaf.document), None)
    if first is None:
        raise NoNeighbour
    return move(strip, page, first.page)


def turn(strip: Strip, page: int, degrees: int) -> Strip:
    """The page stands upright when its file's picture is turned clockwise by so much."""
    at = find(strip, page)
    return (*strip[:at], replace(strip[at], turned=degrees % 360), *strip[at + 1 :])


def set_aside(strip: Strip, page: int, role: PageRole = PageRole.REMOVED) -> Strip:
    """The page belongs to no document. It stays in the strip."""
    at = find(strip, page)
    aside = replace(strip[at], document=0, role=role, doubt=None)
    return (*strip[:at], aside, *strip[at + 1 :])


def restore(strip: Strip, page: int) -> Strip:
    """The page is content of the document in which it lies, or of one of its own."""
    at = find(strip, page)
    home = strip[at].document or _home(strip[:at], strip[at + 1 :]) or _fresh(strip)
    back = replace(strip[at], document=home, role=PageRole.CONTENT, doubt=None)
    return (*strip[:at], back, *strip[at + 1 :])


def settle(strip: Strip, page: int) -> Strip:
    """A person looked: the page is where it belongs."""
    at = find(strip, page)
    return (*strip[:at], replace(strip[at], doubt=None), *strip[at + 1 :])


def collate(strip: Strip, pages: Sequence[int], backs: frozenset[int]) -> Strip:
    """Fronts and backs of one stack in the order of `pages`; a back goes into its front's document.

    Raises NotInStrip.
    """
    known = {leaf.page: leaf for leaf in strip}
    if len(pages) != len(known) or set(pages) != known.keys():
        raise NotInStrip
    fronts = {page: known[page] for page in pages if page not in backs}
    bare = {page: replace(known[page], document=0, doubt=None) for page in backs}
    made: Strip = tuple((fronts | bare)[page] for page in pages)
    for at, page in enumerate(pages):
        if page in backs and known[page].document:
            home = _home(made[:at], made[at + 1 :]) or _fresh((*strip, *made))
            made = (*made[:at], replace(made[at], document=home), *made[at + 1 :])
    return made


def groups(strip: Strip) -> list[Group]:
    """The strip as it is shown: what parts two papers stands before the second."""
    found: list[Group] = []
    waiting: Strip = ()
    for leaf in strip:
        inside = bool(found) and not any(one.role in PARTING for one in waiting)
        if leaf.document and found and leaf.document == found[-1].document:
            found[-1] = Group(leaf.document, (*found[-1].leaves, *waiting, leaf))
            waiting = ()
        elif leaf.document:
            found.append(Group(leaf.document, (*waiting, leaf)))
            waiting = ()
        elif inside and leaf.role not in PARTING:
            found[-1] = Group(found[-1].document, (*found[-1].leaves, leaf))
        else:
            waiting = (*waiting, leaf)
    return [*found, Group(0, waiting)] if waiting else found


def find(strip: Strip, page: int) -> int:
    """The place of a page, from 0. Raises NotInStrip."""
    for at, leaf in enumerate(strip):
        if leaf.page == page:
            return at
    raise NotInStrip


def numbered(strip: Strip) -> dict[int, int]:
    """Each page's number in its document, from 1; 0 for what is no content."""
    counted: dict[int, int] = {}
    numbers = {}
    for leaf in strip:
        counted[leaf.document] = counted.get(leaf.document, 0) + 1
        numbers[leaf.page] = counted[leaf.document] if leaf.document else 0
    return numbers


def _own(strip: Strip, page: int) -> int:
    """The document of a page of content. Raises NotInAPaper, NotInStrip."""
    own = strip[find(strip, page)].document
    if not own:
        raise NotInAPaper
    return own


def _stands_in(side: Strip, document: int) -> bool:
    return bool(document) and any(leaf.document == document for leaf in side)


def _without(strip: Strip, page: int) -> Strip:
    find(strip, page)
    return tuple(leaf for leaf in strip if leaf.page != page)


def _placed(strip: Strip, page: int, at: int, near: int) -> Strip:
    """The page at this place of the others, in the document `near`, or where it comes to lie."""
    leaf, rest = replace(strip[find(strip, page)], doubt=None), _without(strip, page)
    if leaf.document:
        alone = all(other.document != leaf.document for other in rest)
        home = near or _home(rest[:at], rest[at:])
        leaf = replace(leaf, document=home or (leaf.document if alone else _fresh(strip)))
    return (*rest[:at], leaf, *rest[at:])


def _renamed(strip: Strip, old: int, new: int) -> Strip:
    return tuple(replace(leaf, document=new) if leaf.document == old else leaf for leaf in strip)


def _home(before: Strip, after: Strip) -> int:
    """The document in which what lies between these two lies; 0 when it is in none."""
    nearest = [next((leaf.document for leaf in side if leaf.document), 0)
               for side in (before[::-1], after)]  # fmt: skip
    if nearest[0] and nearest[0] == nearest[1]:
        return nearest[0]
    return _up_to_parting(before[::-1]) or _up_to_parting(after)


def _up_to_parting(side: Strip) -> int:
    for leaf in side:
        if leaf.document or leaf.role in PARTING:
            return leaf.document
    return 0


def _fresh(strip: Strip) -> int:
    """A number for a document that is to be made."""
    return min(0, *(leaf.document for leaf in strip), 0) - 1
