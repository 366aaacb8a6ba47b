"""Layout: the order in which a page's lines are read, so that sentences run on.

Tables are read cell by cell in rows, columns of running text one after the other, and all else
row by row from left to right.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from scanning.reading import Box, Line
from scanning.rulings import Cells

# What makes running text of the lines on one side of a gutter.
LEAST_LINES = 4
WIDE = 0.5  # of both columns and the gutter: a heading or table over them
HALF = 0.5  # of the column's width, for the middle one of its lines
FULL = 0.85  # of the widest of its neighbours, for the middle one of all lines


@dataclass(frozen=True)
class Block:
    """Lines that are read together, in their order: one line, or a table."""

    box: Box
    lines: tuple[Line, ...]

    @property
    def left(self) -> int:
        return self.box[0]

    @property
    def top(self) -> int:
        return self.box[1]

    @property
    def right(self) -> int:
        return self.box[2]

    @property
    def bottom(self) -> int:
        return self.box[3]

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def in_reading_order(lines: Sequence[Line], cells: Cells | None = None) -> list[Line]:
    """The lines as a person would read them; `cells` are those of the page's ruled tables."""
    if cells is None:
        return _flow([Block(line.box, (line,)) for line in lines])
    inside: dict[int, list[Line]] = defaultdict(list)
    frames = {cell for cell, box in cells.boxes.items() if _holds_others(box, cells)}
    for line in lines:
        left, top, right, bottom = line.box
        cell = cells.at((left + right) / 2, (top + bottom) / 2)
        inside[0 if cell in frames else cell].append(line)
    free = [Block(line.box, (line,)) for line in inside.pop(0, [])]
    tables = []
    for group in _groups({cell: box for cell, box in cells.boxes.items() if cell not in frames}):
        around = _around([Block(cells.boxes[cell], ()) for cell in group])
        # A cell whose rulings have a gap is none, but what stands in it stands in the table.
        stray = [block for block in free if _within(block, around)]
        free = [block for block in free if block not in stray]
        filled = [
            Block(cells.boxes[cell], tuple(_flow([Block(x.box, (x,)) for x in inside[cell]])))
            for cell in group
            if cell in inside
        ]
        if filled or stray:
            tables.append(Block(around, tuple(_table(filled + stray))))
    return _flow(free + tables)


def _holds_others(box: Box, cells: Cells) -> bool:
    """Whether the cell is only a frame around a form or the whole page."""
    return any(
        box[0] < other[0] and box[1] < other[1] and other[2] < box[2] and other[3] < box[3]
        for other in cells.boxes.values()
    )


def _within(block: Block, box: Box) -> bool:
    middle = (block.left + block.right) / 2
    return box[0] < middle < box[2] and box[1] < block.middle < box[3]


def _groups(boxes: dict[int, Box]) -> list[list[int]]:
    """The cells that make a table: those that touch, from one to the next."""
    groups: list[list[int]] = []
    for cell, box in boxes.items():
        touching = [g for g in groups if any(_touch(box, boxes[other]) for other in g)]
        groups = [g for g in groups if g not in touching]
        groups.append([cell, *(one for group in touching for one in group)])
    return groups


def _touch(box: Box, other: Box) -> bool:
    reach = 12
    return (
        box[0] - reach < other[2]
        and other[0] - reach < box[2]
        and box[1] - reach < other[3]
        and other[1] - reach < box[3]
    )


def _table(cells: list[Block]) -> list[Line]:
    """The cells in rows: one is read when those above it and to its left have been.

    So a heading that spans several rows or columns comes before what it heads.
    """
    cells = sorted(cells, key=lambda cell: (cell.top, cell.left))
    above, beside = _places(cells)
    first = above | beside
    unread_before = first.sum(axis=0)
    waiting = np.ones(len(cells), bool)
    rows: list[list[int]] = []
    while waiting.any():
        # Cells that overlap may each wait for the other: then the topmost goes.
        ready = (
            waiting & (unread_before == 0) if (waiting & (unread_before == 0)).any() else waiting
        )
        onward = np.flatnonzero(ready & beside[rows[-1][-1]]) if rows else np.empty(0, int)
        if onward.size:
            rows[-1].append(min(map(int, onward), key=lambda i: cells[i].left))
        else:
            rows.append([int(np.flatnonzero(ready)[0])])
        waiting[rows[-1][-1]] = False
        unread_before -= first[rows[-1][-1]]
    return [line for row in rows for line in _row_of_cells([cells[i] for i in row])]


