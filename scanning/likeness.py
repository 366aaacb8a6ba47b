"""Likeness: whether two pages are the same paper scanned twice, by their pictures and their words.

The picture's 64 bits find candidates among a million pages. Forms of one template are alike in
them, too, and even in most of their words: there the numbers decide.
"""

import re
from collections import Counter

import cv2
import numpy as np

from scanning import images
from scanning.images import Picture

SIDE = 32  # pixels of the little picture that is transformed
KEPT = 8  # lowest frequencies each way; the lowest of all is the paper's brightness
BARE = 0.002  # of the page inked: below it there is no picture to compare
RUN = 3  # characters that are compared together
LEAST_RUNS = 12
ALIKE_WORDS = 0.8
ALIKE_NUMBERS = 0.6
# So many numbers, nearly all of them the same, are no chance: words may be misread by then.
MANY_NUMBERS, NEARLY_ALL, MOST_WORDS = 5, 0.85, 0.6
NUMBER = re.compile(r"\d{4,}")  # years, codes, amounts: what differs between two of one form
MARK = re.compile(r"\d{5,}")  # Longer than a year: few papers have the same.
MOST_MARKS = 6


def of_picture(picture: Picture) -> int | None:
    """The page's picture in 64 bits, as a signed number; None where it is bare.

    The signs of the lowest waves in the page's spread of ink (a perceptual hash): they bear another
    resolution, compression, brightness, and a turn by less than a degree.
    """
    small = images.shrink(picture, images.MEASURING_SIDE)
    dark = images.ink(small)
    if float(dark.mean()) < BARE:
        return None
    spread = cv2.GaussianBlur(dark.astype(np.float32), (0, 0), images.MEASURING_SIDE / SIDE / 2)
    waves = cv2.dct(cv2.resize(spread, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
    lowest = waves[:KEPT, :KEPT].ravel()
    bits = np.packbits(lowest > np.median(lowest[1:]))
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def marks(text: str) -> tuple[str, ...]:
    """The longest numbers of a page: what one of a thousand papers of one form is found by."""
    found = dict.fromkeys(MARK.findall(text))
    return tuple(sorted(found, key=len, reverse=True)[:MOST_MARKS])


def is_same_paper(one: str, other: str) -> bool:
    """Whether two readings are of one paper: nearly all words, and most of the numbers.

    Of the long ones most again: prices and years are the same on every paper of a form.
    """
    numbers, same = _numbers(NUMBER, one, other)
    least = min(same, _numbers(MARK, one, other)[1])
    if least < ALIKE_NUMBERS:
        return False
    is_sure = numbers >= MANY_NUMBERS and same >= NEARLY_ALL
    return of_words(one, other) >= (MOST_WORDS if is_sure else ALIKE_WORDS)


def _numbers(which: re.Pattern[str], one: str, other: str) -> tuple[int, float]:
    """How many numbers stand in the text that has more, and the share that stands in both."""
    found = set(which.findall(one)), set(which.findall(other))
    most = max(map(len, found))
    return most, len(found[0] & found[1]) / most if most else 1.0


def of_words(one: str, other: str) -> float:
    """How much of the longer text stands in the other, 0 to 1; 0 where there is too little.

    Runs of three characters without spaces and signs, counted: a line read in another order, or a
    word misread, costs little; a form filled in otherwise costs all that was filled in.
    """
    first, second = _runs(one), _runs(other)
    if min(first.total(), second.total()) < LEAST_RUNS:
        return 0.0
    return (first & second).total() / max(first.total(), second.total())


def _runs(text: str) -> Counter[str]:
    plain = "".join(char for char in text.casefold() if char.isalnum())
    return Counter(plain[at : at + RUN] for at in range(len(plain) - RUN + 1))
