"""Aslant: whether print was looked at from aside, as by a camera, or lies on bent paper.

On flat paper seen from straight above, lines of print run parallel, and so do their upright
strokes. Looked at from aside, lines lean more and more down the page, or strokes across it. That
trend must stand out of its own uncertainty: handwriting leans, too, but without order.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Picture
from scanning.reading import Line

MEASURING_SIDE = 1_000  # pixels
# Degrees from one end of the page to the other. Of what strokes lean, a half is seen: those of
# print are short, and many lean by themselves.
LINES_APART, STROKES_APART = 2.0, 1.6
SURELY = 3.0  # times its standard error a trend must be
FEWEST, LEAST_SPAN = 5, 0.25  # lines, or parts of the page; how much of it they take up
LONG = 4  # times as long as high: shorter lines do not tell how they lean
PARTS, FEWEST_STROKES = 8, 120  # of the page's width; pixels of strokes in each
SHARP = 60  # by how much brightness changes at a stroke's edge, as Sobel counts
STEEPEST = 0.27  # pixels aside a pixel down: what leans by more is no upright stroke
Floats = NDArray[np.float64]


def is_aslant(page: Picture, lines: Sequence[Line]) -> bool:
    """Whether lines of print or their strokes lean apart on a page that was straightened."""
    height = page.shape[0]
    long = _long(lines)
    middles = [(line.box[1] + line.box[3]) / 2 / height for line in long]
    weights = [line.box[2] - line.box[0] for line in long]
    leans = [line.lean for line in long]
    if _lean_apart(np.array(middles), np.array(leans), np.array(weights), LINES_APART):
        return True
    return _lean_apart(*_strokes(page, lines), STROKES_APART)


def leaning(lines: Sequence[Line]) -> float | None:
    """By how many degrees, clockwise, most print leans; None where its reader did not tell."""
    leans = [line.lean for line in _long(lines)]
    return float(np.median(leans)) if len(leans) >= FEWEST and any(leans) else None


def _long(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if _is_long(line)]


def _is_long(line: Line) -> bool:
    left, top, right, bottom = line.box
    rise = (right - left) * abs(np.tan(np.radians(line.lean)))
    return bool(right - left > LONG * (bottom - top - rise))


def _lean_apart(places: Floats, degrees: Floats, weights: Floats, least: float) -> bool:
    """Whether what stands at `places` (0 to 1) leans more and more, or less and less."""
    if len(places) < FEWEST or np.ptp(places) < LEAST_SPAN:
        return False
    shares = weights / weights.sum()
    from_middle = places - shares @ places
    spread = shares @ from_middle**2
    trend = shares @ (from_middle * degrees) / spread
    off = degrees - shares @ degrees - trend * from_middle
    error = np.sqrt(shares @ off**2 / spread / (len(places) - 2))
    return bool(abs(trend) > max(least, SURELY * error))


def _strokes(page: Picture, lines: Sequence[Line]) -> tuple[Floats, Floats, Floats]:
    """How the upright strokes of print lean, by parts of the page from left to right."""
    small = images.shrink(page, MEASURING_SIDE)
    inside = _inside(small, lines, small.shape[1] / page.shape[1])
    smooth = cv2.GaussianBlur(images.grey(small), (0, 0), 0.8)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    upright = inside & (np.abs(across) > SHARP) & (np.abs(down) < STEEPEST * np.abs(across))
    part = np.nonzero(upright)[1] * PARTS // small.shape[1]
    degrees = np.degrees(np.arctan(down[upright] / across[upright]))
    counts = np.bincount(part, minlength=PARTS).astype(np.float64)
    means = np.bincount(part, degrees, PARTS) / np.maximum(1, counts)
    enough = counts >= FEWEST_STROKES
    return (np.arange(PARTS)[enough] + 0.5) / PARTS, means[enough], counts[enough]


def _inside(small: Picture, lines: Sequence[Line], scale: float) -> NDArray[np.bool_]:
    inside = np.zeros(small.shape[:2], np.bool_)
    for line in lines:
        left, top, right, bottom = (round(side * scale) for side in line.box)
        inside[top:bottom, left:right] = True
    return inside
