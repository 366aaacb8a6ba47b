"""Splitting: a stack of pages becomes papers, each boundary with its reason.

Only what cannot be anything else parts a stack for certain: our own codes and patch code T.
What is less sure is said, so that a clerk looks: a doubt is never silent, and no page is lost.
Pages are counted from 0 here, in the order of the stack; sentences count them from 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scanning.errors import N_
from scanning.reading import PageReading
from scanning.stacks import firsts, shadows
from scanning.stacks.meanings import Cover, Meanings, nothing
from scanning.stacks.said import Said
from scanning.stacks.sheets import Reason, Role, Sheet, judge
from scanning.stacks.signs import PageSigns

Readings = Sequence[PageReading | None]


@dataclass(frozen=True)
class Settings:
    """How a stack is taken apart.

    `two_sided` tells that its pages are front and back in turn. With `blank_parts` a blank page
    (a blank sheet, if two-sided) ends a paper. With `trust_reader` the reader's own judgement
    parts, otherwise it only suggests.
    """

    two_sided: bool = False
    blank_parts: bool = False
    trust_reader: bool = False


@dataclass(frozen=True)
class Boundary:
    """A paper begins at page `at`, or might; `score`, 0 to 1, is how much speaks for it."""

    at: int
    reason: Reason
    certain: bool
    said: Said
    score: float = 1.0


@dataclass(frozen=True)
class Paper:
    """A run of pages that make one paper, the blank ones among and behind them, and the key of
    the cover that holds for it."""

    pages: tuple[int, ...]
    blanks: tuple[int, ...]
    boundary: Boundary
    cover: str | None = None


@dataclass(frozen=True)
class Doubt:
    """What a clerk should look at, and the page where it shows."""

    at: int
    said: Said


@dataclass(frozen=True)
class Split:
    """A stack taken apart: its papers, each page's role, boundaries that are only suggested, and
    everything that a clerk should look at."""

    papers: tuple[Paper, ...]
    roles: tuple[Role, ...]
    suggestions: tuple[Boundary, ...]
    doubts: tuple[Doubt, ...]


def split(
    pages: Sequence[PageSigns],
    meanings: Meanings = nothing,
    readings: Readings = (),
    settings: Settings | None = None,
) -> Split:
    """Take a stack apart; `readings`, where there are any, belong to the pages one by one."""
    settings = settings or Settings()
    read = (*readings, *[None] * (len(pages) - len(readings)))
    pages = _without_shadows(pages)
    sheets = [judge(signs, one, meanings) for signs, one in zip(pages, read, strict=True)]
    if settings.two_sided:
        sheets = _with_backs(pages, sheets)
    if settings.blank_parts:
        sheets = _parting_blanks(sheets, settings)
    suggested = _suggested(pages, read, sheets, two_sided=settings.two_sided)
    if settings.trust_reader:
        papers = _papers(sheets, {one.at: one for one in suggested})
        suggested = []
    else:
        papers = _papers(sheets, {})
    return Split(
        papers=tuple(papers),
        roles=tuple(sheet.role for sheet in sheets),
        suggestions=tuple(suggested),
        doubts=tuple(sorted(_doubts(pages, sheets, meanings), key=lambda doubt: doubt.at)),
    )


def _without_shadows(pages: Sequence[PageSigns]) -> list[PageSigns]:
    """The pages as they are without what only shines through from the page before or after."""
    around = (None, *pages, None)
    return [
        _without_shadow(page, [other for other in (before, after) if other is not None])
        for before, page, after in zip(around, pages, around[2:], strict=False)
    ]


def _without_shadow(page: PageSigns, neighbours: list[PageSigns]) -> PageSigns:
    others = [code for other in neighbours for code in other.codes]
    codes = tuple(code for code in page.codes if not shadows.is_shadow(code, others))
    is_shadow = page.blankness != "written" and any(
        other.blankness == "written"
        and shadows.shine_through(page.trace, other.trace, partly=page.blankness == "blank")
        for other in neighbours
    )
    clean = replace(page, blankness="blank", trace="") if is_shadow else page
    return replace(clean, codes=codes)


def _papers(sheets: Sequence[Sheet], trusted: dict[int, Boundary]) -> list[Paper]:
    """Runs of content between the sheets that end a paper."""
    papers: list[Paper] = []
    ended: Boundary | None = _boundary(0, Reason.START)
    cover: str | None = None
    for at, sheet in enumerate(sheets):
        if sheet.ends is not None:
            # The first sheet tells the reason; one that is certain makes all of them so.
            certain = sheet.certain or (ended is not None and ended.certain and bool(papers))
            ended = replace(_boundary(at, sheet.ends), certain=certain)
            cover = sheet.cover if sheet.ends is Reason.COVER else cover
        elif sheet.role is Role.CONTENT:
            ended = ended or trusted.get(at)
            if ended:
                papers.append(Paper((at,), (), replace(ended, at=at), cover))
                ended = None
            else:
                papers[-1] = replace(papers[-1], pages=(*papers[-1].pages, at))
        elif sheet.role is Role.BLANK and papers and ended is None:
            papers[-1] = replace(papers[-1], blanks=(*papers[-1].blanks, at))
    return papers


def _boundary(at: int, reason: Reason) -> Boundary:
    return Boundary(at, reason, certain=True, said=Said(REASONS[reason]))


def _with_backs(pages: Sequence[PageSigns], sheets: Sequence[Sheet]) -> list[Sheet]:
    """What is on the back of a cover or separator belongs to no paper, unless a page is there."""
    known = list(sheets)
    for at in range(1, len(sheets), 2):
        is_ours = sheets[at - 1].role in (Role.COVER, Role.SEPARATOR)
        if is_ours and sheets[at].role is Role.CONTENT:
            if pages[at].blankness == "written":
                known[at] = replace(sheets[at], doubts=(Said(WRITTEN_BACK),))
            else:
                known[at] = Sheet(Role.BLANK)
    return known


def _parting_blanks(sheets: Sequence[Sheet], settings: Settings) -> list[Sheet]:
    """Blank pages that end a paper; of a two-sided stack only sheets blank on both sides."""
    parting = _bare_sheets(sheets, two_sided=settings.two_sided)
    return [
        replace(sheet, ends=Reason.BLANK) if at in parting else sheet
        for at, sheet in enumerate(sheets)
    ]


def _bare_sheets(sheets: Sequence[Sheet], *, two_sided: bool) -> set[int]:
    """The pages of sheets with nothing on them; of a two-sided stack, on either side."""
    sides = 2 if two_sided else 1
    return {
        at + side
        for at in range(0, len(sheets) - sides + 1, sides)
        if all(sheet.role is Role.BLANK for sheet in sheets[at : at + sides])
        for side in range(sides)
    }


def _suggested(
    pages: Sequence[PageSigns], readings: Readings, sheets: Sequence[Sheet], *, two_sided: bool
) -> list[Boundary]:
    """Where the reader would begin a new paper, within what nothing else parts."""
    if not any(readings):
        return []
    bare = _bare_sheets(sheets, two_sided=two_sided or _has_backs(sheets))
    return [
        found for paper in _papers(sheets, {}) for found in _firsts(pages, readings, paper, bare)
    ]


def _firsts(
    pages: Sequence[PageSigns], readings: Readings, paper: Paper, bare: set[int]
) -> Iterator[Boundary]:
    begun = 0
    for number, (former, at) in enumerate(pairwise(paper.pages), 1):
        before = [one for one in map(readings.__getitem__, paper.pages[begun:number]) if one]
        reading = readings[at]
        if reading is None:
            first = firsts.unread()
        elif before:
            behind = not bare.isdisjoint(range(former + 1, at))
            first = firsts.judge(before, reading, pages[former], pages[at], behind_blank=behind)
        else:
            continue
        if first.score >= firsts.ENOUGH:
            said, score = first.grounds[0], first.score
            yield Boundary(at, Reason.READER, certain=False, said=said, score=score)
            begun = number


def _has_backs(sheets: Sequence[Sheet]) -> bool:
    """Whether a stack is front and back in turn though nobody said so: most backs are blank, and
    no front is."""
    blank = [sheet.role is Role.BLANK for sheet in sheets]
    backs = blank[1::2]
    return not any(blank[::2]) and 2 * sum(backs) > max(2, len(backs))


def _doubts(
    pages: Sequence[PageSigns], sheets: Sequence[Sheet], meanings: Meanings
) -> Iterator[Doubt]:
    for at, sheet in enumerate(sheets):
        yield from (Doubt(at, said) for said in sheet.doubts)
    yield from _wordless_separators(pages, sheets)
    yield from _covers_of_nothing(sheets)
    yield from _repeated_covers(pages, sheets, meanings)


def _wordless_separators(pages: Sequence[PageSigns], sheets: Sequence[Sheet]) -> Iterator[Doubt]:
    """Patch sheets without a code among sheets of ours, which all carry one."""
    if any(sheet.ends in (Reason.COVER, Reason.SEPARATOR) for sheet in sheets):
        for at, sheet in enumerate(sheets):
            if sheet.ends is Reason.PATCH and not sheet.doubts and not pages[at].codes:
                yield Doubt(at, Said(NO_CODE))


def _covers_of_nothing(sheets: Sequence[Sheet]) -> Iterator[Doubt]:
    """Covers with another one, or the end of the stack, right behind them."""
    waiting: tuple[int, str | None] | None = None
    for at, sheet in enumerate(sheets):
        if sheet.role is Role.CONTENT:
            waiting = None
        elif sheet.role is Role.COVER:
            # The same cover twice in a row is one: printed on both sides, or pulled in again.
            if waiting is not None and waiting[1] != sheet.cover:
                yield Doubt(waiting[0], Said(NOTHING_BEHIND))
            waiting = (at, sheet.cover)
    if waiting is not None:
        yield Doubt(waiting[0], Said(NOTHING_BEHIND))


def _repeated_covers(
    pages: Sequence[PageSigns], sheets: Sequence[Sheet], meanings: Meanings
) -> Iterator[Doubt]:
    """Covers for one use that come again after other pages."""
    first: dict[str, int] = {}
    for at, sheet in enumerate(sheets):
        if sheet.cover is None:
            continue
        told = [meanings(code.text) for code in pages[at].codes]
        once = any(isinstance(one, Cover) and not one.reusable for one in told)
        if once and sheet.cover in first and sheets[at - 1].cover != sheet.cover:
            yield Doubt(at, Said(CAME_BEFORE, {"page": first[sheet.cover] + 1}))
        first.setdefault(sheet.cover, at)


REASONS = {
    Reason.START: N_("The stack begins here."),
    Reason.COVER: N_("A cover sheet lies before this page."),
    Reason.SEPARATOR: N_("A separator lies before this page."),
    Reason.PATCH: N_("A sheet with patch code T lies before this page."),
    Reason.BLANK: N_("A blank sheet lies before this page."),
    Reason.UNREAD: N_("A sheet whose code cannot be read lies before this page."),
    Reason.READER: N_("This page looks like the first of a paper."),
}
WRITTEN_BACK = N_(
    "This is the back of a cover or separator, and written on. "
    "Delete it from the paper if the sheet was printed on scrap."
)
NO_CODE = N_(
    "This separator has no code, unlike the others of this stack. If it is a cover whose code "
    "is covered or torn off, say which one."
)
NOTHING_BEHIND = N_("Nothing lies behind this cover. Look whether its papers were left out.")
CAME_BEFORE = N_(
    "This cover came before, on page %(page)s. Look whether its papers were scanned twice."
)
