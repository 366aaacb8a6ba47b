"""The working picture: one small evenly lit grey page on which all signs are looked for."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning import images
from scanning.images import Grey, Picture

WORKING_DPI = 100
ASSUMED_LENGTH = 297.0  # mm, of a page whose file says no resolution: most are A4
MILLIMETRES = 25.4
LEAST_PAPER = 0.45  # of the page's own light; what is darker and wider than print is no paper
REACH = 6.5  # mm; wider than the widest bar of a patch code, which must not count as paper

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Working:
    """`depth` says how much darker than the paper around it each place is, 0 to 1; `black` the
    same for what is dark in all three colours (a red seal is not); `dusk` how much darker than
    the page's own light it is, by shade or ink. `paper` is what is light enough to be paper.
    `per_mm` is how many pixels a millimetre has here, `scale` leads from here to the page.
    """

    depth: NDArray[np.float32]
    black: NDArray[np.float32]
    dusk: NDArray[np.float32]
    paper: Mask
    per_mm: float
    scale: float

    @property
    def height(self) -> int:
        return int(self.depth.shape[0])

    @property
    def width(self) -> int:
        return int(self.depth.shape[1])


def working(picture: Picture, dpi: int) -> Working:
    """The page at about 100 dpi; `dpi` is 0 where nobody knows."""
    longest = max(picture.shape[:2])
    length = longest / dpi * MILLIMETRES if dpi else ASSUMED_LENGTH
    small = images.shrink(picture, max(1, round(length / MILLIMETRES * WORKING_DPI)))
    grey, bright = images.grey(small), images.brightest(small)
    light = _light(grey)
    lightest = float(np.percentile(light, 95))
    return Working(
        depth=_depth(grey, light),
        black=_depth(bright, light),
        dusk=np.asarray(np.clip(1 - bright / max(1.0, lightest), 0, 1), np.float32),
        paper=light > LEAST_PAPER * lightest,
        per_mm=max(small.shape[:2]) / length,
        scale=longest / max(small.shape[:2]),
    )


def _light(grey: Grey) -> Grey:
    """The paper's brightness at each place, without what is printed on it."""
    height, width = grey.shape
    half = images.shrink(grey, max(1, max(grey.shape) // 2))
    reach = round(REACH / MILLIMETRES * WORKING_DPI / 2) | 1
    spread = cv2.medianBlur(cv2.dilate(half, np.ones((reach, reach))), 21)
    return np.asarray(cv2.resize(spread, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _depth(grey: Grey, light: Grey) -> NDArray[np.float32]:
    lit = np.maximum(light.astype(np.float32), 1)
    return np.asarray(np.clip(1 - grey / lit, 0, 1), np.float32)
