"""Where in a page the words of a question stand, and the sentence around them."""

import re
from html import escape
from itertools import pairwise

from search.analysis import HAN, read
from search.query import parse

Range = tuple[int, int]

_SENTENCE = re.compile(r"[。！？；!?;]|\.(?=\s)|\n\s*\n")
_PERCENT = re.compile(r" ?[%％‰]")
# Where a mark begins and ends, until it is HTML: Unicode keeps these two out of every text.
_OPEN, _SHUT = "\ufdd0", "\ufdd1"
_TAGS = str.maketrans({_OPEN: "<mark>", _SHUT: "</mark>"})
_NO_TAGS = str.maketrans("", "", _OPEN + _SHUT)
_HAN_LINE = re.compile(rf"([{HAN}，。；：、）]{_SHUT}?)\s+(?={_OPEN}?[{HAN}（])")


def marks(question_text: str, page_text: str) -> list[Range]:
    """Ranges of characters of the page, in order and apart, where the question's words stand."""
    reading = read(page_text)
    found = [r for clause in parse(question_text).clauses for r in clause.ranges(reading)]
    if _PERCENT.search(question_text):
        found = [_with_percent(one, page_text) for one in found]
    return _apart(found)


def _with_percent(found: Range, text: str) -> Range:
    """A number that was asked for with its percent sign is marked with it: no word has it."""
    start, end = found
    sign = _PERCENT.match(text, end) if text[start:end][-1:].isdigit() else None
    return start, sign.end() if sign else end


def _apart(ranges: list[Range]) -> list[Range]:
    """Ranges that overlap are one."""
    apart: list[Range] = []
    for start, end in sorted(ranges):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def snippet(page_text: str, marks: list[Range], width: int = 120) -> str:
    """The sentence around the densest marks as HTML, about `width` characters, words in <mark>.

    A page without marks shows its beginning. Cut ends are shown by "…".
    """
    first = _densest(marks, width)
    start, end = _window(page_text, first, width)
    inside = [(a, min(b, end)) for a, b in marks if start <= a < end]
    edges = [start, *(edge for both in inside for edge in both), end]
    parts = [page_text[a:b].translate(_NO_TAGS) for a, b in pairwise(edges)]
    parts[1::2] = [f"{_OPEN}{part}{_SHUT}" for part in parts[1::2]]
    opening = "…" if page_text[:start].strip() else ""
    closing = "…" if page_text[end:].strip() else ""
    return opening + _html("".join(parts)).strip() + closing


def _densest(marks: list[Range], width: int) -> Range:
    """From the first to the last mark of the stretch of `width` that holds most of them."""
    best = marks[0] if marks else (0, 0)
    most = 0
    last = 0
    for first, (start, _) in enumerate(marks):
        last = max(first, last)
        while last + 1 < len(marks) and marks[last + 1][1] - start <= width:
            last += 1
        if last - first + 1 > most:
            most, best = last - first + 1, (start, marks[last][1])
    return best


def _window(text: str, around: Range, width: int) -> Range:
    """A stretch of about `width` with the marks in it, from a sentence's beginning if one is near.

    A mark that is longer than the width is cut.
    """
    start, end = around[0], min(around[1], around[0] + width)
    room = width - (end - start)
    begin = max(0, start - max(room * 2 // 3, width // 4))
    ends = [m.end() for m in _SENTENCE.finditer(text, begin, start)]
    start = ends[-1] if ends else max(begin, start - room // 3)
    stop = min(len(text), max(end, start + width))
    over = _SENTENCE.search(text, end, stop)
    return start, stop if over is None else over.end()


def _html(text: str) -> str:
    """Line ends between Chinese characters are layout's; every other blank becomes one."""
    joined = _HAN_LINE.sub(r"\1", text)
    return escape(re.sub(r"\s+", " ", joined)).translate(_TAGS)
