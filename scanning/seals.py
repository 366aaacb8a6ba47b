"""Seals: round stamps in red or blue, found by their ring and lifted off the text under them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Picture
from scanning.reading import Box

MEASURING_SIDE = 1_000
# Of the page's longer side: a company's seal is 38 to 45 mm across, A4 297 mm long; pictures
# may be parts of pages. Smaller ones are personal seals, whose name is worth reading.
SMALLEST, LARGEST = 0.09, 0.35
MOST_OVAL = 1.8
COLOURED = 35  # by how much a seal's colour stands over the other two, of 255
SECTORS = 36
RED, BLUE = 0, 2
LIFTED = "seals lifted"  # what a reading's steps say of it, followed by how many


@dataclass(frozen=True)
class Seal:
    """A seal's box in the page's pixels, and the channel in which its colour is bright."""

    box: Box
    channel: int


def seals(picture: Picture) -> list[Seal]:
    small = images.shrink(picture, MEASURING_SIDE)
    scale = picture.shape[1] / small.shape[1]
    found = []
    for channel in (RED, BLUE):
        for box in _rings(_coloured(small, channel)):
            left, top, right, bottom = (round(side * scale) for side in box)
            found.append(Seal((left, top, right, bottom), channel))
    return found


def lift(picture: Picture, found: list[Seal]) -> Picture:
    """The picture with the seals' ink as pale as paper, and what is printed under it kept.

    In its own colour's channel a seal is nearly as bright as paper, and black ink is dark.
    """
    lifted = picture.copy()
    for seal in found:
        left, top, right, bottom = seal.box
        part = lifted[top:bottom, left:right]
        tinted = cv2.dilate(_coloured(part, seal.channel).astype(np.uint8), np.ones((3, 3))) > 0
        paper = np.percentile(part[:, :, seal.channel], 90)
        bright = part[:, :, seal.channel].astype(np.float32)
        inked = bright[tinted]
        if inked.size:
            # The seal's own brightness becomes the paper's.
            bright *= paper / max(1.0, float(np.percentile(inked, 60)))
        part[tinted] = np.clip(bright, 0, paper)[tinted][:, None].astype(np.uint8)
    return lifted


def _coloured(picture: Picture, channel: int) -> NDArray[np.bool_]:
    others = list(cv2.split(picture))
    own = others.pop(channel)
    return np.asarray(cv2.subtract(own, cv2.max(*others)) > COLOURED)


def _rings(ink: NDArray[np.bool_]) -> list[Box]:
    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5)))
    _, parts, stats, _ = cv2.connectedComponentsWithStats(joined)
    rings = []
    longer = max(ink.shape)
    for part, (left, top, width, height, _) in enumerate(stats.tolist()):
        long, short = max(width, height), min(width, height)
        right_size = SMALLEST * longer <= long <= LARGEST * longer and long <= MOST_OVAL * short
        if part and right_size:
            shape = parts[top : top + height, left : left + width] == part
            if _is_ring(shape):
                edge = long // 20
                rings.append((
                    max(0, left - edge), max(0, top - edge),
                    left + width + edge, top + height + edge,
                ))  # fmt: skip
    return rings


def _is_ring(shape: NDArray[np.bool_]) -> bool:
    """Whether ink stands all around near the edge of an ellipse, and none outside it."""
    ys, xs = np.nonzero(shape)
    height, width = shape.shape
    x, y = 2 * xs / width - 1, 2 * ys / height - 1
    radius = np.hypot(x, y)
    rim = (radius > 0.8) & (radius < 1.1)
    sectors = np.unique((np.arctan2(y[rim], x[rim]) / (2 * np.pi) * SECTORS).astype(int))
    return len(sectors) > 0.8 * SECTORS and float((radius >= 1.1).mean()) < 0.03
