"""Blank pages: paper on which nobody wrote anything.

Shade, print that shines through, holes, dust and the scanner's edges are not writing. What might
be is no blank: `faint` (pale marks, mostly) and `almost` (a few dark ones) leave it to whoever has
more to go by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning.reading import Box
from scanning.stacks.working import Mask, Working

Blankness = Literal["blank", "faint", "almost", "written"]

Stats = NDArray[Any]
"""OpenCV's five figures of each connected part: left, top, width, height, area."""

DARK = 0.4  # print that shines through stays under it
FAINT = 0.16  # pencil, worn print; and print that shines through thin paper
PALEST = 0.08  # what the other side is compared with: nothing is concluded from it alone
RIM = 5.0  # mm at the edges, where scanners leave shadows
DUST = 0.8  # mm across and down
HOLE = (3.0, 9.0)  # mm across; punch holes are 5 to 6
HOLES_REACH = 25.0  # mm from the edge to a hole's far side
# Square millimetres of ink. One small printed figure has 1, a signature or a short remark 50.
BLANK, ALMOST = 0.8, 80.0
MOST_FAINT = 25.0
MOSTLY = 5.0  # times as much pale ink as dark: print has some paleness around each letter


@dataclass(frozen=True)
class Ink:
    """How much of a page is inked: its verdict, the share of the paper (0 to 1), and the dark
    and pale places themselves."""

    blankness: Blankness
    share: float
    dark: Mask
    pale: Mask


def ink(page: Working, codes: Sequence[Box] = ()) -> Ink:
    """The ink of a page; `codes`, boxes in the page's pixels, are left out of the share alone."""
    inner = _inner(page)
    # A dark part amid the page, too wide to be print: a picture, or a black field.
    dark = (_marks(page.depth > DARK, page.per_mm) | _darkness(page)) & inner
    faint = _marks(page.depth > FAINT, page.per_mm) & inner & ~dark
    blankness = _blankness(dark.sum() / page.per_mm**2, faint.sum() / page.per_mm**2)
    pale = _marks(page.depth > PALEST, page.per_mm) & inner & ~dark
    for box in codes:
        left, top, right, bottom = (round(side / page.scale) for side in box)
        inner[max(0, top) : bottom, max(0, left) : right] = False
    share = float((dark & inner).sum()) / max(1, int(inner.sum()))
    return Ink(blankness, round(share, 5), dark, pale)


def _blankness(dark: float, pale: float) -> Blankness:
    """By the square millimetres of dark and of pale ink."""
    if dark > ALMOST:
        return "written"
    if pale > max(MOST_FAINT, MOSTLY * dark):
        return "faint"
    return "almost" if dark > BLANK else "blank"


def _inner(page: Working) -> Mask:
    """The page without its rim."""
    inner = np.zeros(page.depth.shape, np.bool_)
    rim = round(RIM * page.per_mm)
    inner[rim:-rim, rim:-rim] = True
    return inner


def _marks(dark: Mask, per_mm: float) -> Mask:
    """What of the dark places may be writing."""
    parts, stats = _parts(dark)
    writing = ~(
        _dust(stats, per_mm) | _holes(stats, dark.shape, per_mm) | _edges(stats, dark.shape)
    )
    writing[0] = False  # what is not dark
    return np.asarray(writing[parts])


def _parts(dark: Mask) -> tuple[NDArray[np.int32], Stats]:
    _, parts, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    return np.asarray(parts, np.int32), np.asarray(stats)


def _dust(stats: Stats, per_mm: float) -> Mask:
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return np.asarray(sides.max(axis=1) < DUST * per_mm)


def _holes(stats: Stats, shape: tuple[int, ...], per_mm: float) -> Mask:
    """Round dark places near an edge, as large as a punch makes them."""
    left, top, width, height, area = stats.T / per_mm
    long, short = np.maximum(width, height), np.minimum(width, height)
    round_ = (long < 1.35 * short) & (area > 0.5 * width * height)
    right_size = (short > HOLE[0]) & (long < HOLE[1])
    page_height, page_width = shape[0] / per_mm, shape[1] / per_mm
    to_side = np.minimum(left + width, page_width - left)
    to_end = np.minimum(top + height, page_height - top)
    return np.asarray(round_ & right_size & (np.minimum(to_side, to_end) < HOLES_REACH))


def _edges(stats: Stats, shape: tuple[int, ...]) -> Mask:
    """Dark places that reach the picture's edge: the scanner's lid, the next sheet, a shadow."""
    left, top, width, height, _ = stats.T
    at_side = (left <= 1) | (left + width >= shape[1] - 1)
    at_end = (top <= 1) | (top + height >= shape[0] - 1)
    return np.asarray(at_side | at_end)


def _darkness(page: Working) -> Mask:
    """Dark fields that do not come in from the edge."""
    parts, stats = _parts(~page.paper)
    within = ~_edges(stats, page.paper.shape)
    within[0] = False
    return np.asarray(within[parts])
