"""Bleed: the print of a sheet's back, which shows pale and mirrored through its front.

The proof is in the reading: a line that is paler than the page's print, reads badly, and reads
better in a mirror stands on the other side. Only then is the page evened and read once more.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import median

import numpy as np

from scanning import images
from scanning.images import Grey, Picture
from scanning.reading import Box, Line

Read = Callable[[Picture], list[Line]]

SURE = 0.9  # confidence of lines that are taken for the front's
PALER = 0.75  # of the front's print, of 255
FEWEST = 3  # lines of the front's print, to say what pale is; characters, to be a proof
BETTER = 0.05  # by how much a mirrored line's confidence is higher
MOST_TRIED, PROOFS = 4, 2  # lines: one alone may be chance
KEPT = 0.98  # of the characters surely read
ABOUT = 0.5  # of a line's height: what is cut about it
OVER = 1.2  # times the darkness of the back's print: as dark as its darkest
EVENED = "bleed-through evened"  # as a step, followed by how dark it was, of 255


def darkness(page: Picture, lines: Sequence[Line], read: Read) -> int:
    """How much darker than paper (of 255) the back's print is; 0 where none is proved."""
    grey = images.grey(page)
    front = [_contrast(grey, line.box) for line in lines if line.confidence >= SURE]
    if len(front) < FEWEST:
        return 0
    most = PALER * median(front)
    pale = [one for one in _doubtful(lines) if _contrast(grey, one.box) < most]
    if len(pale) < PROOFS:
        return 0
    longest = sorted(pale, key=lambda one: len(one.text), reverse=True)[:MOST_TRIED]
    mirrored = (line for line in longest if _is_mirrored(page, line, read))
    backs = list(islice(mirrored, PROOFS))
    if len(backs) < PROOFS:
        return 0
    return round(max(_contrast(grey, line.box) for line in backs))


def is_better(evened: Sequence[Line], first: Sequence[Line]) -> bool:
    """Whether the second reading lost no print that was surely read before."""
    return _sure(evened) >= KEPT * _sure(first)


def even(page: Picture, back: int) -> Picture:
    """The page with all that is as pale as the back's print as bright as paper."""
    paper = float(np.percentile(page[::8, ::8], 60))
    white = max(1.0, paper - OVER * back)
    levels = np.clip(np.arange(256) / white * paper, 0, paper)
    return np.asarray(levels.astype(np.uint8)[page], np.uint8)


def _sure(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if line.confidence >= SURE)


def _doubtful(lines: Sequence[Line]) -> Iterator[Line]:
    return (one for one in lines if one.confidence < SURE and len(one.text) >= FEWEST)


def _contrast(grey: Grey, box: Box) -> float:
    left, top, right, bottom = box
    dark, bright = np.percentile(grey[top:bottom, left:right], (4, 90))
    return float(bright - dark)


def _is_mirrored(page: Picture, line: Line, read: Read) -> bool:
    """Whether the place of the line reads better in a mirror."""
    left, top, right, bottom = line.box
    edge = round(ABOUT * (bottom - top))
    cut = page[max(0, top - edge) : bottom + edge, max(0, left - edge) : right + edge]
    mirrored = read(np.ascontiguousarray(cut[:, ::-1]))
    longest = max(mirrored, key=lambda one: len(one.text), default=None)
    return (
        longest is not None
        and len(longest.text) >= FEWEST
        and longest.confidence > line.confidence + BETTER
    )
