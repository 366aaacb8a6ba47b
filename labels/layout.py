"""Layout: where on a label the QR code, the code under it and the words stand.

The code is on the left with its four modules of white inside the label, so that it can be read on
a dark folder too. The words stand right of it, from the code's upper edge to the line under it.
"""

from dataclasses import dataclass

from reportlab.lib.units import mm

from labels.qr import QUIET
from labels.sheets import Sheet

# The most of a label's width that the code takes; the rest is for people.
SHARE = 0.34


@dataclass(frozen=True)
class Box:
    """A place for ink in points, measured from the bottom left corner of the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.y + self.height

    @property
    def right(self) -> float:
        return self.x + self.width


@dataclass(frozen=True)
class Layout:
    """One label's places. `module` is the side of one square, `base` the lowest base line."""

    module: float
    ink: Box
    code_size: float
    base: float
    words: Box


def lay_out(sheet: Sheet, place: int, squares: int) -> Layout:
    """The places of the label at `place` for a code of squares × squares modules."""
    label = _label(sheet, place)
    across, down = (side * mm for side in sheet.padding())
    size = min(13.0, max(7.0, 0.08 * label.height))
    module = _module(label, down, size, squares)
    quiet, side = QUIET * module, squares * module
    # Code and line stand as one block in the middle of the label's height.
    air = (label.height - side - quiet - size) / 2
    ink = Box(label.x + max(across, quiet), label.top - max(air, quiet) - side, side, side)
    base = ink.y - quiet - size * 0.8
    left = ink.right + max(quiet, 0.03 * label.width)
    words = Box(left, base, label.right - across - left, ink.top - base)
    return Layout(module, ink, size, base, words)


def _label(sheet: Sheet, place: int) -> Box:
    x, y = sheet.corner(place)
    below = sheet.page_height - y - sheet.height
    return Box(x * mm, below * mm, sheet.width * mm, sheet.height * mm)


def _module(label: Box, down: float, code_size: float, squares: int) -> float:
    """The largest square that leaves room: for the quiet zone, the line under it, the words."""
    height = label.height - down - code_size
    return min(
        (height - down) / (squares + QUIET),
        height / (squares + 2 * QUIET),
        SHARE * label.width / squares,
    )
