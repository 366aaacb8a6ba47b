"""Margins: a scanner's black borders and the dark dots of punch holes, covered with paper.

On the picture for the screen alone: nothing moves, so that boxes lie where they lay, and neither
the original nor its searchable PDF is touched. What is not surely a border or a hole stays.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Grey, Picture

MEASURING_SIDE = 1_000
DARK = 0.35  # of the paper's brightness
DARKEST_PAPER = 120  # of 255; darker pages are left as they are
COLOURLESS = 40  # of 255: the most that one colour may stand over another
THINNEST = 5  # pixels there: rulings are thinner, a border that matters is not
LEAST_ALONG = 0.25  # of the side it lies on
MOST_UNEVEN = 12.0  # of 255: standard deviation; the table under a photo is livelier
LEAST_ISLE, MOST_ISLE = 30, 0.1  # pixels, and share of the picture: print on black, but no page
MOST_BORDER = 0.5  # of the picture
# Holes are 5.5 mm wide, of 297 mm; they come in pairs, at the side or on top.
SMALLEST_HOLE, LARGEST_HOLE = 0.014, 0.032
MOST_OVAL, ROUND = 1.25, 0.88
STRIP = 0.1  # of the side across: how far from the edge holes are
APART, OFF_LINE = 0.15, 0.012  # of the longer side
SAME_SIZE = 1.25
MOST_DOTS = 20  # more are a pattern
COVERED, HOLES = "border covered", "punch holes covered"  # as steps, followed by how much


@dataclass(frozen=True)
class Covering:
    """What to cover, on the measuring picture; the border's share of the page in per cent, the
    number of holes, and the paper's colour."""

    mask: NDArray[np.uint8]
    border: float
    holes: int
    paper: NDArray[np.float64]

    @property
    def steps(self) -> tuple[str, ...]:
        steps = [f"{COVERED}: {self.border:.1f} %"] if self.border else []
        return (*steps, *([f"{HOLES}: {self.holes}"] if self.holes else []))


def are_covered(steps: Sequence[str]) -> bool:
    """Whether a reading's steps say that margins were covered on its picture."""
    return any(step.startswith((COVERED, HOLES)) for step in steps)


def covering(upright: Picture) -> Covering | None:
    """What is to be covered on a page before it is straightened; None where nothing is."""
    small = images.shrink(upright, MEASURING_SIDE)
    grey = images.grey(small)
    bright = grey >= np.percentile(grey, 60)
    light = float(np.median(grey[bright]))
    if light < DARKEST_PAPER:
        return None
    dark = _dark(small, grey, light)
    border = _border(dark, grey)
    holes = _holes(dark & (border == 0))
    if not border.any() and not holes:
        return None
    share = round(100 * float((border > 0).mean()), 1)
    mask = border.copy()
    for x, y, radius in holes:
        cv2.circle(mask, (x, y), radius, 1, cv2.FILLED)
    paper = np.asarray(np.median(small[bright], axis=0), np.float64)
    return Covering(mask, share, len(holes), paper)


def cover(upright: Picture, found: Covering) -> Picture:
    """The picture with paper where the covering says."""
    height, width = upright.shape[:2]
    mask = cv2.resize(found.mask, (width, height), interpolation=cv2.INTER_NEAREST)
    covered = upright.copy()
    covered[mask > 0] = found.paper.astype(np.uint8)
    return covered


def _dark(small: Picture, grey: Grey, paper: float) -> NDArray[np.bool_]:
    colour = cv2.subtract(images.brightest(small), images.darkest(small))
    return np.asarray((grey < DARK * paper) & (colour < COLOURLESS))


