"""Counting: the two passes of a simplex feeder in one order, and pages against paper."""

from dataclasses import dataclass
from itertools import chain
from typing import Literal

from scanning.errors import N_
from scanning.stacks.said import Said

Side = Literal["front", "back"]


@dataclass(frozen=True)
class Collation:
    """Which page of which pass comes when, each counted from 0; `doubt` where it is a guess."""

    order: tuple[tuple[Side, int], ...]
    doubt: Said | None = None


@dataclass(frozen=True)
class Count:
    """How many pages the paper must have given and how many there are."""

    expected: int
    counted: int
    doubt: Said | None = None


def collate(fronts: int, backs: int, *, backwards: bool = True) -> Collation:
    """The order of two passes through a feeder that sees one side at a time.

    A stack that is turned over as a whole gives its backs last sheet first: `backwards`. Passes
    of different length are left one behind the other: which sheet is missing nobody can tell.
    """
    if fronts != backs:
        return Collation((*_pass("front", fronts), *_pass("back", backs)), _uneven(fronts, backs))
    seconds = _pass("back", backs)
    pairs = zip(_pass("front", fronts), reversed(seconds) if backwards else seconds, strict=True)
    return Collation(tuple(chain.from_iterable(pairs)))


def reconcile(
    sheets: int, pages: int, *, two_sided: bool = False, sheets_of_ours: int = 0
) -> Count:
    """Compare the sheets a clerk counted in the hand with the pages that were scanned.

    `sheets_of_ours` are the covers and separators among them, which some people count with the
    paper and some do not: either is right.
    """
    sides = 2 if two_sided else 1
    bare = pages - sides * sheets_of_ours
    if sides * sheets in (pages, bare):
        return Count(sides * sheets, pages)
    is_doubled = not two_sided and 2 * sheets in (pages, pages - 2 * sheets_of_ours)
    return Count(sides * sheets, pages, _unlike(sheets, pages, sides, is_doubled=is_doubled))


def _pass(side: Side, count: int) -> list[tuple[Side, int]]:
    return [(side, number) for number in range(count)]


def _uneven(fronts: int, backs: int) -> Said:
    return Said(
        N_(
            "There are %(fronts)s front pages and %(backs)s back pages. A sheet was pulled in "
            "double or left out: count both passes, and scan the whole stack once more."
        ),
        {"fronts": fronts, "backs": backs},
    )


def _unlike(sheets: int, pages: int, sides: int, *, is_doubled: bool) -> Said:
    params: dict[str, str | int] = {"sheets": sheets, "pages": pages, "expected": sheets * sides}
    if pages < sheets * sides:
        text = N_(
            "You counted %(sheets)s sheets, which is %(expected)s pages, but only %(pages)s came. "
            "Look for sheets that were pulled in double, and scan them again."
        )
    elif is_doubled:
        text = N_(
            "You counted %(sheets)s sheets, and %(pages)s pages came: both sides, it seems. If the "
            "backs came in a pass of their own, put fronts and backs together in the strip."
        )
    else:
        text = N_(
            "You counted %(sheets)s sheets, which is %(expected)s pages, but %(pages)s came. "
            "Count the paper once more, and look for a page that was scanned twice."
        )
    return Said(text, params)
