"""Shadows: what is on the other side of a sheet and only shines through.

A reader is no witness here: it reads mirrored print with confidence. The other side is: what
stands on it, mirrored, must be what shows.
"""

import zlib
from base64 import b64decode, b64encode

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning.stacks.codes import Code
from scanning.stacks.working import Mask

CELL = 2.0  # mm
INKED = 0.04  # of a cell
PALE, DARK = 1, 2
ALIKE = 0.6  # correlation; two papers of like layout reach 0.5, the true other side 0.7
SHIFTS = 5  # cells; feeders do not lay both sides at the same place
MOST_STRANGE = 2  # dark cells that the other side does not explain: dust
MOST_STRAY = 0.12  # of the cells
MOST_DUST = 100  # cells; noise and folds make fifty, two lines of print more
PALE_CODE = 0.35  # depth; what shines through is paler

Cells = NDArray[np.uint8]


def trace(pale: Mask, dark: Mask, per_mm: float) -> str:
    """Where a page is inked, palely or darkly, in cells of 2 mm; about a kilobyte of text."""
    height, width = pale.shape
    size = max(1, round(width / per_mm / CELL)), max(1, round(height / per_mm / CELL))
    cells = np.zeros((size[1], size[0]), np.uint8)
    for mask, mark in ((pale, PALE), (dark, DARK)):
        share = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        cells[np.asarray(share) > INKED] = mark
    packed = zlib.compress(bytes([size[0] >> 8, size[0] & 255]) + cells.tobytes(), 9)
    return b64encode(packed).decode("ascii")


def shine_through(back: str, front: str, *, partly: bool = False) -> bool:
    """Whether all that is traced on a page may be its other side's print, shining through.

    `partly`: of very pale marks only the boldest print may show; then it is enough that nothing
    shows where nothing is printed.
    """
    if not back or not front:
        return False
    shown, printed = _cells(back), _cells(front) == DARK
    if abs(shown.shape[0] - printed.shape[0]) + abs(shown.shape[1] - printed.shape[1]) > SHIFTS:
        return False
    # Turned over its long or its short side.
    return any(_explains(side, shown, partly) for side in (printed[:, ::-1], printed[::-1]))


def is_marked(traced: str) -> bool:
    """Whether there is more on a page than dust, if ever so pale."""
    return bool(traced) and int((_cells(traced) > 0).sum()) > MOST_DUST


def is_shadow(code: Code, others: list[Code]) -> bool:
    """Whether a code that was read is the shadow of one on the other side."""
    dark = [other for other in others if other.depth >= PALE_CODE]
    return code.depth < PALE_CODE and any(other.text == code.text for other in dark)


def _cells(traced: str) -> Cells:
    raw = zlib.decompress(b64decode(traced))
    width = raw[0] * 256 + raw[1]
    return np.frombuffer(raw[2:], np.uint8).reshape(-1, width)


def _explains(printed: NDArray[np.bool_], shown: Cells, partly: bool) -> bool:
    """Whether what is printed is like what is shown, and leaves no dark place of it."""
    likeness, under = _laid_over(printed, shown)
    bare = cv2.dilate(under, np.ones((3, 3))) == 0
    strange, stray = (shown == DARK) & bare, (shown > 0) & bare
    is_part = partly and stray.sum() <= MOST_STRAY * (shown > 0).sum()
    return (likeness > ALIKE or bool(is_part)) and int(strange.sum()) <= MOST_STRANGE


def _laid_over(printed: NDArray[np.bool_], shown: Cells) -> tuple[float, NDArray[np.float32]]:
    """How like the two are at best, and the print as it then lies, in the cells of what shows."""
    height, width = shown.shape
    wide = np.pad(cv2.resize(printed.astype(np.float32), (width, height)), 2 * SHIFTS)
    # Shown with a narrow rim of white, so that print beside it counts against it.
    pattern = np.pad((shown > 0).astype(np.float32), SHIFTS)
    likeness = cv2.matchTemplate(
        cv2.blur(wide, (3, 3)), cv2.blur(pattern, (3, 3)), cv2.TM_CCOEFF_NORMED
    )
    _, best, _, (x, y) = cv2.minMaxLoc(likeness)
    x, y = x + SHIFTS, y + SHIFTS
    return float(best), np.asarray(wide[y : y + height, x : x + width], np.float32)