def _border(dark: NDArray[np.bool_], grey: Grey) -> NDArray[np.uint8]:
    """The dark parts that lie along the picture's sides, a little enlarged."""
    kernel = np.ones((THINNEST, THINNEST))
    # Beyond the picture all is black, so that a narrow border is no ruling.
    framed = np.pad(dark.astype(np.uint8), THINNEST, constant_values=1)
    closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, np.ones((3, 3)))
    broad = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel)
    inner = broad[THINNEST:-THINNEST, THINNEST:-THINNEST]
    _, parts = cv2.connectedComponents(np.ascontiguousarray(inner))
    border = np.zeros(dark.shape, np.uint8)
    for part in _along(np.asarray(parts, np.int32)):
        shape = parts == part
        if _is_bare(shape, grey):
            border |= shape.astype(np.uint8)
    if border.mean() > MOST_BORDER:
        return np.zeros_like(border)
    # The edge between black and paper is grey.
    return np.asarray(cv2.dilate(border, kernel), np.uint8)


def _along(parts: NDArray[np.int32]) -> set[int]:
    """The parts that take up much of one of the picture's sides."""
    found: set[int] = set()
    for side in (parts[0], parts[-1], parts[:, 0], parts[:, -1]):
        shares = np.bincount(side) / len(side)
        found.update(np.flatnonzero(shares >= LEAST_ALONG).tolist())
    return found - {0}


def _is_bare(shape: NDArray[np.bool_], grey: Grey) -> bool:
    """Whether it is evenly black, and nothing is printed on it."""
    if float(np.std(grey[shape])) > MOST_UNEVEN:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats((~shape).astype(np.uint8), connectivity=4)
    height, width = shape.shape
    for left, top, wide, high, area in stats[1:].tolist():
        inside = left > 0 and top > 0 and left + wide < width and top + high < height
        if inside and LEAST_ISLE <= area <= MOST_ISLE * shape.size:
            return False
    return True


def _holes(dark: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Middle and radius of round black dots near one side, two or more in line with it."""
    height, width = dark.shape
    dots = _dots(dark)
    strips = [
        [dot for dot in dots if dot[0] < STRIP * width],
        [dot for dot in dots if dot[0] > (1 - STRIP) * width],
        [(y, x, radius) for x, y, radius in dots if y < STRIP * height],
        [(y, x, radius) for x, y, radius in dots if y > (1 - STRIP) * height],
    ]
    rows = [_in_line(strip, max(height, width)) for strip in strips]
    best = max(range(4), key=lambda at: len(rows[at]))
    return rows[best] if best < 2 else [(x, y, radius) for y, x, radius in rows[best]]


def _dots(dark: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    longer = max(dark.shape)
    count, parts, stats, middles = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    dots = []
    for part in range(1, count):
        left, top, wide, high, area = stats[part].tolist()
        short, long = sorted((wide, high))
        is_round = long <= MOST_OVAL * short and area >= ROUND * math.pi / 4 * wide * high
        if SMALLEST_HOLE * longer <= long <= LARGEST_HOLE * longer and is_round:
            # A square's corners are inked, a disc's are not.
            cut = parts[top : top + high, left : left + wide] == part
            if not cut[[0, 0, -1, -1], [0, -1, 0, -1]].any():
                x, y = (round(value) for value in middles[part])
                dots.append((x, y, long // 2 + 3))
    return dots


def _in_line(dots: list[tuple[int, int, int]], longer: int) -> list[tuple[int, int, int]]:
    """The most dots of one size that stand in line, about along y, and well apart."""
    best: list[tuple[int, int, int]] = []
    if len(dots) > MOST_DOTS:
        return best
    for (x, y, radius), (other_x, other_y, _) in combinations(dots, 2):
        slope = (other_x - x) / (other_y - y) if other_y != y else math.inf
        if abs(slope) > math.tan(math.radians(images.MOST_SKEW)):
            continue
        row = [
            dot for dot in dots
            if abs(x + slope * (dot[1] - y) - dot[0]) <= OFF_LINE * longer
            and max(dot[2], radius) <= SAME_SIZE * min(dot[2], radius)
        ]  # fmt: skip
        if len(row) > len(best) and _far_apart(sorted(dot[1] for dot in row), longer):
            best = row
    return best


def _far_apart(places: list[int], longer: int) -> bool:
    gaps = [after - before for before, after in pairwise(places)]
    return bool(gaps) and min(gaps) >= APART * longer
