"""Layout: the order in which a page's lines are read, so that sentences run on.

Tables are read cell by cell in rows, columns of running text one after the other, and all else
row by row from left to right; a page written down its columns, from the right.
"""

from collections import defaultdict
from collections.abc import Sequence

from scanning.layout import written_down
from scanning.layout.blocks import Block, alone, around
from scanning.layout.columns import flow
from scanning.layout.tables import frames, in_cells, touching
from scanning.reading import Box, Line
from scanning.rulings import Cells


def in_reading_order(lines: Sequence[Line], cells: Cells | None = None) -> list[Line]:
    """The lines as a person would read them; `cells` are those of the page's ruled tables."""
    if not written_down.is_so(lines):
        return _ordered(lines, cells)
    laid = written_down.laid_across(lines, cells)
    return [lines[laid.place_of(line)] for line in _ordered(laid.lines, laid.cells)]


def _ordered(lines: Sequence[Line], cells: Cells | None) -> list[Line]:
    if cells is None:
        return flow([alone(line) for line in lines])
    inside: dict[int, list[Line]] = defaultdict(list)
    only_frames = frames(cells)
    for line in lines:
        inside[_cell_of(line, cells, only_frames)].append(line)
    free = [alone(line) for line in inside.pop(0, [])]
    tables = []
    boxes = {cell: box for cell, box in cells.boxes.items() if cell not in only_frames}
    for group in touching(boxes):
        whole = around([Block(boxes[cell], ()) for cell in group])
        # A cell whose rulings have a gap is none, but what stands in it stands in the table.
        stray = [block for block in free if len(group) > 1 and _within(block, whole)]
        free = [block for block in free if block not in stray]
        filled = [_cell(boxes[cell], inside[cell]) for cell in group if cell in inside]
        if filled or stray:
            tables.append(Block(whole, tuple(in_cells(filled + stray))))
    return flow(free + tables)


def _cell_of(line: Line, cells: Cells, only_frames: set[int]) -> int:
    """The cell the line stands in, 0 for none."""
    left, top, right, bottom = line.box
    cell = cells.at((left + right) / 2, (top + bottom) / 2)
    if not cell or cell in only_frames:
        return 0
    # What is longer than a cell is across a few strokes that look like one.
    start, _, end, _ = cells.boxes[cell]
    return cell if 2 * (min(end, right) - max(start, left)) >= right - left else 0


def _cell(box: Box, lines: Sequence[Line]) -> Block:
    return Block(box, tuple(flow([alone(line) for line in lines])))


def _within(block: Block, box: Box) -> bool:
    middle = (block.left + block.right) / 2
    return box[0] < middle < box[2] and box[1] < block.middle < box[3]
