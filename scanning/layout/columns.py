"""Columns: running text that stands side by side is read one column after the other."""

from collections.abc import Iterable
from itertools import pairwise, product
from statistics import median

import numpy as np

from scanning.layout.blocks import Block, around
from scanning.layout.rows import in_rows
from scanning.layout.words import is_figures, label_of, number_of
from scanning.reading import Line

# What makes running text of the lines on one side of a gutter.
LEAST_LINES = 4
WIDE = 0.5  # of both columns and the gutter: a heading or table over them
HALF = 0.5  # of the column's width, for the middle one of its lines
FULL = 0.85  # of the widest of its neighbours, for the middle one of all lines
LEAST_LETTERS = 8  # in the middle one of a column's lines
LEVEL = 0.7  # of a line's height, by which columns that end together do so at most
PARTED = 0.6  # of a line's height, by which what stands beyond them is farther away
FILLED = 0.25  # of the column's height by its lines; print at double spacing fills 0.4
OWN = 0.75  # of the lines, that begin with a label or number: in a list of wrapped text fewer do
DETACHED = 1.5  # heights of a line: farther from the text stand page numbers and running heads


def flow(blocks: list[Block]) -> list[Line]:
    """Columns of running text one after the other, the rest row by row."""
    gutter = _gutter(blocks)
    if gutter is None:
        return in_rows(blocks)
    left, _, right, _ = around(blocks)
    wide = [b for b in blocks if _crosses(b, gutter) and b.width > WIDE * (right - left)]
    ordered: list[Line] = []
    for band in _bands(blocks, wide):
        ordered += in_rows([block for block in band if block in wide])
        ordered += _column_by_column([block for block in band if block not in wide], gutter)
    return ordered


def _column_by_column(band: list[Block], gutter: float) -> list[Line]:
    crossing = [block for block in band if _crosses(block, gutter)]
    sides = _sides(band, gutter)
    top, bottom = _extent(sides)
    heads = [block for block in band if block.bottom <= top]
    feet = [block for block in band if block.top >= bottom]
    beyond = heads + feet
    heads += [one for one in crossing if one not in beyond and one.middle < top]
    ordered = in_rows(heads)
    for side in sides:
        ordered += flow([block for block in side if block not in beyond])
    # A picture's caption between the columns.
    ordered += in_rows([one for one in crossing if one not in heads and one not in feet])
    return ordered + in_rows(feet)


def _crosses(block: Block, gutter: float) -> bool:
    return block.left < gutter < block.right


def _sides(blocks: list[Block], x: float) -> tuple[list[Block], list[Block]]:
    return [one for one in blocks if one.right <= x], [one for one in blocks if one.left >= x]


def _extent(sides: Iterable[list[Block]]) -> tuple[float, float]:
    """From where to where down the page the columns' text reaches."""
    bodies = [_body(side) for side in sides if side]
    if not bodies:
        return float("inf"), float("inf")
    height = median(block.height for body in bodies for block in body)
    tops = [[part[0].top for part in _beginnings(body)] for body in bodies]
    bottoms = [[-part[0].bottom for part in _beginnings(body[::-1])] for body in bodies]
    return _common(tops, height), -_common(bottoms, height)


def _common(edges: list[list[int]], height: float) -> float:
    """The level on which all columns begin, or else where the first does.

    What stands beyond it, however close, is a heading under both columns, or a page's foot.
    """
    for chosen in product(*edges):
        if max(chosen) - min(chosen) <= LEVEL * height:
            return min(chosen)
    return min(edge for side in edges for edge in side)


def _beginnings(body: list[Block]) -> list[list[Block]]:
    """The column whole, and without the few lines at its beginning that stand a little apart."""
    apart = [_apart(one, other) for one, other in pairwise(body)]
    wide = median(apart) + PARTED * median(block.height for block in body) if apart else 0.0
    least = [at for at, gap in enumerate(apart[: LEAST_LINES - 1], 1) if gap > wide]
    return [body, *(body[at:] for at in least)]


