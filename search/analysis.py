"""Text as it is searched: one form for query, index and highlight, whatever the engine.

The form of a text is a string in which Chinese characters stand side by side and every other word
stands between single spaces, folded by NFKC and case, everything else set aside:

    "甲方：HT-2024-0031 （以下\n简称）"  →  " 甲方 ht 2024 0031 以下简称 "

so that "the words stand side by side" is plain substring search. Blanks and line ends between two
Chinese characters are OCR's and layout's, not the writer's, and are set aside like punctuation.
Traditional characters are folded into simplified ones. Dates and amounts are terms of their own.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from opencc import OpenCC

from search.values import values

# Han with its extensions, 々, 〇 (二〇二四年) and kana: written without blanks between words.
HAN = (
    "\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
WORD = rf"[^\W_{HAN}]++"
# A code's marks, with OCR's blanks around the long ones; a hyphen at a line's end may be a word
# broken there, which reads the same way.
MARK = r"(?:-[ \t]*\r?\n[ \t]*| ?[-\u2010\u2013\u2014\u2212_/\\] ?|[.·])"

_RUN = re.compile(rf"(?P<han>[{HAN}]+)|{WORD}")
# Tried where a word begins only, and never twice: a scan's rubbish may be one endless word.
_CODE = re.compile(rf"(?:(?P<han>[{HAN}] ?)|(?<![^\W_{HAN}])){WORD}(?:{MARK}{WORD})++")
_WORD = re.compile(WORD)
_HAN = re.compile(rf"[{HAN}]")
_SIMPLIFIED = OpenCC("t2s")

FORM = 2  # counts the changes of what is made of a text: an index of another form is built again
LONGEST = 64  # characters of a word that the index tells apart
JOINED = 6  # parts of a code that are still joined: HT-2024-03-15-0031-2 has six


@dataclass(frozen=True)
class Code:
    """A code's parts without the marks between them, or a date or amount in its one form.

    `start` and `end` say where it stands in the text.
    """

    joined: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A text's form, the codes in the text, and the way back from the form to the text.

    `folded` is the text with each character folded by itself: blanks and marks are still in it.
    `at` says for each character of the form which one it is of the folded text, `starts` and
    `ends` where that one stands in the text.
    """

    form: str
    folded: str
    codes: tuple[Code, ...]
    at: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]

    @cached_property
    def values(self) -> tuple[Code, ...]:
        """The dates and amounts of the text."""
        found = values(self.folded)
        return tuple(Code(form, self.starts[a], self.ends[b - 1]) for form, a, b in found)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The range of the text behind a range of the form that is not blank."""
        found = self.form[start:end]
        first = start + len(found) - len(found.lstrip())
        last = start + len(found.rstrip()) - 1
        return self.starts[self.at[first]], self.ends[self.at[last]]


class _Fold(dict[str, str]):
    """One character (with its combining marks) as it is compared, remembered once worked out."""

    def __missing__(self, unit: str) -> str:
        # Format characters (soft hyphen, zero-width joiner) are invisible: they part nothing.
        visible = "".join(char for char in unit if unicodedata.category(char) != "Cf")
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
        # A mark that makes no letter with its base says nothing either.
        plain = (char for char in folded if not unicodedata.combining(char))
        bare = "".join(_simple(char) if _HAN.match(char) else char for char in plain)
        if len(unit) == 1:
            self[unit] = bare
        return bare


def _simple(char: str) -> str:
    """The simplified character for a traditional one: 薴 becomes 苧, and that one 苎."""
    simple = _SIMPLIFIED.convert(char)
    return simple if simple == char else _simple(simple)


_fold = _Fold()


def _units(text: str) -> list[str]:
    """The text's characters, each with the combining marks that follow it."""
    if not any(map(unicodedata.combining, text)):
        return list(text)
    heads = [i for i, char in enumerate(text) if i == 0 or not unicodedata.combining(char)]
    return [text[a:b] for a, b in pairwise([*heads, len(text)])]


def read(text: str) -> Reading:
    """The text as it is searched."""
    units = _units(text)
    pieces = [_fold[unit] for unit in units]
    folded = "".join(pieces)
    starts, ends = _origins(units, pieces)
    form, at = _spell(folded)
    codes = tuple(Code(joined, starts[a], ends[b - 1]) for joined, a, b in _joins(folded))
    return Reading(form, folded, codes, at, starts, ends)


def _origins(units: list[str], pieces: list[str]) -> tuple[Sequence[int], Sequence[int]]:
    """Start and end in the text of each character of the folded text."""
    taken, given = list(map(len, units)), list(map(len, pieces))
    if taken.count(1) == given.count(1) == len(units):
        return range(len(units)), range(1, len(units) + 1)
    begins = list(accumulate(taken, initial=0))
    owners = [unit for unit, length in enumerate(given) for _ in range(length)]
    return [begins[unit] for unit in owners], [begins[unit + 1] for unit in owners]


def _spell(folded: str) -> tuple[str, list[int]]:
    """The form, and where in the folded text each of its characters stands."""
    parts: list[str] = [" "]
    at: list[int] = [0]
    beside = False  # does the run before this one end in a Chinese character?
    for run in _RUN.finditer(folded):
        han = run["han"] is not None
        if len(parts) > 1 and not (han and beside):
            parts.append(" ")
            at.append(run.start())
        parts.append(run.group())
        at.extend(range(run.start(), run.end()))
        beside = han
    return "".join(parts) + " ", [*at, len(folded)]


def _joins(folded: str) -> Iterator[tuple[str, int, int]]:
    """Every two to six neighbouring parts of each code, joined: ht2024, 20240031, ht20240031.

    The first ones also with the character before them: 沪A·12345 is a number plate.
    """
    for code in _CODE.finditer(folded):
        han = code["han"] or ""
        words = list(_WORD.finditer(folded, code.start() + len(han), code.end()))
        for first in range(len(words)):
            for last in range(first + 1, min(first + JOINED, len(words))):
                joined = "".join(word.group() for word in words[first : last + 1])
                yield joined, words[first].start(), words[last].end()
                if han and not first:
                    yield han[0] + joined, code.start(), words[last].end()


def is_han(char: str) -> bool:
    """Is this a character that is written without blanks between words?"""
    return _HAN.match(char) is not None


def grams(form: str) -> Iterator[str]:
    """The terms under which a form is indexed, as often as they occur.

    Chinese: every character and every two neighbours; other words whole, cut at LONGEST.
    """
    for run in form.split():
        if is_han(run[0]):
            yield from run
            yield from (run[i : i + 2] for i in range(len(run) - 1))
        else:
            yield run[:LONGEST]


def terms(reading: Reading) -> Counter[str]:
    """How often each term stands in the text; codes without marks, dates, amounts are terms too."""
    counted = Counter(grams(reading.form))
    counted.update(code.joined[:LONGEST] for code in reading.codes)
    counted.update(value.joined for value in reading.values)
    return counted
