"""Tables: the cells that make one, and their order."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scanning.layout.blocks import Block, alone
from scanning.layout.columns import LEAST_LINES, is_running
from scanning.layout.rows import in_rows
from scanning.reading import Box, Line
from scanning.rulings import Cells

REACH = 12  # pixels between cells that touch: a ruling's breadth


def frames(cells: Cells) -> set[int]:
    """The cells that are only a frame around a form or the whole page."""
    return {cell for cell, box in cells.boxes.items() if _holds_others(box, cells)}


def _holds_others(box: Box, cells: Cells) -> bool:
    return any(
        box[0] < other[0] and box[1] < other[1] and other[2] < box[2] and other[3] < box[3]
        for other in cells.boxes.values()
    )


def touching(boxes: dict[int, Box]) -> list[list[int]]:
    """The cells that make a table: those that touch, from one to the next."""
    groups: list[list[int]] = []
    for cell, box in boxes.items():
        near = [g for g in groups if any(_touch(box, boxes[other]) for other in g)]
        groups = [g for g in groups if g not in near]
        groups.append([cell, *(one for group in near for one in group)])
    return groups


def _touch(box: Box, other: Box) -> bool:
    return (
        box[0] - REACH < other[2]
        and other[0] - REACH < box[2]
        and box[1] - REACH < other[3]
        and other[1] - REACH < box[3]
    )


def in_cells(cells: list[Block]) -> list[Line]:
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


def _row_of_cells(row: list[Block]) -> list[Line]:
    """Cell by cell; but row by row where only upright rulings part a list's columns."""
    lists = [cell for cell in row if _is_list(cell)]
    if len(lists) > 1:
        return in_rows([alone(line) for cell in row for line in cell.lines])
    return [line for cell in row for line in cell.lines]


def _is_list(cell: Block) -> bool:
    """Whether the cell holds entries under one another, not the lines of a wrapped text."""
    lines = sorted((alone(line) for line in cell.lines), key=lambda one: one.top)
    gaps = [(b.top - a.bottom) / max(1, b.height) for a, b in pairwise(lines)]
    return max(gaps, default=0.0) > 1.5 or (len(lines) >= LEAST_LINES and not is_running(lines))
