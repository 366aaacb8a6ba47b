"""Written down: pages whose lines run down and follow one another from the right, as of old."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scanning.reading import Box, Line
from scanning.rulings import Cells

TALL = 1.5  # times as high as wide, and …
LEAST_CHARS = 2  # … this long: a line that runs down


@dataclass(frozen=True)
class Laid:
    """The page turned a quarter to the left, so that its lines run across and downwards."""

    lines: tuple[Line, ...]
    cells: Cells | None

    def place_of(self, line: Line) -> int:
        """Where the line stood before it was laid out; it is one of these very lines."""
        return next(at for at, one in enumerate(self.lines) if one is line)


def is_so(lines: Sequence[Line]) -> bool:
    """Whether most characters stand in lines that run down."""
    down = sum(len(line.text) for line in lines if _runs_down(line))
    return 2 * down > sum(len(line.text) for line in lines)


def laid_across(lines: Sequence[Line], cells: Cells | None) -> Laid:
    if cells is None:
        width = max(line.box[2] for line in lines)
        return Laid(tuple(_turned(line, width) for line in lines), None)
    width = round(cells.regions.shape[1] / cells.scale)
    regions = np.ascontiguousarray(cells.regions[:, ::-1].T)
    boxes = {cell: _across(box, width) for cell, box in cells.boxes.items()}
    turned = Cells(regions, boxes, cells.scale)
    return Laid(tuple(_turned(line, width) for line in lines), turned)


def _runs_down(line: Line) -> bool:
    left, top, right, bottom = line.box
    return len(line.text) >= LEAST_CHARS and bottom - top >= TALL * (right - left)


def _turned(line: Line, width: int) -> Line:
    return replace(line, box=_across(line.box, width))


def _across(box: Box, width: int) -> Box:
    left, top, right, bottom = box
    return top, width - right, bottom, width - left