def _places(cells: list[Block]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each pair of cells (row, column): whether the first stands above the second in one
    column, and whether it stands left of it in one row."""
    left, top, right, bottom = np.array([cell.box for cell in cells], float).T
    across = _shares(left, right) > 0.5
    down = _shares(top, bottom) > 0.5
    middle, centre = top + bottom, left + right
    return (middle[:, None] < middle) & across, (centre[:, None] < centre) & down


def _shares(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each pair of spans has in common, as a share of the shorter."""
    common = np.minimum(end[:, None], end) - np.maximum(start[:, None], start)
    length = end - start
    shares: NDArray[np.float64] = common / np.maximum(1, np.minimum(length[:, None], length))
    return shares


def _share(start: int, end: int, other_start: int, other_end: int) -> float:
    """The length both spans have in common, as a share of the shorter."""
    # A text layer has lines without height: a rule typed as text, an empty box.
    shorter = max(1, min(end - start, other_end - other_start))
    return (min(end, other_end) - max(start, other_start)) / shorter


def _row_of_cells(row: list[Block]) -> list[Line]:
    """Cell by cell; but row by row where only upright rulings part a list's columns."""
    lists = [cell for cell in row if _is_list(cell)]
    if len(lists) > 1:
        return _rows([Block(line.box, (line,)) for cell in row for line in cell.lines])
    return [line for cell in row for line in cell.lines]


def _is_list(cell: Block) -> bool:
    """Whether the cell holds entries under one another, not the lines of a wrapped text."""
    lines = sorted((Block(line.box, (line,)) for line in cell.lines), key=lambda one: one.top)
    gaps = [(b.top - a.bottom) / max(1, b.bottom - b.top) for a, b in pairwise(lines)]
    return max(gaps, default=0.0) > 1.5 or (len(lines) >= LEAST_LINES and not _is_running(lines))


def _flow(blocks: list[Block]) -> list[Line]:
    """Columns of running text one after the other, the rest row by row."""
    gutter = _gutter(blocks)
    if gutter is None:
        return _rows(blocks)
    left, _, right, _ = _around(blocks)
    wide = [b for b in blocks if _across(b, gutter) and b.right - b.left > WIDE * (right - left)]
    ordered: list[Line] = []
    for band in _bands(blocks, wide):
        ordered += _rows([block for block in band if block in wide])
        across = [block for block in band if block not in wide and _across(block, gutter)]
        columns = [block for block in band if block not in wide and block not in across]
        heads = [b for b in across if all(b.middle < column.top for column in columns)]
        ordered += _rows(heads)
        ordered += _flow([block for block in band if block.right <= gutter])
        ordered += _flow([block for block in band if block.left >= gutter])
        # A picture's caption between the columns.
        ordered += _rows([block for block in across if block not in heads])
    return ordered


def _across(block: Block, gutter: float) -> bool:
    return block.left < gutter < block.right


def _bands(blocks: list[Block], wide: list[Block]) -> Iterable[list[Block]]:
    """The page from above, a new band at every block as wide as both columns."""
    band: list[Block] = []
    for block in sorted(blocks, key=lambda one: one.middle):
        if block in wide:
            yield band
            band = []
        band.append(block)
    yield band


def _gutter(blocks: list[Block]) -> float | None:
    """Where two columns of running text part; None if nowhere."""
    if len(blocks) < 2 * LEAST_LINES:
        return None
    best, least = None, len(blocks) / 3
    for x in sorted({block.right + 1 for block in blocks}):
        across = sum(_across(block, x) for block in blocks)
        if across < least and _is_gutter(blocks, x):
            best, least = x, across
    return best


def _is_gutter(blocks: list[Block], x: float) -> bool:
    left = [block for block in blocks if block.right <= x]
    right = [block for block in blocks if block.left >= x]
    return _is_running(left) and _is_running(right)


def _is_running(side: list[Block]) -> bool:
    """Whether the lines are text that was broken where the column, or a picture in it, ended.

    Then most are as long as those before and after them; entries of a list are not.
    """
    if len(side) < LEAST_LINES:
        return False
    widths = [block.right - block.left for block in sorted(side, key=lambda one: one.middle)]
    around = [max(widths[max(0, i - 1) : i + 2]) for i in range(len(widths))]
    full = [width / max(1, widest) for width, widest in zip(widths, around, strict=True)]
    letters = [len(line.text) for block in side for line in block.lines]
    left, _, right, _ = _around(side)
    return median(full) > FULL and median(widths) > HALF * (right - left) and median(letters) >= 8


def _rows(blocks: list[Block]) -> list[Line]:
    """Row by row, left to right; blocks that share most of their height are one row."""
    ordered = sorted(_joined(blocks), key=lambda one: one.middle)
    return [
        line
        for row in _grouped(ordered, _same_row)
        for block in sorted(row, key=lambda one: one.left)
        for line in block.lines
    ]


def _joined(blocks: list[Block]) -> list[Block]:
    """Lines close under one another made one block, unless they are entries of a table."""
    neighbours = Neighbours(blocks)
    joined: list[Block] = []
    may_go_on: list[int] = []
    for block in neighbours.blocks:
        # What ends so far above goes on with no later block either: they come from above.
        may_go_on = [i for i in may_go_on if not _is_past(joined[i], block)]
        above = next((i for i in may_go_on if _follows(joined[i], block, neighbours)), None)
        if above is None:
            may_go_on.append(len(joined))
            joined.append(block)
        else:
            both = (joined[above], block)
            joined[above] = Block(_around(both), both[0].lines + block.lines)
    return joined


class Neighbours:
    """Finds what stands beside a block without looking at the whole page."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = sorted(blocks, key=lambda one: one.middle)
        self._middles = [block.middle for block in self.blocks]
        self._tallest = max((block.bottom - block.top for block in blocks), default=0)

    def beside(self, one: Block) -> list[Block]:
        reach = (self._tallest + one.bottom - one.top) / 2
        start = bisect_left(self._middles, one.middle - reach)
        end = bisect_right(self._middles, one.middle + reach)
        return [other for other in self.blocks[start:end] if _is_beside(other, one)]


def _is_past(above: Block, block: Block) -> bool:
    """Whether the block is too far below for `_follows`: its middle is at most 0.5 + 1.4 / 2 of
    the last line's height under that line."""
    _, top, _, bottom = above.lines[-1].box
    return block.middle >= bottom + 1.2 * max(1, bottom - top)


def _follows(above: Block, block: Block, neighbours: Neighbours) -> bool:
    """Whether the block goes on with the last line of the one above: close to it, as large, as
    far left, and without a neighbour that goes on with the last line's neighbour."""
    last = Block(above.lines[-1].box, ())
    height = last.bottom - last.top
    near = -height < 2 * (block.top - last.bottom) < height
    alike = 0.7 * height < block.bottom - block.top < 1.4 * height
    if not (near and alike and abs(block.left - last.left) < height / 2):
        return False
    beside_last, beside_this = neighbours.beside(last), neighbours.beside(block)
    if bool(beside_last) != bool(beside_this):
        return False  # The first line of an entry has its figures beside it, the next have none.
    return not any(
        _share(one.left, one.right, other.left, other.right) > 0.3
        for one in beside_last
        for other in beside_this
    )


def _is_beside(one: Block, other: Block) -> bool:
    return _same_row(one, other) and _share(one.left, one.right, other.left, other.right) <= 0


def _same_row(one: Block, other: Block) -> bool:
    return _share(one.top, one.bottom, other.top, other.bottom) > 0.5


def _grouped(blocks: list[Block], belong: Callable[[Block, Block], bool]) -> list[list[Block]]:
    """Neighbours that belong together."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and belong(groups[-1][-1], block):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _around(blocks: Sequence[Block]) -> Box:
    return (
        min(block.left for block in blocks),
        min(block.top for block in blocks),
        max(block.right for block in blocks),
        max(block.bottom for block in blocks),
    )
