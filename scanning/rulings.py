"""Rulings: the ruled lines of forms and tables, and the cells they enclose."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Grey, Picture
from scanning.reading import Box

MEASURING_SIDE = 1_400  # pixels; a hairline at 200 dpi is still one pixel wide
THICKEST = 9  # pixels there
LEAST_CONTRAST = 8  # grey levels between a ruling and the paper on both its sides
CROSSED = THICKEST + 4  # pixels there: a ruling's breadth and the paper beside it
SLANT = 4  # pixels by which a ruling may leave its row or column: a photo's lines are bent
# In heights of a line of text: pieces of a ruling across and down, longer than what is left of
# characters; how far rulings may be broken; and how long they are in all.
ACROSS, DOWN, BROKEN, WHOLE = 2.0, 1.5, 1.0, 4.0
MARGIN = 0.2
RECTANGLE = 0.7  # of its box: cells that run into one another by a gap have other shapes


@dataclass(frozen=True)
class Cells:
    """The cells of a page. `regions` maps each pixel of the measuring picture to its cell, 0
    being the page around them; `scale` leads from the page's pixels there."""

    regions: NDArray[np.int32]
    boxes: dict[int, Box]
    scale: float

    def at(self, x: float, y: float) -> int:
        """The cell at a place in the page's pixels; 0 for none."""
        row = min(max(int(y * self.scale), 0), self.regions.shape[0] - 1)
        column = min(max(int(x * self.scale), 0), self.regions.shape[1] - 1)
        cell = int(self.regions[row, column])
        return cell if cell in self.boxes else 0


def cells(picture: Picture, text: Sequence[Box]) -> Cells:
    """The enclosed parts of the page: what is left in one piece when the rulings are cut out.

    `text` are the boxes of the page's lines of text, at least one.
    """
    small = images.shrink(picture, MEASURING_SIDE)
    scale = small.shape[1] / picture.shape[1]
    height = scale * median(bottom - top for _, top, _, bottom in text)
    lines = _lines(images.grey(small), _written(small, text, scale), height)
    count, regions, stats, _ = cv2.connectedComponentsWithStats(
        (~lines).astype(np.uint8), connectivity=4
    )
    boxes = {}
    height, width = lines.shape
    for region in range(1, count):
        left, top, across, down, area = (int(value) for value in stats[region])
        at_edge = left == 0 or top == 0 or left + across == width or top + down == height
        if not at_edge and across > 8 and down > 8 and area > RECTANGLE * across * down:
            corners = (left, top, left + across, top + down)
            x0, y0, x1, y1 = (round(side / scale) for side in corners)
            boxes[region] = (x0, y0, x1, y1)
    return Cells(np.asarray(regions, np.int32), boxes, scale)


def _written(small: Picture, text: Sequence[Box], scale: float) -> NDArray[np.bool_]:
    """The insides of the lines of text; their boxes reach a little over the ink."""
    inside = np.zeros(small.shape[:2], np.bool_)
    for left, top, right, bottom in text:
        edge = MARGIN * (bottom - top)
        x0, x1 = int((left + edge) * scale), int((right - edge) * scale)
        inside[int((top + edge) * scale) : int((bottom - edge) * scale), x0:x1] = True
    return inside


def _lines(grey: Grey, written: NDArray[np.bool_], line_height: float) -> NDArray[np.bool_]:
    """Where ruled lines run, across and down, small gaps closed."""
    gap = round(BROKEN * line_height)
    across = _pieces(grey, written, round(ACROSS * line_height), gap)
    down = _pieces(grey.T, written.T, round(DOWN * line_height), gap).T
    pieces = across | down
    _, parts, stats, _ = cv2.connectedComponentsWithStats(pieces.astype(np.uint8))
    extent = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    whole = extent >= WHOLE * line_height
    whole[0] = False  # what is no line
    return np.asarray(whole[parts])


def _pieces(grey: Grey, written: NDArray[np.bool_], shortest: int, gap: int) -> NDArray[np.bool_]:
    """Thin dark lines across the picture, but not the strokes of what is written."""
    # Closing along a line's breadth fills it with the paper beside it; what changes is the line.
    filled = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, _bar(1, THICKEST))
    dark = (cv2.subtract(filled, grey) > LEAST_CONTRAST) & ~written
    dark |= _crossings(grey, dark)
    thick = cv2.dilate(dark.astype(np.uint8), _bar(1, SLANT))
    pieces = cv2.morphologyEx(thick, cv2.MORPH_OPEN, _bar(shortest, 1))
    joined = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, _bar(gap, 1))
    return np.asarray(joined > 0)


def _crossings(grey: Grey, dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where another ruling crosses a line, and no paper above and below tells it from that one:
    without these places no line over a narrow column would be as long as a ruling."""
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, _bar(CROSSED, CROSSED))
    joined = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, _bar(CROSSED, 1))
    return np.asarray((cv2.subtract(paper, grey) > LEAST_CONTRAST) & (joined > 0))


def _bar(width: int, height: int) -> NDArray[np.uint8]:
    return np.ones((max(1, height), max(1, width)), np.uint8)
