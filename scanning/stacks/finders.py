"""Finder patterns: the three nested squares of a QR code, which outlive its text.

Source: ISO/IEC 18004 §6.3.3: squares of 7, 5 and 3 modules, dark, light, dark, one in another.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning.reading import Box
from scanning.stacks.working import Working

DARK = 0.4
# Of the outer square, in mm: from a code of 20 mm on; and none is larger than a sheet's.
SMALLEST, LARGEST = 4.5, 22.0
HOLE, CORE = 25 / 49, 9 / 49  # of the outer square's area
SLACK = 0.3  # of those shares; toner spreads
SQUARE = 1.3
FULL = 0.8
CENTRED = 0.15  # of the side

Outline = NDArray[Any]


def finders(page: Working) -> list[Box]:
    """The boxes of the finder patterns on the page, in the working picture's pixels."""
    dark = cv2.medianBlur((page.black > DARK).astype(np.uint8), 3)
    outlines, tree = cv2.findContours(dark, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return []
    found = []
    for outer, (_, _, hole, _) in enumerate(np.asarray(tree)[0]):
        core = tree[0][hole][2] if hole >= 0 else -1
        # A core with something in it is a character in a frame.
        if core >= 0 and tree[0][core][2] < 0:
            nested = [np.asarray(outlines[number]) for number in (outer, hole, core)]
            if _is_finder(nested, page.per_mm):
                left, top, across, down = cv2.boundingRect(nested[0])
                found.append((left, top, left + across, top + down))
    return found


def _is_finder(nested: list[Outline], per_mm: float) -> bool:
    (x, y), (width, height), _ = cv2.minAreaRect(nested[0])
    short, long = sorted((width, height))
    if not SMALLEST * per_mm <= long <= LARGEST * per_mm or long > SQUARE * short:
        return False
    whole, hole, core = (cv2.contourArea(outline) for outline in nested)
    (core_x, core_y), _, _ = cv2.minAreaRect(nested[2])
    return (
        whole > FULL * width * height
        and abs(hole / whole - HOLE) < SLACK * HOLE
        and abs(core / whole - CORE) < SLACK * CORE
        and max(abs(core_x - x), abs(core_y - y)) < CENTRED * long
    )
