"""Tables: the cells that make one, and their order."""

from itertools import pairwise

from scanning.layout.blocks import Block, alone
from scanning.layout.columns import LEAST_LINES, is_running
from scanning.layout.rows import in_rows
from scanning.layout.turns import in_turn
from scanning.reading import Box, Line
from scanning.rulings import Cells

LEAST_COLUMNS = 3  # parted by upright rulings: two cells side by side are two addresses
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
    """The cells in rows, each whole."""
    return [line for row in in_turn(cells) for line in _row_of_cells(row)]


def _row_of_cells(row: list[Block]) -> list[Line]:
    """Cell by cell; but row by row where only upright rulings part a list's columns."""
    lists = [cell for cell in row if _is_list(cell)]
    columns = [cell for cell in row if lists and _is_column(cell, lists[0])]
    if len(columns) >= LEAST_COLUMNS and sum(cell in columns for cell in lists) > 1:
        return in_rows([alone(line) for cell in row for line in cell.lines])
    return [line for cell in row for line in cell.lines]


def _is_column(cell: Block, other: Block) -> bool:
    """Whether the cell is as high as the other, and holds lines of more than a character."""
    level = abs(cell.top - other.top) < REACH and abs(cell.bottom - other.bottom) < REACH
    return level and len(cell.lines) > 1 and not _is_written_down(cell)


def _is_written_down(cell: Block) -> bool:
    """Whether its characters stand under one another, as beside the rows of a form."""
    return all(len(line.text) == 1 for line in cell.lines)


def _is_list(cell: Block) -> bool:
    """Whether the cell holds entries under one another, not the lines of a wrapped text."""
    lines = sorted((alone(line) for line in cell.lines), key=lambda one: one.top)
    gaps = [(b.top - a.bottom) / max(1, b.height) for a, b in pairwise(lines)]
    return max(gaps, default=0.0) > 1.5 or (len(lines) >= LEAST_LINES and not is_running(lines))