def _apart(one: Block, other: Block) -> int:
    """The paper between two lines, whichever is above."""
    return max(one.top, other.top) - min(one.bottom, other.bottom)


def _body(side: list[Block]) -> list[Block]:
    """The column without what stands apart above and below it; all of it if nothing else does."""
    ordered = sorted(side, key=lambda one: one.middle)
    reach = DETACHED * median(block.height for block in side)
    parts: list[list[Block]] = [[ordered[0]]]
    for above, block in pairwise(ordered):
        if block.top - above.bottom > reach:
            parts.append([])
        parts[-1].append(block)
    # A page number, a running head, a title of two lines: fewer than make a column.
    while len(parts) > 1 and len(parts[0]) < LEAST_LINES - 1:
        parts = parts[1:]
    while len(parts) > 1 and len(parts[-1]) < LEAST_LINES - 1:
        parts = parts[:-1]
    return [block for part in parts for block in part]


def _bands(blocks: list[Block], wide: list[Block]) -> Iterable[list[Block]]:
    """The page from above, a new band at every block as wide as both columns."""
    band: list[Block] = []
    for block in sorted(blocks, key=lambda one: one.middle):
        if block in wide:
            yield band
            band = []
        band.append(block)
    yield band


def _gutter(blocks: list[Block], known: dict[float, bool] | None = None) -> float | None:
    """Where columns of running text part, crossed by as few lines as may be; None if nowhere.

    `known` says of places whether one or more columns stand right of them.
    """
    known = {} if known is None else known
    if len(blocks) < 2 * LEAST_LINES:
        return None
    left, right = np.array([(block.left, block.right) for block in blocks]).T
    places = np.unique(right + 1)
    crossing = ((left < places[:, None]) & (places[:, None] < right)).sum(axis=1)
    few = np.flatnonzero(crossing < len(blocks) / 3)
    by_crossing = sorted(few, key=lambda at: crossing[at])
    return next(
        (float(places[at]) for at in by_crossing if _parts(blocks, float(places[at]), known)), None
    )


def _parts(blocks: list[Block], x: float, known: dict[float, bool]) -> bool:
    """Whether one column stands left of this place, and one or more right of it."""
    left, right = _sides(blocks, x)
    if not is_column(left):
        return False
    if x not in known:
        # Else a table of many columns would be gone through once for each choice of them.
        known[x] = is_column(right) or _gutter(right, known) is not None
    return known[x]


def is_column(side: list[Block]) -> bool:
    """Whether the side's body is running text, with few and small gaps."""
    if len(side) < LEAST_LINES or not _is_wordy(side) or _is_of_entries(side):
        return False
    body = _body(side)
    _, top, _, bottom = around(body)
    inked = sum(block.height for block in body)
    return inked > FILLED * (bottom - top) and is_running(body)


def is_running(side: list[Block]) -> bool:
    """Whether the lines are text that was broken where the column, or a picture in it, ended.

    Then most are as long as those before and after them; entries of a list are not.
    """
    if len(side) < LEAST_LINES or not _is_wordy(side):
        return False
    widths = [block.width for block in sorted(side, key=lambda one: one.middle)]
    widest = [max(widths[max(0, i - 1) : i + 2]) for i in range(len(widths))]
    full = [width / max(1, most) for width, most in zip(widths, widest, strict=True)]
    left, _, right, _ = around(side)
    return median(full) > FULL and median(widths) > HALF * (right - left)


def _is_of_entries(side: list[Block]) -> bool:
    """Whether the lines have labels or numbers of their own, as a form's fields do."""
    lines = [line.text for block in side for line in block.lines]
    own = sum(bool(label_of(text)) or number_of(text) is not None for text in lines)
    return own > OWN * len(lines)


def _is_wordy(side: list[Block]) -> bool:
    """Whether most lines are long enough for text that was broken, and not amounts."""
    lines = [line.text for block in side for line in block.lines]
    wordy = sum(len(text) >= LEAST_LETTERS and not is_figures(text) for text in lines)
    return 2 * wordy > len(lines)
