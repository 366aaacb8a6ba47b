"""Fitting words into a box: shrink, then wrap, then cut at a character with "…"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from labels.fonts import Font, clean

# From one base line to the next, as a share of the size: Chinese needs air between its lines.
LEADING = 1.28

# One line or two are worth letters this much smaller than what more lines would allow.
SHRINK = 0.7
FEW = 2

STEP = 0.25

_OPENING = re.escape("（《〈「『【〔“‘([{")
_CLOSING = re.escape("，。、；：？！）》〉」』】〕”’…,.;:?!)]}")

# What stays on one line: a Latin word or number with its hyphen or dot, or one character, each
# with the brackets before and the marks after it (GB/T 15834-2011 §5.1).
_PIECE = re.compile(rf"\s|[{_OPENING}]*(?:[0-9A-Za-z\u00c0-\u024f_'&@%.,:/+]+[-·]?|.)[{_CLOSING}]*")


@dataclass(frozen=True)
class Fitted:
    """A text set in lines of one size (points); `is_cut` tells that its end is not shown."""

    lines: tuple[str, ...]
    size: float
    is_cut: bool = False

    @property
    def leading(self) -> float:
        """From one base line to the next, in points."""
        return self.size * LEADING

    @property
    def height(self) -> float:
        """What the lines take from top to bottom, in points."""
        return self.size + (len(self.lines) - 1) * self.leading if self.lines else 0.0


def fit(text: str, font: Font, width: float, height: float, largest: float, least: float) -> Fitted:
    """Set a text into width × height points as large as it goes between two sizes."""
    words = _words(text, font)
    fitting: dict[int, Fitted] = {}
    size = largest
    while words and size >= least:
        fitted = Fitted(_wrap(words, width / size), size)
        if fitted.height <= height:
            fitting.setdefault(len(fitted.lines), fitted)
        size -= STEP
    if not fitting:
        return _cut(words, font, width, height, least)
    return _balanced(words, width, _best(list(fitting.values())))


def wrap(text: str, font: Font, width: float, size: float) -> Fitted:
    """Set a text of one size (points) into lines of `width` points, as many as it needs."""
    return Fitted(_wrap(_words(text, font), width / size), size)


def _best(fitting: list[Fitted]) -> Fitted:
    """Of several, with more lines the larger: the largest, or one of few lines nearly as large."""
    largest = fitting[0]
    few = [one for one in fitting if len(one.lines) <= FEW and one.size >= SHRINK * largest.size]
    return few[-1] if few else largest


def _cut(words: "list[_Word]", font: Font, width: float, height: float, size: float) -> Fitted:
    """As many lines as there is room for, one at least, and "…" after the last that is shown."""
    room = 1 + max(0, int((height - size) / (size * LEADING)))
    lines = _wrap(words, width / size)
    if len(lines) <= room:
        return Fitted(lines, size)
    last = "".join(lines[room - 1 :])
    while last and font.width(last + "…", size) > width:
        last = last[:-1]
    return Fitted((*lines[: room - 1], last.rstrip() + "…"), size, is_cut=True)


def _balanced(words: "list[_Word]", width: float, fitted: Fitted) -> Fitted:
    """The same lines, more equally long: one lonely character at the end looks like a mistake."""
    if len(fitted.lines) == 1:
        return fitted
    for share in (0.6, 0.7, 0.8, 0.9):
        lines = _wrap(words, share * width / fitted.size)
        if len(lines) == len(fitted.lines):
            return Fitted(lines, fitted.size)
    return fitted


class _Word(NamedTuple):
    """What must not be parted: its text, its letters' widths and their sum, at size 1."""

    text: str
    letters: tuple[float, ...]
    width: float


def _words(text: str, font: Font) -> list[_Word]:
    words = []
    for piece in _PIECE.findall(" ".join(clean(text).split())):
        letters = font.widths(piece)
        words.append(_Word(piece, letters, sum(letters)))
    return words


def _wrap(words: list[_Word], width: float) -> tuple[str, ...]:
    """Lines no wider than `width`, which counts in letters' sizes."""
    lines, line, used = [], "", 0.0
    for text, wide in _parts(words, width):
        if line and text != " " and used + wide > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        if line or text != " ":
            line, used = line + text, used + wide
    return tuple([*lines, line.rstrip()] if line else lines)


def _parts(words: list[_Word], width: float) -> Iterator[tuple[str, float]]:
    """The words, those that are wider than the line letter by letter."""
    for word in words:
        if word.width <= width:
            yield word.text, word.width
        else:
            yield from zip(word.text, word.letters, strict=True)
