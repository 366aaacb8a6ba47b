"""Patch codes: the four bars with which scanners are told where a paper ends.

Source of the measures: Kodak A-61599, "Patch Code Information". Bars and spaces are 0.08 or 0.20
inches wide, all four together 0.80, and at least 0.75 long. A patch is read from the edge of the
sheet inwards, so that it says the same whichever way the sheet was fed.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from scanning.stacks.working import Mask, Working

# Which of the four bars are wide, from the edge inwards.
KINDS: dict[tuple[bool, ...], str] = {
    (True, True, False, False): "1",
    (True, False, False, True): "2",
    (True, False, True, False): "3",
    (False, True, True, False): "4",
    (False, True, False, True): "T",
    (False, False, True, True): "6",
}
NARROW, WIDE, ALL = 2.0, 5.0, 20.0  # in units of 0.04 inches
UNIT = 1.016  # mm
SIZES = (0.6, 1.4)  # of the true size: copies shrink, and a page's resolution may be a guess
SLACK = 0.9  # units; blur and toner make bars thinner or thicker, and spaces the other way
QUIET = 4.0  # units of white before and after; a barcode goes on
LENGTH = 15.0  # mm of unbroken bars
SOUND = 0.7  # of the lines across a patch that must read the same: dust and pens cross the rest
DARK = 0.4
EVERY = 2  # pixels from one line to the next


def patches(page: Working) -> tuple[str, ...]:
    """The kinds of patch code on the page, each once."""
    dark = cv2.medianBlur((page.black > DARK).astype(np.uint8), 3) > 0
    along, across = _kinds(dark.T, page.per_mm), _kinds(dark, page.per_mm)
    return tuple(sorted({*along, *across}))


def _kinds(dark: Mask, per_mm: float) -> Iterator[str]:
    """Those whose bars lie across the rows of `dark`."""
    lines, middles, kinds = _readings(dark, per_mm)
    for kind in np.unique(kinds):
        found = np.zeros(((dark.shape[0] - 1) // EVERY + 1, dark.shape[1]), np.uint8)
        found[lines[kinds == kind], middles[kinds == kind]] = 1
        if _stands(found, per_mm):
            yield str(kind)


def _readings(
    dark: Mask, per_mm: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.str_]]:
    """Line number, middle and kind of whatever reads as a patch on single lines."""
    starts, ends, width = _runs(dark[::EVERY])
    if len(starts) < 6:
        nothing = np.zeros(0, np.intp)
        return nothing, nothing, np.zeros(0, np.str_)
    unit = (ends[4:-1] - starts[1:-4]) / ALL
    bars = np.stack([(ends - starts)[1 + i : len(starts) - 4 + i] for i in range(4)]) / unit
    gaps = np.stack([(starts[1:] - ends[:-1])[i : len(starts) - 5 + i] for i in range(5)]) / unit
    wide = bars > (NARROW + WIDE) / 2
    fits = (np.abs(bars - np.where(wide, WIDE, NARROW)) < SLACK).all(axis=0)
    fits &= (np.abs(gaps[1:4] - NARROW) < SLACK).all(axis=0)
    fits &= (gaps[[0, 4]] > QUIET).all(axis=0) & (wide.sum(axis=0) == 2)
    sizes = unit / (UNIT * per_mm)
    fits &= (sizes > SIZES[0]) & (sizes < SIZES[1])
    middle = (starts[1:-4] + ends[4:-1]) // 2
    at, line = (middle % width)[fits], (middle // width)[fits]
    kinds = [
        _kind(bars_wide, far=place > dark.shape[1] / 2)
        for bars_wide, place in zip(wide[:, fits].T, at, strict=True)
    ]
    return line, np.minimum(at, dark.shape[1] - 1), np.array(kinds, np.str_)


def _runs(dark: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
    """Where dark runs start and end, all lines laid end to end; and how wide a line then is."""
    count, width = dark.shape
    # White between the lines, as wide as a line, keeps their runs apart.
    laid = np.zeros((count, 2 * width), np.int8)
    laid[:, :width] = dark
    changes = np.flatnonzero(np.diff(laid.ravel(), prepend=0, append=0))
    # One more before and after, so that every run has a neighbour.
    starts = np.concatenate(([-2 * width], changes[0::2], [laid.size + 2 * width]))
    ends = np.concatenate(([-2 * width + 1], changes[1::2], [laid.size + 2 * width + 1]))
    return starts, ends, 2 * width


def _kind(wide: NDArray[np.bool_], *, far: bool) -> str:
    inwards = wide[::-1] if far else wide
    return KINDS[tuple(bool(one) for one in inwards)]


def _stands(found: NDArray[np.uint8], per_mm: float) -> bool:
    """Whether enough neighbouring lines read the same at the same place."""
    near = np.ones((round(3 * per_mm / EVERY) | 1, round(2 * per_mm) | 1), np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(found, near))
    read = np.bincount(parts[found > 0], minlength=len(stats))[1:]
    length = stats[1:, cv2.CC_STAT_HEIGHT] - near.shape[0] + 1
    enough = length * EVERY > LENGTH * per_mm
    return bool((enough & (read > SOUND * length)).any())
